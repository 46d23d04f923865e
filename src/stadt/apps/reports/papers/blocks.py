"""A paper before it is typeset: headings, paragraphs, tables and charts as data, the same for page, PDF and DOCX.

All texts are plain text: nothing in them is markup of any of the three.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

Tone = Literal["neutral", "good", "warn", "bad", "info"]
Align = Literal["left", "right"]
# Control characters, half a character, and signs that turn the direction of writing and so show another text.
UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
SPACES = re.compile(r"\s+")


class Block(msgspec.Struct, frozen=True, tag_field="type"):
    """A piece of a paper."""


class Heading(Block, frozen=True, tag="heading"):
    """A heading of level 1 to 3; `anchor` names it within the paper, `new_page` begins a page with it."""

    level: int
    text: str
    anchor: str = ""
    new_page: bool = False


class Paragraph(Block, frozen=True, tag="paragraph"):
    """Running text."""

    text: str
    style: Literal["body", "lead", "note"] = "body"


class Bullets(Block, frozen=True, tag="bullets"):
    """A list of sentences."""

    items: tuple[str, ...]


class Facts(Block, frozen=True, tag="facts"):
    """Names with what they are."""

    items: tuple[tuple[str, str], ...]


class Notice(Block, frozen=True, tag="notice"):
    """Something to know before reading on."""

    title: str
    text: str
    tone: Tone = "info"


class Column(msgspec.Struct, frozen=True):
    """A column: `share` is its part of the width."""

    title: str
    share: int = 1
    align: Align = "left"


class Cell(msgspec.Struct, frozen=True):
    """A cell; `note` is said in small type below, `sign` and `tone` go with a word and never stand for it."""

    text: str
    note: str = ""
    sign: str = ""
    tone: Tone = "neutral"


class Table(Block, frozen=True, tag="table"):
    """A table with a caption, a header row and a first column that names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Bar(msgspec.Struct, frozen=True):
    """One bar: `value` sets its length, `shown` is written beside it."""

    label: str
    value: float
    shown: str
    sign: str = ""
    tone: Tone = "info"


class Bars(Block, frozen=True, tag="bars"):
    """A bar chart; `alt` says the same in words."""

    title: str
    alt: str
    bars: tuple[Bar, ...]


AnyBlock = Heading | Paragraph | Bullets | Facts | Notice | Table | Bars


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A whole paper. `layout` is the form of its pages, `foot` what every page says of where it comes from."""

    layout: Literal["council", "sheet"]
    language: str
    title: str
    preline: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[AnyBlock, ...]
    author: str
    subject: str
    foot: str
    page_word: str
    contents_word: str = ""
    note_word: str = ""
    is_simulated: bool = False

    def texts(self) -> Iterator[str]:
        """Every text of the paper, in reading order, as in all its forms."""
        yield from (self.preline, self.title, self.lead)
        for name, text in self.facts:
            yield from (name, text)
        for block in self.blocks:
            yield from _texts_of(block)


def _texts_of(block: AnyBlock) -> Iterator[str]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield text
        case Bullets(items=items):
            yield from items
        case Facts(items=pairs):
            for name, text in pairs:
                yield from (name, text)
        case Notice(title=title, text=text):
            yield from (title, text)
        case Table(caption=caption, columns=columns, rows=rows):
            yield caption
            yield from (column.title for column in columns)
            for row in rows:
                for cell in row:
                    yield from (part for part in (cell.text, cell.note) if part)
        case Bars(title=title, bars=bars):
            yield title
            for bar in bars:
                yield from (bar.label, bar.shown)


def plain(text: str) -> str:
    """A text in one line without what cannot be seen; as every text enters a paper that people wrote."""
    return SPACES.sub(" ", UNSEEN.sub("", text)).strip()


def shortened(text: str, most: int) -> str:
    """At most `most` characters: cut at a word, with „…“; the rule of the one-page sheet."""
    if len(text) <= most:
        return text
    head = text[: most - 1].rstrip()
    at = head.rfind(" ")
    return (head[:at] if at > most * 2 // 3 else head).rstrip(" ,;:–-") + "…"
