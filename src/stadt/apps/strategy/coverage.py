"""How much of the city a radio network is proven to reach: the grid cells from which a device was heard."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

CELL_HEIGHT = 0.009
"""Degrees of latitude in about one kilometre (1,001 m at 51.5 degrees north on the WGS 84 ellipsoid)."""

_ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Square kilometres of the cells with a device that was heard, cut at the outline, and of the whole outline."""

    covered_km2: float
    whole_km2: float


def cell_width(outline: BaseGeometry) -> float:
    """Degrees of longitude that are as long as the cell's height in the middle of the outline."""
    return round(CELL_HEIGHT / math.cos(math.radians(outline.centroid.y)), 4)


def proven_coverage(outline: BaseGeometry, cells: Iterable[tuple[int, int]]) -> Coverage:
    """Area of the cells inside the outline, both measured on the ellipsoid.

    Args:
        outline: WGS 84, longitude first.
        cells: (column, row): degrees divided by width and height of a cell, rounded down.
    """
    width = cell_width(outline)
    corners = np.array(sorted(set(cells)), dtype=float).reshape(-1, 2) * [width, CELL_HEIGHT]
    west, south = corners[:, 0], corners[:, 1]
    boxes = shapely.box(west, south, west + width, south + CELL_HEIGHT)
    parts = shapely.intersection(boxes, outline)
    return Coverage(sum(_km2(part) for part in parts), _km2(outline))


def _km2(shape: BaseGeometry) -> float:
    area, _ = _ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(float(area)) / 1e6
