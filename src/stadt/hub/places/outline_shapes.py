"""Makes a polygon of a file fit to be a place: valid, inside the world, of known size; or refuses it."""

import math

import shapely
from pyproj import Geod
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

LARGEST_REPAIR = 0.01
"""A repair may change the area by one percent; what changes more is refused, not guessed."""

_WORLD = shapely.box(-180, -90, 180, 90)
_ELLIPSOID = Geod(ellps="WGS84")


class UnfitShapeError(ValueError):
    """Why a geometry cannot be an outline, as the end of a German sentence."""


def fit_outline(shape: BaseGeometry) -> BaseGeometry:
    """The polygon or multipolygon, repaired where the repair changes next to nothing.

    Raises:
        UnfitShapeError: no polygon, coordinates that are no degrees, or broken beyond a small repair.
    """
    if not isinstance(shape, Polygon | MultiPolygon):
        raise UnfitShapeError("ist keine Fläche")
    if not all(math.isfinite(number) for number in shape.bounds) or not _WORLD.covers(shape):
        raise UnfitShapeError("hat Koordinaten, die keine Längen und Breiten sind")
    if shape.is_valid:
        return shape
    whole = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    repaired = _polygons_of(whole)
    if repaired.is_empty or abs(repaired.area - abs(shape.area)) > LARGEST_REPAIR * repaired.area:
        raise UnfitShapeError("überschneidet sich selbst und ist nicht eindeutig zu reparieren")
    return repaired


def area_in_m2(shape: BaseGeometry) -> float:
    """Area on the WGS 84 ellipsoid in square metres (Karney 2013, as in pyproj.Geod)."""
    area, _ = _ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(float(area))


def overlap(one: BaseGeometry, other: BaseGeometry) -> float:
    """Share of the smaller area that both have in common, 0 to 1."""
    smaller = min(one.area, other.area)
    return float(one.intersection(other).area / smaller) if smaller else 0.0


def _polygons_of(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
