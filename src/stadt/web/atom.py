"""Atom feeds (RFC 4287), with tombstones (RFC 6721) and points (GeoRSS). An app says what is in a feed, this how it is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.utils.translation import get_language

from stadt.web.xml_text import xml_text

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
GEORSS = "http://www.georss.org/georss"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PREFIXES = {"": ATOM, "at": TOMBSTONES, "georss": GEORSS}


@dataclass(frozen=True, slots=True)
class File:
    """Something to fetch that belongs to an entry."""

    url: str
    media_type: str
    title: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news. `id` never changes; `page` is where to read on; `point` is longitude and latitude.

    `category` is a term for programs and its words for people. All addresses are whole ones.
    """

    id: str
    title: str
    updated: datetime
    page: str
    summary: str = ""
    author: str = ""
    rights: str = ""
    category: tuple[str, str] | None = None
    files: Sequence[File] = ()
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The id of an entry that was told once, and when it ceased to be there."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own address, the page that says the same, and its entries in their order.

    `author` may be empty only where each entry names its own (RFC 4287 §4.1.1).
    """

    address: str
    title: str
    page: str
    author: str
    entries: Sequence[Entry]
    gone: Sequence[Gone] = ()


def render_feed(feed: Feed) -> bytes:
    """The feed as XML in the active language; it changed when its newest entry or tombstone did."""
    for prefix, name in PREFIXES.items():
        ET.register_namespace(prefix, name)
    root = ET.Element(_tag("feed"), {"xml:lang": get_language() or "de"})
    _text(root, "id", feed.address)
    _text(root, "title", feed.title)
    _text(root, "updated", max(_moments(feed), default=NEVER).isoformat())
    _author(root, feed.author)
    _link(root, "self", feed.address)
    _link(root, "alternate", feed.page)
    for item in feed.gone:
        ET.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", {"ref": item.id, "when": item.when.isoformat()})
    for entry in feed.entries:
        _add(ET.SubElement(root, _tag("entry")), entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _moments(feed: Feed) -> Iterable[datetime]:
    yield from (entry.updated for entry in feed.entries)
    yield from (item.when for item in feed.gone)


def _add(element: ET.Element, entry: Entry) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated.isoformat())
    _author(element, entry.author)
    for name, text in (("summary", entry.summary), ("rights", entry.rights)):
        if text:
            _text(element, name, text)
    if entry.category:
        term, label = entry.category
        ET.SubElement(element, _tag("category"), {"term": xml_text(term), "label": xml_text(label)})
    _link(element, "alternate", entry.page)
    for file in entry.files:
        size = {} if file.size_bytes is None else {"length": str(file.size_bytes)}
        _link(element, "enclosure", file.url, type=file.media_type, title=xml_text(file.title), **size)
    if entry.point:
        longitude, latitude = entry.point
        ET.SubElement(element, f"{{{GEORSS}}}point").text = f"{latitude} {longitude}"


def _author(parent: ET.Element, name: str) -> None:
    if name:
        _text(ET.SubElement(parent, _tag("author")), "name", name)


def _link(parent: ET.Element, relation: str, address: str, **more: str) -> None:
    ET.SubElement(parent, _tag("link"), {"rel": relation, "href": address, **more})


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = xml_text(text)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
