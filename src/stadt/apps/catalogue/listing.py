"""The list of datasets as a page: what was asked, what was found, and the ways on from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.catalogue import finding
from stadt.hub.opendata.index.finding import SINCE, Choice, FacetValue, Order
from stadt.hub.opendata.index.suggesting import suggest

PAGE_SIZE = 20
FARTHEST = 5_000
SHOWN = 8
LONGEST_WORDS = 100
MOST_VALUES = 20
# Names in the address → facets of the index.
NAMES = {
    "thema": "theme",
    "format": "form",
    "herausgeber": "organisation",
    "lizenz": "licence",
    "hochwertig": "high_value",
}
SINCE_NAME = "seit"
ORDERS = {"relevanz": Order.RELEVANCE, "titel": Order.TITLE, "neueste": Order.NEWEST}


@dataclass(frozen=True, slots=True)
class Value:
    """A choice of a facet as a link: it adds itself, or takes itself away when it is chosen."""

    title: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values; `more` are those that few datasets share."""

    name: str
    title: str
    values: Sequence[Value]
    more: Sequence[Value]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """Something the list is narrowed to, and the address without it."""

    facet: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order of the list as a link."""

    title: str
    url: str
    is_chosen: bool


def understand(query: QueryDict) -> tuple[Choice, str]:
    """What an address asks for, and the name of its order; what is unknown counts as not said."""
    words = query.get("q", "").strip()[:LONGEST_WORDS]
    facets = {
        facet: list(
            dict.fromkeys(
                value[:LONGEST_WORDS]
                for value in query.getlist(name)[:MOST_VALUES]
                if value and "\0" not in value
            )
        )
        for name, facet in NAMES.items()
    }
    since = query.get(SINCE_NAME, "")
    order = query.get("sortierung", "")
    choice = Choice(words, facets, since if since in SINCE else "")
    return choice, order if order in ORDERS else ("relevanz" if words else "titel")


def context_of(query: QueryDict) -> Mapping[str, Any]:
    """What the template of the list shows."""
    choice, order = understand(query)
    number = _number(query.get("seite", ""))
    found = finding.find(choice, ORDERS[order], (number - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = Paginator(range(found.count), PAGE_SIZE)
    page = pages.get_page(number)
    if page.number != number and found.count:
        found = finding.find(choice, ORDERS[order], (page.number - 1) * PAGE_SIZE, PAGE_SIZE)
    facets = _facets(query, found.facets)
    return {
        "page": page,
        "entries": found.entries,
        "count": found.count,
        "words": choice.words,
        "facets": facets,
        "chips": _chips(query, choice, found.facets),
        "orders": _orders(query, order, has_words=bool(choice.words)),
        "kept": _kept(query),
        "is_narrowed": bool(choice),
        "suggestions": _suggestions(query, choice) if not found.count else (),
        "without_facets": _address(query, dict.fromkeys((*NAMES, SINCE_NAME))) if choice.words else "",
        "feed_url": reverse("catalogue:feed"),
    }


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(FARTHEST))
    return min(max(int(text), 1), FARTHEST) if is_number else 1


def _titles() -> Mapping[str, str]:
    return {
        "thema": gettext("Thema"),
        "format": gettext("Format"),
        "herausgeber": gettext("Herausgeber"),
        "lizenz": gettext("Lizenz"),
        "hochwertig": gettext("Hochwertige Daten nach EU-Recht"),
        SINCE_NAME: gettext("Aktualisiert"),
    }


def _facets(query: QueryDict, found: Mapping[str, Sequence[FacetValue]]) -> list[Facet]:
    facets = []
    titles = _titles()
    for name, facet in (*NAMES.items(), (SINCE_NAME, "since")):
        values = [
            Value(item.title, item.count, _toggled(query, name, item), item.is_chosen)
            for item in found[facet]
        ]
        if any(value.count or value.is_chosen for value in values):
            is_open = name in {"thema", "format"} or any(value.is_chosen for value in values)
            facets.append(Facet(name, titles[name], values[:SHOWN], values[SHOWN:], is_open))
    return facets


def _toggled(query: QueryDict, name: str, value: FacetValue) -> str:
    chosen = query.getlist(name)
    if value.is_chosen:
        return _address(query, {name: [other for other in chosen if other != value.key]})
    return _address(query, {name: [value.key] if name == SINCE_NAME else [*chosen, value.key]})


def _chips(query: QueryDict, choice: Choice, found: Mapping[str, Sequence[FacetValue]]) -> list[Chip]:
    chips = [Chip(gettext("Suchwörter"), choice.words, _address(query, {"q": None}))] if choice.words else []
    titles = _titles()
    for name, facet in (*NAMES.items(), (SINCE_NAME, "since")):
        known = {item.key: item.title for item in found[facet]}
        chosen = [choice.since] if facet == "since" and choice.since else choice.chosen(facet)
        chips += [
            Chip(
                titles[name],
                known.get(value, value),
                _address(query, {name: [other for other in query.getlist(name) if other != value]}),
            )
            for value in chosen
        ]
    return chips


def _orders(query: QueryDict, order: str, *, has_words: bool) -> list[Sorting]:
    titles = {
        "relevanz": gettext("beste Treffer zuerst"),
        "titel": gettext("nach Titel"),
        "neueste": gettext("neueste zuerst"),
    }
    return [
        Sorting(title, _address(query, {"sortierung": [name]}), name == order)
        for name, title in titles.items()
        if has_words or name != "relevanz"
    ]


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    """What the search form carries on beside its own fields."""
    return [
        (name, value) for name in (*NAMES, SINCE_NAME) for value in query.getlist(name)[:MOST_VALUES] if value
    ]


def _suggestions(query: QueryDict, choice: Choice) -> list[tuple[str, str]]:
    return [(words, _address(query, {"q": [words]})) for words in suggest(choice.words)]


def _address(query: QueryDict, changes: Mapping[str, Sequence[str] | None]) -> str:
    """This address with other parameters, on its first page."""
    found = QueryDict(mutable=True)
    for name in ("q", *NAMES, SINCE_NAME, "sortierung"):
        values = changes[name] if name in changes else query.getlist(name)[:MOST_VALUES]
        if values:
            found.setlist(name, [value for value in values if value])
    return f"?{found.urlencode()}" if found else reverse("catalogue:list")
