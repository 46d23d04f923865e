"""How reports are named on screen: categories from the catalogue, faces with colour and word, places, titles."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.apps.issues.shown.queries import Issue
from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import Category, Face
from stadt.hub.places.queries import Area, area_names
from stadt.web.maps import MapFeature, State, point

DOOR = "melden"
STATES: Mapping[str, State] = {
    Face.RECEIVED: State.WARNING,
    Face.CHECKING: State.INFO,
    Face.PLANNED: State.INFO,
    Face.DONE: State.SUCCESS,
    Face.NOT_POSSIBLE: State.DANGER,
}
"""The traffic light. Each colour has a sign of its own on the map and in lists, and a word stands beside it."""


def public_categories() -> dict[str, Category]:
    """The categories whose reports are published, by key, in the catalogue's order."""
    return {
        category.key: category
        for case_type in reading.types().values()
        if case_type.door == DOOR
        for category in case_type.categories
        if category.is_public and not category.stops
    }


def category_title(key: str) -> str:
    """A category in the reader's language; one that the catalogue has no more is called by its key."""
    category = public_categories().get(key)
    return category.translated("title", get_language() or "de") if category else key


def categories_of_words(words: str) -> tuple[str, ...]:
    """Keys of categories that a search means: each of its words stands in the title or is one of its synonyms."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    found = []
    for category in public_categories().values():
        known = " ".join([category.title, category.translated("title", "en"), *category.words]).casefold()
        if all(word in known for word in wanted):
            found.append(category.key)
    return tuple(found)


def state_of(issue: Issue) -> tuple[State, str]:
    """Colour and word of a report's face."""
    return STATES[Face(issue.face)], Face(issue.face).label


def place_of(issue: Issue, names: Mapping[int, str] | None = None) -> str:
    """„Ringstraße, Altstadt“: as much as is published of where it is."""
    known = names if names is not None else names_of([issue])
    quarter = known.get(issue.quarter_id or 0) or known.get(issue.district_id or 0, "")
    return ", ".join(part for part in (issue.street, quarter) if part)


def names_of(issues: Iterable[Issue]) -> dict[int, str]:
    """The names of the areas that these reports lie in."""
    ids = {number for issue in issues for number in (issue.quarter_id, issue.district_id) if number}
    return area_names(sorted(ids))


def title_of(issue: Issue, names: Mapping[int, str] | None = None) -> str:
    """What a report is called in public: its category and where it is, never words that somebody typed."""
    place = place_of(issue, names)
    title = category_title(issue.category)
    return gettext("%(title)s, %(place)s") % {"title": title, "place": place} if place else title


def url_of(issue: Issue) -> str:
    """The address of the report's public page."""
    return reverse("issues:shown", args=[issue.reference])


def area_url(area: Area) -> str:
    """The address of an area's page."""
    return reverse("issues:area", args=[area.key])


def feature_of(issue: Issue, names: Mapping[int, str] | None = None) -> MapFeature | None:
    """A report on the map; None without a place."""
    if issue.lon is None or issue.lat is None:
        return None
    state, label = state_of(issue)
    return MapFeature(
        key=issue.reference,
        title=title_of(issue, names),
        geometry=point(issue.lon, issue.lat),
        text=gettext("Nr. %(reference)s") % {"reference": issue.reference},
        url=url_of(issue),
        state=state,
        state_label=label,
        simulated=issue.is_example,
    )
