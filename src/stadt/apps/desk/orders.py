"""A round on the phone: a contractor's orders or an officer's list, each next stop the nearest, today before later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.desk.rows import Row, as_rows
from stadt.civic.cases.models import Case
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_area_by_id, list_areas
from stadt.hub.places.spot_queries import distance, find_spots
from stadt.web.formats import number

MOST = 200
STEP = 10
"""Metres below which a distance on a phone means nothing."""
DECIMALS = 4
"""Of the device's own position, some ten metres: enough for an order of stops."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """A case of the round: `metres` from the stop before, None where there is nothing to measure."""

    row: Row
    metres: float | None

    @property
    def distance(self) -> str:
        """The distance as the crow flies, in words; empty without one."""
        return "" if self.metres is None else in_words(self.metres)

    @property
    def navigation(self) -> str:
        """An address that a phone opens in its own map (RFC 5870)."""
        case = self.row.case
        return "" if case.lon is None else f"geo:{case.lat:.6f},{case.lon:.6f}"


@dataclass(frozen=True, slots=True)
class Round:
    """Stops of today, and later ones; `has_more` when there are more than a round shows. `length` of today's, in words."""

    today: Sequence[Stop]
    later: Sequence[Stop]
    has_more: bool
    length: str


def round_of(cases: Sequence[Case], start: Point | None, address: str = "desk:order") -> Round:
    """The cases as stops: from `start` (lon, lat) each time to the nearest that is left, else in the order they have.

    A case without a place comes last. `address` names the page that a stop leads to.
    """
    today = timezone.localdate()
    now: list[Row] = []
    later: list[Row] = []
    for row in as_rows(cases[:MOST], address):
        planned = row.case.planned_for
        (later if planned is not None and planned > today else now).append(row)
    stops = _in_order(now, start)
    metres = [stop.metres for stop in stops if stop.metres is not None]
    length = in_words(sum(metres)) if metres else ""
    return Round(stops, _in_order(later, start), len(cases) > MOST, length)


def in_words(metres: float) -> str:
    """Metres, or from a kilometre on kilometres."""
    if metres < 1000:
        return gettext("%(metres)s m") % {"metres": number(round(metres / STEP) * STEP)}
    return gettext("%(kilometres)s km") % {"kilometres": number(metres / 1000, 1)}


def start_of(asked: str) -> Point | None:
    """Where a round begins: `g<id>` a district or quarter, `lon,lat` a position; None for what is neither."""
    if asked.startswith("g") and asked[1:].isdecimal() and len(asked) < 12:
        area = find_area_by_id(int(asked[1:]))
        if area is None or area.kind not in {PlaceKind.DISTRICT, PlaceKind.QUARTER}:
            return None
        return area.point
    first, _comma, second = asked.partition(",")
    try:
        lon, lat = float(first), float(second)
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -89 <= lat <= 89 else None


def start_at(words: str) -> tuple[Point, str] | None:
    """The place that an address means best, and what it is called; None when none is found."""
    found = find_spots(words, 1) if words.strip() else []
    return ((found[0].lon, found[0].lat), found[0].line) if found else None


def own_position(lon: str, lat: str) -> Point | None:
    """The device's position as it was sent, made coarse at once; it is kept nowhere."""
    found = start_of(f"{lon},{lat}")
    return (round(found[0], DECIMALS), round(found[1], DECIMALS)) if found else None


def start_choices() -> list[tuple[str, str]]:
    """The quarters of the city, as places to begin at."""
    return [(f"g{area.id}", area.name) for area in list_areas(PlaceKind.QUARTER)]


def _in_order(rows: Sequence[Row], start: Point | None) -> list[Stop]:
    """Always the nearest that is left (great-circle distance); two hundred stops are 20,000 distances."""
    if start is None:
        return [Stop(row, None) for row in rows]
    left = [(row, (row.case.lon, row.case.lat)) for row in rows]
    here, stops = start, []
    placed = [(row, (lon, lat)) for row, (lon, lat) in left if lon is not None and lat is not None]
    while placed:
        metres = [distance(*here, *there) for _row, there in placed]
        nearest = metres.index(min(metres))
        row, here = placed.pop(nearest)
        stops.append(Stop(row, metres[nearest]))
    return [*stops, *(Stop(row, None) for row, (lon, lat) in left if lon is None or lat is None)]
