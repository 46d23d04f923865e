"""Whether a point lies in the city, and what lies near it in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.core.city import current
from stadt.hub.places.models import PlaceKind, SpotKind
from stadt.hub.places.queries import Area, find_city, find_place_at
from stadt.hub.places.spot_queries import nearest_spot

METRES_PER_DEGREE = 111_320
ADDRESS_REACH = 150
ADDRESSES = (SpotKind.ADDRESS, SpotKind.STREET, SpotKind.STOP)
"""What says where something is; a container that happens to stand near does not."""
NEIGHBOUR_REACH = 15_000
"""Metres: farther away than this no neighbour is named."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point is; both areas are None outside the city."""

    district: Area | None
    quarter: Area | None
    is_inside: bool


def locate(lon: float, lat: float) -> Location:
    """The areas of a point (WGS 84 degrees). A city without an outline refuses nobody."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return Location(None, None, is_inside=False)
    if find_city() is None:
        return Location(None, None, is_inside=True)
    district = find_place_at(lon, lat, PlaceKind.DISTRICT)
    quarter = find_place_at(lon, lat, PlaceKind.QUARTER)
    is_inside = district is not None or find_place_at(lon, lat, PlaceKind.CITY) is not None
    return Location(district, quarter, is_inside)


def outside_text(lon: float, lat: float) -> str:
    """The kind refusal of a point outside the city, with the neighbour it probably belongs to."""
    city = current().name
    neighbour = find_neighbour(lon, lat)
    if not neighbour:
        return gettext(
            "Dieser Ort liegt nicht in %(city)s. Bitte melden Sie es der Stadt, in der er liegt."
        ) % {"city": city}
    return gettext(
        "Dieser Ort liegt nicht in %(city)s, sondern vermutlich in %(town)s. Bitte melden Sie es dort."
    ) % {"city": city, "town": neighbour}


@dataclass(frozen=True, slots=True)
class Nearby:
    """A point in words: `text` for the reader, `address` where one is near."""

    text: str
    address: str
    is_inside: bool


def describe(lon: float, lat: float) -> Nearby:
    """What lies at a point: the nearest address and the quarter, or that it is another town."""
    location = locate(lon, lat)
    if not location.is_inside:
        return Nearby(outside_text(lon, lat), "", is_inside=False)
    spot = nearest_spot(lon, lat, ADDRESS_REACH, ADDRESSES)
    area = location.quarter or location.district
    names = [name for name in (spot.name if spot else "", area.name if area else "") if name]
    if not names:
        return Nearby(gettext("Der Ort ist gesetzt."), "", is_inside=True)
    return Nearby(
        gettext("Bei: %(place)s") % {"place": ", ".join(names)}, spot.name if spot else "", is_inside=True
    )


def find_neighbour(lon: float, lat: float) -> str:
    """The neighbouring town whose middle is nearest, empty when none is near. From `neighbours.toml` of the city."""
    towns: Sequence[dict[str, object]] = current().read_toml("neighbours.toml").get("neighbour", [])
    rated = [
        (distance(lon, lat, float(str(town["lon"])), float(str(town["lat"]))), str(town["name"]))
        for town in towns
    ]
    metres, name = min(rated, default=(math.inf, ""))
    return name if metres <= NEIGHBOUR_REACH else ""


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points, exact enough within a city."""
    shrink = math.cos(math.radians(lat))
    return math.hypot((other_lon - lon) * shrink, other_lat - lat) * METRES_PER_DEGREE
