"""How the export of a person's data is read by people: nested lists and tables become headings with terms and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from stadt.core.registry import registry
from stadt.web.formats import moment


@dataclass(frozen=True)
class Block:
    """A heading with entries; each entry is terms with their values. No entries: nothing is kept."""

    title: str
    entries: list[list[tuple[str, str]]]


def blocks(document: Mapping[str, Any]) -> Iterator[Block]:
    """Return what `export_person` told, block by block in its order."""
    for label, told in document["data"].items():
        app = registry.apps[label]
        words = app.manifest.privacy.words if app.manifest.privacy else {}
        for key, value in told.items():
            entries = value if isinstance(value, list) else [value]
            yield Block(_word(words, key), [list(_terms(words, entry)) for entry in entries if entry])


def _terms(words: Mapping[str, str], entry: Any, before: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(entry, Mapping):
        yield before, _value(entry)
        return
    for key, value in entry.items():
        term = f"{before}: {_word(words, key)}" if before else _word(words, key)
        if isinstance(value, Mapping):
            yield from _terms(words, value, term)
        elif isinstance(value, list):
            yield term, ", ".join(_value(one) for one in value)
        else:
            yield term, _value(value)


def _word(words: Mapping[str, str], key: str) -> str:
    return gettext(words[key]) if key in words else key


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if value is None or value == "":
        return "–"
    text = str(value)
    try:
        time = parse_datetime(text) if "T" in text else None
    except ValueError:
        time = None
    return moment(time) if time is not None else text
