"""A contractor's round: what was handed over, near first, today before later."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.desk.rows import Row, as_rows
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries.listing import list_orders
from stadt.core.people.actor import Actor
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_area_by_id, list_areas
from stadt.web.formats import number

MOST = 200
EARTH_METRES = 6_371_008.8
"""Mean radius (IUGG)."""
STEP = 10
"""Metres below which a distance on a phone means nothing."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """A case of the round: `metres` from the chosen place, None where either has none."""

    row: Row
    metres: float | None

    @property
    def distance(self) -> str:
        """The distance as the crow flies, in words; empty without one."""
        if self.metres is None:
            return ""
        if self.metres < 1000:
            return gettext("%(metres)s m") % {"metres": number(round(self.metres / STEP) * STEP)}
        return gettext("%(kilometres)s km") % {"kilometres": number(self.metres / 1000, 1)}

    @property
    def navigation(self) -> str:
        """An address that a phone opens in its own map (RFC 5870)."""
        case = self.row.case
        return "" if case.lon is None else f"geo:{case.lat:.6f},{case.lon:.6f}"


@dataclass(frozen=True, slots=True)
class Round:
    """Stops of today, and later ones; `has_more` when there are more than a round shows."""

    today: Sequence[Stop]
    later: Sequence[Stop]
    has_more: bool


def round_of(actor: Actor, start: Point | None) -> Round:
    """The open cases of the contractors, sorted by distance from `start` (lon, lat), else by what is due first."""
    cases = list_orders(actor, MOST + 1)
    has_more = len(cases) > MOST
    stops = [Stop(row, _metres(start, row.case)) for row in as_rows(cases[:MOST], "desk:order")]
    if start is not None:
        stops.sort(key=lambda stop: math.inf if stop.metres is None else stop.metres)
    today = timezone.localdate()
    is_later = [stop.row.case.planned_for is not None and stop.row.case.planned_for > today for stop in stops]
    return Round(
        [stop for stop, late in zip(stops, is_later, strict=True) if not late],
        [stop for stop, late in zip(stops, is_later, strict=True) if late],
        has_more,
    )


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
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def start_choices() -> list[tuple[str, str]]:
    """The quarters of the city, as places to begin at."""
    return [(f"g{area.id}", area.name) for area in list_areas(PlaceKind.QUARTER)]


def _metres(start: Point | None, case: Case) -> float | None:
    """Great-circle distance by the haversine formula."""
    if start is None or case.lon is None or case.lat is None:
        return None
    lon1, lat1, lon2, lat2 = (math.radians(degree) for degree in (*start, case.lon, case.lat))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))
