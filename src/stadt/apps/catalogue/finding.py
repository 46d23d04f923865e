"""Finds datasets for the list and for the site search, and says what each choice is called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_noop

from stadt.core.german import german_sort_key
from stadt.core.manifest import Hit, SearchSource
from stadt.hub.datasets.declaration import HighValue, Licence, Theme
from stadt.hub.datasets.formats import FORMATS
from stadt.hub.opendata.index.entries import Entry
from stadt.hub.opendata.index.finding import Choice, FacetValue, Order, find_entries, search_entries
from stadt.hub.opendata.records import theme_title

FORMAT_TITLES = {form.form: form.title for form in reversed(FORMATS)}
HIGH_VALUE_TITLES = {
    HighValue.GEOSPATIAL: gettext_noop("Georaum"),
    HighValue.EARTH_AND_ENVIRONMENT: gettext_noop("Erdbeobachtung und Umwelt"),
    HighValue.METEOROLOGICAL: gettext_noop("Meteorologie"),
    HighValue.STATISTICS: gettext_noop("Statistik"),
    HighValue.COMPANIES: gettext_noop("Unternehmen"),
    HighValue.MOBILITY: gettext_noop("Mobilität"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of datasets, how many there are, and the facets over them, with titles and in order."""

    entries: Sequence[Entry]
    count: int
    facets: Mapping[str, Sequence[FacetValue]]


def find(choice: Choice, order: Order = Order.RELEVANCE, start: int = 0, limit: int = 20) -> Found:
    """Datasets that contain all words and fit the facets."""
    found = find_entries(choice, order, start, limit)
    return Found(
        found.entries, found.count, {name: _titled(name, values) for name, values in found.facets.items()}
    )


def _titled(facet: str, values: Sequence[FacetValue]) -> list[FacetValue]:
    """The values with their titles: those that many share first, spans of time from the shortest on."""
    titled = [replace(value, title=title_of(facet, value)) for value in values]
    if facet == "since":
        return titled
    return sorted(titled, key=lambda value: (-value.count, german_sort_key(value.title)))


def title_of(facet: str, value: FacetValue) -> str:
    """What a choice is called in the active language."""
    match facet:
        case "theme":
            return theme_title(Theme[value.key])
        case "licence":
            return Licence[value.key].value.title
        case "high_value":
            return gettext(HIGH_VALUE_TITLES[HighValue[value.key]])
        case "form":
            return FORMAT_TITLES.get(value.key, value.key)
        case "since":
            return {
                "7": gettext("in den letzten 7 Tagen"),
                "30": gettext("in den letzten 30 Tagen"),
                "365": gettext("im letzten Jahr"),
            }[value.key]
    return value.title or value.key


def _search(words: str, limit: int) -> Iterator[Hit]:
    for entry in search_entries(words, limit):
        yield Hit(entry.title, entry.url, entry.description, gettext("Datensatz"))


SEARCH = SearchSource("catalogue", "Datensätze", _search)
