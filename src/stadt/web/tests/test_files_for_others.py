"""Feeds and tables that other programs open: no text breaks them, none is run."""

import csv
import io
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.web.atom import ATOM, GEORSS, NEVER, TOMBSTONES, Entry, Feed, File, Gone, render_feed
from stadt.web.spreadsheets import harmless, is_formula
from stadt.web.xml_text import xml_text

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
NAMES = {"a": ATOM, "g": GEORSS, "t": TOMBSTONES}


def feed(*entries: Entry, gone: tuple[Gone, ...] = ()) -> ET.Element:
    return ET.fromstring(render_feed(Feed("https://s/feed", "Titel", "https://s/", "Stadt", entries, gone)))


def test_a_feed_says_who_what_when_and_where() -> None:
    files = [File("https://s/1.csv", "text/csv", "CSV", 12)]
    root = feed(
        Entry("https://s/1", "Eins", NOW, "https://s/1", "Satz.", "Amt", "Lizenz", ("x", "Wort"), files, (7, 51.5)),
        gone=(Gone("https://s/0", NOW),),
    )  # fmt: skip
    said = {
        name: root.findtext(f"a:entry/a:{name}", namespaces=NAMES) for name in ("title", "summary", "rights")
    }
    assert said == {"title": "Eins", "summary": "Satz.", "rights": "Lizenz"}
    assert root.findtext("a:updated", namespaces=NAMES) == NOW.isoformat()
    assert root.findtext("a:entry/g:point", namespaces=NAMES) == "51.5 7"
    [enclosure] = root.findall("a:entry/a:link[@rel='enclosure']", NAMES)
    assert enclosure.attrib == {
        "rel": "enclosure", "href": "https://s/1.csv", "type": "text/csv", "title": "CSV", "length": "12",
    }  # fmt: skip
    [gone] = root.findall("t:deleted-entry", NAMES)
    assert gone.attrib == {"ref": "https://s/0", "when": NOW.isoformat()}


def test_an_empty_feed_is_one_too() -> None:
    assert feed().findtext("a:updated", namespaces=NAMES) == NEVER.isoformat()


@given(st.text())
def test_any_text_stands_in_a_feed_and_blanks_stay(text: str) -> None:
    root = feed(
        Entry("https://s/1", f"10\u00a0000 {text}", NOW, "https://s/1", author=text, category=(text, text))
    )
    title = root.findtext("a:entry/a:title", namespaces=NAMES) or ""
    assert title.replace("\n", "") == f"10\u00a0000 {xml_text(text)}".replace("\r", "").replace("\n", "")


@given(st.text())
def test_a_cell_is_never_a_formula_and_reads_back(text: str) -> None:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";").writerow([harmless(text), "x"])
    [[cell, _]] = csv.reader(io.StringIO(target.getvalue(), newline=""), delimiter=";")
    assert not is_formula(cell)
    assert cell in {text, f"'{text}"}


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", " =1", "\u00a0=1", "\u3000=1", "\ufeff=1", "\u200b@a", "＝1", "\tx", "\rx", "\nx"]
)  # fmt: skip
def test_what_a_spreadsheet_would_run_has_an_apostrophe_in_front(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_what_is_no_text_stays() -> None:
    assert [harmless(cell) for cell in (-1, None, 2.5, "1-2", "a=b")] == [-1, None, 2.5, "1-2", "a=b"]
