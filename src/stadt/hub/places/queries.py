"""Reads of places: what lies where, what belongs to what, and outlines for maps."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from stadt.core.errors import NotFound
from stadt.core.german import german_sort_key
from stadt.hub.places.models import AREA_KINDS, PlaceKind
from stadt.hub.places.outline_index import Area, Outlines, current_index

__all__ = [
    "Area",
    "Outlines",
    "area_names",
    "as_geojson",
    "assign",
    "children",
    "find_area",
    "find_area_by_id",
    "find_areas_by_words",
    "find_city",
    "find_parent",
    "find_place_at",
    "get_area",
    "list_areas",
    "outline_of",
    "outlines",
]


def find_place_at(lon: float, lat: float, kind: PlaceKind = PlaceKind.QUARTER) -> Area | None:
    """The area of this kind that a point (WGS 84 degrees) lies in, None outside the city."""
    return assign([(lon, lat)], kind)[0]


def assign(points: Sequence[tuple[float, float]], kind: PlaceKind = PlaceKind.QUARTER) -> list[Area | None]:
    """For each point (lon, lat in WGS 84 degrees) its area of this kind, in the same order; None outside.

    A point on a shared border lies in exactly one area, and its quarter is a part of its district.

    Raises:
        ValueError: for kinds that are no areas.
    """
    if kind not in AREA_KINDS:
        raise ValueError(f"{kind} is no area")
    return current_index().locate(points, kind)


def list_areas(kind: PlaceKind) -> list[Area]:
    """The areas of one kind in German order (DIN 5007)."""
    return sorted(current_index().of_kind(kind), key=lambda area: (german_sort_key(area.name), area.id))


def find_area(key: str) -> Area | None:
    """The area with this key."""
    return current_index().by_key.get(key)


def get_area(key: str) -> Area:
    """The area with this key. Raises NotFound."""
    area = find_area(key)
    if area is None:
        raise NotFound(gettext("Es gibt kein Gebiet „%(key)s“.") % {"key": key})
    return area


def find_area_by_id(number: int) -> Area | None:
    """The area with this id."""
    return current_index().areas.get(number)


def find_city() -> Area | None:
    """The whole city, None as long as it has no outline."""
    cities = current_index().of_kind(PlaceKind.CITY)
    return cities[0] if cities else None


def find_parent(area: Area) -> Area | None:
    """The area that this one is a part of."""
    return current_index().areas.get(area.parent_id) if area.parent_id else None


def children(area: Area) -> list[Area]:
    """The areas directly below this one, in German order."""
    found = (other for other in current_index().areas.values() if other.parent_id == area.id)
    return sorted(found, key=lambda other: (german_sort_key(other.name), other.id))


def outline_of(area: Area) -> BaseGeometry:
    """The outline (Polygon or MultiPolygon, WGS 84, longitude first); shared, so it must not be changed."""
    return current_index().shapes[area.id]


def area_names(ids: Sequence[int]) -> dict[int, str]:
    """Names of areas by id; unknown ids are left out."""
    areas = current_index().areas
    return {number: areas[number].name for number in ids if number in areas}


def outlines(kind: PlaceKind) -> Outlines:
    """The outlines of one kind as finished GeoJSON (RFC 7946, WGS 84, six decimals) with its ETag."""
    return current_index().outlines(kind)


def as_geojson(kind: PlaceKind) -> dict[str, Any]:
    """The FeatureCollection of `outlines`; shared, so it must not be changed."""
    return outlines(kind).collection


def find_areas_by_words(words: str, limit: int) -> list[Area]:
    """Areas whose name contains every word; names that begin with the words come first."""
    wanted = german_sort_key(words).split("\x01")[0]
    if not wanted:
        return []
    found = []
    for area in current_index().areas.values():
        name = german_sort_key(area.name).split("\x01")[0]
        if all(word in name for word in wanted.split()):
            found.append((not name.startswith(wanted), name, area.id, area))
    return [area for *_, area in sorted(found)[:limit]]
