"""How much of the city a radio network is proven to reach: the grid cells from which a device was heard."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

CELL_METRES = 1000
"""The cells of the European grid ETRS89-LAEA (EPSG:3035), in which German and European statistics count."""

_TO_GRID = Transformer.from_crs(4326, 3035, always_xy=True)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Square kilometres of the cells with a device that was heard, cut at the outline, and of the whole outline."""

    covered_km2: float
    whole_km2: float


def proven_coverage(outline: BaseGeometry, devices: Iterable[tuple[float, float]]) -> Coverage:
    """Area of the 1-km cells in which at least one of the devices (lon, lat in WGS 84) stands, inside the outline.

    A lower bound: a cell without a device may be reached just as well. The grid keeps areas true.
    """
    shape = shapely.transform(outline, _TO_GRID.transform, interleaved=False)
    points = np.array(list(devices), dtype=float).reshape(-1, 2)
    east, north = _TO_GRID.transform(points[:, 0], points[:, 1])
    inside = shapely.contains_xy(shape, east, north)
    corners = np.unique(np.floor(np.column_stack([east, north])[inside] / CELL_METRES), axis=0) * CELL_METRES
    cells = shapely.box(
        corners[:, 0], corners[:, 1], corners[:, 0] + CELL_METRES, corners[:, 1] + CELL_METRES
    )
    covered = shapely.area(shapely.intersection(cells, shape)).sum()
    return Coverage(float(covered) / 1e6, float(shape.area) / 1e6)
