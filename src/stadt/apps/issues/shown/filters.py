"""The filters of map and list: one form, one address, one question."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.issues.shown.queries import Box, IssueQuery
from stadt.apps.issues.shown.words import categories_of_words, category_title, public_categories
from stadt.civic.cases.catalogue import Face
from stadt.core.errors import FieldError, Invalid
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area, children, find_area, list_areas
from stadt.web.search import clean_words

RECENT, ALL = "", "alle"
RECENT_DAYS = 30
PERIODS: Mapping[str, str] = {
    RECENT: _("offen, oder in 30 Tagen erledigt"),
    "7": _("in 7 Tagen gemeldet"),
    "30": _("in 30 Tagen gemeldet"),
    "365": _("in einem Jahr gemeldet"),
    ALL: _("alle"),
}
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; empty words and keys mean: all."""

    words: str = ""
    category: str = ""
    face: str = ""
    area: Area | None = None
    period: str = RECENT

    @property
    def is_any(self) -> bool:
        """Whether anything is narrowed down."""
        return bool(self.words or self.category or self.face or self.area or self.period)

    @property
    def folded(self) -> int:
        """How many of the filters are set that a phone folds away; the words stand beside them."""
        return sum(map(bool, (self.category, self.face, self.area, self.period)))

    def as_query(self, today: date) -> IssueQuery:
        """The question to the projection."""
        days = int(self.period) if self.period.isdigit() else None
        # Who looks for words or a number means all times, unless a period was chosen.
        is_recent = self.period == RECENT and not self.words
        return IssueQuery(
            words=self.words,
            named=categories_of_words(self.words),
            categories=(self.category,) if self.category else (),
            faces=(self.face,) if self.face else (),
            area=self.area,
            since=today - timedelta(days=days) if days else None,
            is_recent_since=today - timedelta(days=RECENT_DAYS) if is_recent else None,
        )

    def parameters(self) -> dict[str, str]:
        """The same as parameters of an address, without those that ask for nothing."""
        given = {
            "q": self.words,
            "kategorie": self.category,
            "stand": self.face,
            "gebiet": self.area.key if self.area else "",
            "zeit": self.period,
        }
        return {name: value for name, value in given.items() if value}


def read_filters(given: QueryDict) -> Chosen:
    """What an address asks for.

    Raises:
        Invalid: naming the parameter whose value means nothing.
    """
    category, face = given.get("kategorie", ""), given.get("stand", "")
    area_key, period = given.get("gebiet", ""), given.get("zeit", RECENT)
    if category and category not in public_categories():
        raise _unknown("kategorie", category)
    if face and face not in set(Face):
        raise _unknown("stand", face)
    if period not in PERIODS:
        raise _unknown("zeit", period)
    area = find_area(area_key[:LONGEST]) if area_key else None
    if area_key and area is None:
        raise _unknown("gebiet", area_key)
    return Chosen(clean_words(given.get("q", "")), category, face, area, period)


def read_box(text: str) -> Box | None:
    """`west,south,east,north` in WGS 84 degrees; None for an empty text.

    Raises:
        Invalid: naming `bbox`.
    """
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _unknown("bbox", text) from None
    if not all(math.isfinite(edge) for edge in (west, south, east, north)):
        raise _unknown("bbox", text)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _unknown("bbox", text)
    return west, south, east, north


def read_after(text: str) -> tuple[date, str] | None:
    """The key of a page, as `write_after` writes it. Raises Invalid naming `ab`."""
    if not text:
        return None
    day, _dot, reference = text.partition(".")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise _unknown("ab", text) from None
    if not reference or len(reference) > 20 or not reference.isprintable():
        raise _unknown("ab", text)
    return found, reference


def write_after(after: tuple[date, str] | None) -> str:
    """A page's key for an address."""
    return f"{after[0].isoformat()}.{after[1]}" if after else ""


def choices(chosen: Chosen) -> dict[str, Any]:
    """What the form offers: (key, words, is chosen) for each of its lists."""
    areas: list[tuple[str, str, bool]] = []
    for district in list_areas(PlaceKind.DISTRICT):
        areas.append((district.key, district.name, district == chosen.area))
        areas += [
            (quarter.key, gettext("– %(name)s") % {"name": quarter.name}, quarter == chosen.area)
            for quarter in children(district)
        ]
    return {
        "categories": [(key, category_title(key), key == chosen.category) for key in public_categories()],
        "faces": [(str(face), face.label, face == chosen.face) for face in Face],
        "areas": areas,
        "periods": [(key, gettext(title), key == chosen.period) for key, title in PERIODS.items()],
    }


def _unknown(name: str, value: str) -> Invalid:
    shown = "".join(sign if sign.isprintable() else " " for sign in value[:LONGEST])
    message = gettext("„%(value)s“ ist kein Wert für „%(name)s“.") % {"value": shown, "name": name}
    return Invalid(message, fields=(FieldError(name, message),))
