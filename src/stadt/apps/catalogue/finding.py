"""Finds records by words and facets, for the catalogue's list and for the site search."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.core.german import german_sort_key
from stadt.core.manifest import Hit, SearchSource
from stadt.hub.datasets.declaration import Theme
from stadt.hub.opendata.records import Record, list_records, theme_title

FORMAT_TITLES = {"csv": "CSV", "geojson": "GeoJSON", "parquet": "Parquet"}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice of a facet with how many records it leaves."""

    key: str
    title: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The records that fit, best first, and the facets over them."""

    records: Sequence[Record]
    themes: Sequence[FacetValue]
    formats: Sequence[FacetValue]


def find(words: str, theme: str = "", form: str = "") -> Found:
    """Records that contain all words (umlauts and case do not matter) and fit the facets.

    `theme` is a code of the EU table such as `ENVI`, `form` a format such as `csv`; unknown ones fit nothing.
    """
    matching = _by_words(words)
    of_theme = [record for record in matching if theme in {"", record.dataset.theme.name}]
    of_form = [record for record in matching if not form or form in record.formats]
    themes = Counter(record.dataset.theme.name for record in of_form)
    formats = Counter(name for record in of_theme for name in record.formats)
    return Found(
        [record for record in of_theme if record in of_form],
        [
            FacetValue(name, theme_title(Theme[name]), count, name == theme)
            for name, count in sorted(
                themes.items(), key=lambda item: german_sort_key(theme_title(Theme[item[0]]))
            )
        ],
        [
            FacetValue(name, FORMAT_TITLES[name], formats[name], name == form)
            for name in FORMAT_TITLES
            if formats[name]
        ],
    )


def _by_words(words: str) -> list[Record]:
    wanted = _plain(words).split()
    ranked = []
    for record in list_records():
        title = _plain(record.title)
        columns = " ".join(gettext(column.heading) for column in record.dataset.columns)
        text = _plain(
            f"{record.title} {record.description} {' '.join(record.keywords)} {record.theme} {record.key}"
        )
        everything = f"{text} {_plain(columns)}"
        if all(word in everything for word in wanted):
            misses = sum(word not in title for word in wanted), sum(word not in text for word in wanted)
            ranked.append((misses, german_sort_key(record.title), record.key, record))
    return [record for *_rank, record in sorted(ranked, key=lambda item: item[:3])]


def _plain(text: str) -> str:
    return german_sort_key(text).split("\x01")[0]


def _search(words: str, limit: int) -> Iterator[Hit]:
    for record in _by_words(words)[:limit] if words.strip() else ():
        yield Hit(record.title, record.url, record.description, gettext("Datensatz"))


SEARCH = SearchSource("catalogue", "Datensätze", _search)
