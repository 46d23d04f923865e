"""All areas in memory with a spatial index, read again when the table of places changed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from stadt.core.once import once_a_page
from stadt.hub.places.models import AREA_KINDS, Place, PlaceKind

COORDINATE_DECIMALS = 6
"""About 0.1 m; more would be false precision and larger answers."""


@dataclass(frozen=True, slots=True)
class Area:
    """A city, district or quarter without its outline. `bbox` is west, south, east, north, `point` lon, lat (WGS 84)."""

    id: int
    kind: PlaceKind
    key: str
    name: str
    code: str
    parent_id: int | None
    bbox: tuple[float, float, float, float]
    point: tuple[float, float]
    area_m2: float
    simplified: bool
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of one kind as a finished GeoJSON answer."""

    collection: dict[str, Any]
    body: bytes
    etag: str


class OutlineIndex:
    """One reading of all areas. Areas stand in the order city, district, quarter along the tree, German order within."""

    def __init__(self, version: tuple[Any, ...], places: Iterable[Place]) -> None:
        self.version = version
        rows = _in_tree_order(list(places))
        self.areas = {row.pk: _area(row) for row in rows}
        self.by_key = {area.key: area for area in self.areas.values()}
        self.shapes = {row.pk: shapely.from_wkb(bytes(row.geometry)) for row in rows}
        self._layers = {
            kind: _Layer([a for a in self.areas.values() if a.kind == kind], self.shapes)
            for kind in AREA_KINDS
        }
        self._outlines: dict[PlaceKind, Outlines] = {}

    def of_kind(self, kind: PlaceKind) -> list[Area]:
        """The areas of one kind, parents' order first."""
        return list(self._layers[kind].areas) if kind in self._layers else []

    def locate(self, points: Sequence[tuple[float, float]], kind: PlaceKind) -> list[Area | None]:
        """For each point (lon, lat) the one area of this kind, None outside; a shared border belongs to the first area."""
        return self._layers[kind].locate(points)

    def outlines(self, kind: PlaceKind) -> Outlines:
        """The GeoJSON of one kind, made once."""
        if kind not in self._outlines:
            features = [self._feature(area) for area in self.of_kind(kind)]
            collection = {"type": "FeatureCollection", "features": features}
            body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
            self._outlines[kind] = Outlines(collection, body, hashlib.sha256(body).hexdigest()[:32])
        return self._outlines[kind]

    def _feature(self, area: Area) -> dict[str, Any]:
        shape = shapely.transform(self.shapes[area.id], lambda xy: xy.round(COORDINATE_DECIMALS))
        parent = self.areas.get(area.parent_id) if area.parent_id else None
        return {
            "type": "Feature",
            "id": area.key,
            "bbox": [round(number, COORDINATE_DECIMALS) for number in area.bbox],
            "properties": {
                "key": area.key,
                "title": area.name,
                "name": area.name,
                "kind": str(area.kind),
                "code": area.code,
                "parent": parent.key if parent else None,
                "area_km2": round(area.area_m2 / 1e6, 2),
                "simplified": area.simplified,
                "source": area.source,
                "licence": area.licence,
                "label_point": [round(number, COORDINATE_DECIMALS) for number in area.point],
            },
            "geometry": shapely.geometry.mapping(shape),
        }


@dataclass(slots=True)
class _Layer:
    areas: list[Area]
    shapes: dict[int, BaseGeometry]
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        outlines = [self.shapes[area.id] for area in self.areas]
        shapely.prepare(outlines)
        self.tree = shapely.STRtree(outlines)

    def locate(self, points: Sequence[tuple[float, float]]) -> list[Area | None]:
        if not points or not self.areas:
            return [None] * len(points)
        inputs, hits = self.tree.query(
            shapely.points(np.asarray(points, dtype=float)), predicate="intersects"
        )
        first = np.full(len(points), len(self.areas))
        np.minimum.at(first, inputs, hits)
        return [self.areas[position] if position < len(self.areas) else None for position in first]


def _in_tree_order(rows: list[Place]) -> list[Place]:
    """Sorted along the tree, so that the first quarter at a shared border lies in the first district there."""
    by_id = {row.pk: row for row in rows}

    def path(row: Place) -> tuple[tuple[str, int], ...]:
        parent = by_id.get(row.parent_id) if row.parent_id else None
        return (*(path(parent) if parent else ()), (row.sort_key, row.pk))

    return sorted(rows, key=path)


def _area(row: Place) -> Area:
    return Area(
        id=row.pk,
        kind=PlaceKind(row.kind),
        key=row.key,
        name=row.name,
        code=row.code,
        parent_id=row.parent_id,
        bbox=(row.west, row.south, row.east, row.north),
        point=(row.lon, row.lat),
        area_m2=row.area_m2,
        simplified=row.simplified,
        source=row.source,
        licence=row.licence,
    )


_lock = Lock()
_current: OutlineIndex | None = None


@once_a_page
def current_index() -> OutlineIndex:
    """The areas as they are now; one small query for each page tells whether the reading in memory still holds."""
    global _current  # noqa: PLW0603 - a process has one reading of the areas
    version = _version()
    index = _current
    if index is None or index.version != version:
        with _lock:
            index = OutlineIndex(version, Place.objects.filter(kind__in=AREA_KINDS))
            _current = index
    return index


def _version() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), count(*), max(id), max(changed_at) FROM places_place"
            " WHERE kind IN ('city', 'district', 'quarter')"
        )
        return tuple(cursor.fetchone() or ())
