"""Entries as pages read them: ready-made values, in the active language where there is a translation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from stadt.hub.datasets.declaration import Theme
from stadt.hub.datasets.formats import FORMATS
from stadt.hub.opendata.index.lag import hidden
from stadt.hub.opendata.models import CatalogueEntry
from stadt.hub.opendata.records import theme_title

PORTION = 1000
FORM_TITLES = {form.key: form.title for form in FORMATS}
CARD = (
    *("pk", "key", "title", "description", "translations", "facts", "is_published", "number", "row_count"),
    *("simulated_count", "changed_at", "combination__theme", "combination__publisher", "combination__forms"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in a list. `url` is the page's address without host; `modified_at` None before the first publication."""

    key: str
    title: str
    description: str
    url: str
    theme: str
    publisher: str
    forms: tuple[str, ...]
    number: int | None
    row_count: int
    is_published: bool
    is_simulated: bool
    modified_at: datetime | None

    @property
    def formats(self) -> list[str]:
        """What its downloads are called, each once."""
        titles = (FORM_TITLES.get(form, form) for form in self.forms if form != "csv-en")
        return list(dict.fromkeys(titles))


def read_entries(ids: Sequence[int]) -> list[Entry]:
    """The entries of these ids, in their order; one query."""
    if not ids:
        return []
    rows = CatalogueEntry.objects.filter(pk__in=list(ids)).values(*CARD)
    found = {row["pk"]: _entry(row) for row in rows}
    return [found[key] for key in ids if key in found]


def published_entries() -> QuerySet[CatalogueEntry]:
    """What the catalogue lists: published, and of declared datasets only those that are for everybody now."""
    return CatalogueEntry.objects.filter(is_published=True).exclude(key__in=hidden())


def list_newest(limit: int) -> list[str]:
    """Keys of the entries that were published last."""
    rows = published_entries().order_by("-changed_at", "key")
    return list(rows.values_list("key", flat=True)[:limit])


def iterate_entries(also: str = "") -> Iterator[CatalogueEntry]:
    """All published entries by key, and the one named, in portions: for work that goes through the whole catalogue."""
    rows = CatalogueEntry.objects.filter(Q(is_published=True) | Q(key=also)).exclude(key__in=hidden())
    wide = ("package", "plain", "search", "translations", "tags")
    return rows.select_related("combination").defer(*wide).order_by("key").iterator(chunk_size=PORTION)


def _entry(row: dict[str, Any]) -> Entry:
    words = {"title": row["title"], "description": row["description"]}
    words |= row["translations"].get(get_language() or "", {})
    return Entry(
        key=row["key"],
        title=words["title"],
        description=words["description"],
        url=row["facts"]["url"],
        theme=theme_title(Theme[row["combination__theme"]]),
        publisher=row["combination__publisher"],
        forms=tuple(row["combination__forms"]),
        number=row["number"],
        row_count=row["row_count"],
        is_published=row["is_published"],
        is_simulated=row["simulated_count"] > 0,
        modified_at=row["changed_at"] if row["is_published"] else None,
    )
