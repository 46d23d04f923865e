"""What an entry of the index is made of: a record's facts, its words by where they stand, and its package."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext, override

from stadt import __version__
from stadt.core.german import german_sort_key
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.queries import find_page
from stadt.hub.opendata.city import provider
from stadt.hub.opendata.ckan.packages import name_of, package_of, slug
from stadt.hub.opendata.index.words import fold, indexed, shown_words
from stadt.hub.opendata.records import Record

EDITION = 1  # of what is written here; another number makes every entry anew
LONGEST_TEXT = 100_000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
GERMAN = "de"


def house() -> str:
    """A mark over what enters every entry: edition, release, address and provider."""
    return _digest([EDITION, __version__, settings.STADT.url, repr(provider()), find_page("a.b")])[:16]


def mark_of(dataset: Dataset, place: str) -> str:
    """A mark over a declaration, in this house (`place`): it changes whenever the entry has to be made anew."""
    words = [
        *(dataset.key, dataset.title, dataset.description, dataset.licence.name, dataset.theme.name),
        *(dataset.publisher, dataset.contact, dataset.keywords, dataset.layer, dataset.sample),
        *(str(dataset.refresh), str(dataset.high_value), repr(dataset.columns), repr(dataset.kept)),
    ]
    return f"{place}:{_digest(words)[:32]}"


def document_of(record: Record, issued: datetime | None, place: str) -> dict[str, Any]:
    """One entry, as `refresh` writes it: texts in German, translations beside them. `place` is `house()`."""
    with override(GERMAN):
        snapshot = record.snapshot
        title, description = record.title[:500], record.description[:LONGEST_TEXT]
        headings = " ".join(f"{gettext(column.heading)} {column.name}" for column in record.dataset.columns)
        keywords = " ".join([*record.keywords, record.theme])
        modified = record.modified_at or NEVER
        document = {
            "key": record.key,
            "name": name_of(record.key),
            "kind": record.kind,
            "title": title,
            "sort_title": german_sort_key(title),
            "is_published": record.is_published,
            "snapshot": snapshot.id if snapshot else None,
            "number": snapshot.number if snapshot else None,
            "row_count": snapshot.row_count if snapshot else 0,
            "simulated_count": snapshot.simulated_count if snapshot else 0,
            "issued_at": (issued or modified).isoformat(),
            "changed_at": modified.isoformat(),
            "mark": mark_of(record.dataset, place),
            "description": description,
            "tags": list(record.keywords),
            "facts": {
                "columns": len(record.dataset.columns),
                "interval_minutes": int(record.dataset.refresh.total_seconds() // 60),
                "url": record.url,
                "contact": record.contact,
            },
            "package": msgspec.json.encode(package_of(record, issued)).decode()
            if record.is_published
            else "",
            "plain": fold(f"{title} . {description} . {' . '.join(record.keywords)}"),
            "t": indexed(title),
            "k": indexed(keywords),
            "n": indexed(description),
            "x": indexed(f"{headings} {record.publisher} {record.key.replace('.', ' ').replace('_', ' ')}"),
            "g": [fold(word) for word in record.keywords if fold(word)],
            "words": shown_words(f"{description} {keywords} {title}"),
            **_combination(record),
        }
    translations = {
        code: found for code in _others() if (found := _translated(record, code, title, description))
    }
    document["translations"] = translations
    document |= {
        "te": " ".join(indexed(found["title"]) for found in translations.values()),
        "ne": " ".join(indexed(found["description"]) for found in translations.values()),
    }
    return document


def _combination(record: Record) -> dict[str, Any]:
    high_value = record.dataset.high_value
    found = {
        "theme": record.dataset.theme.name,
        "publisher": record.publisher[:500],
        "organisation": slug(record.publisher)[:500],
        "licence": record.dataset.licence.name,
        "high_value": high_value.name if high_value else "",
        "forms": list(record.forms),
    }
    return {**found, "digest": _digest(found)[:32]}


@cache
def _others() -> Sequence[str]:
    return tuple(code for code, _ in settings.LANGUAGES if code != GERMAN)


def _translated(record: Record, code: str, title: str, description: str) -> Mapping[str, str]:
    """Title and description in another language; nothing where they are the German ones."""
    with override(code):
        found = {"title": record.title[:500], "description": record.description[:LONGEST_TEXT]}
    return {} if found == {"title": title, "description": description} else found


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()
