"""Draws a city's simplified outlines: sketch.toml (an outline and hand-placed sites) becomes areas.geojson.

Usage: python tools/outlines.py src/stadt/cities/gelsenkirchen

Every quarter is the union of the Voronoi cells of its sites, cut at the city's outline; districts are unions of
quarters and the city is the union of districts, so the three levels fit without gap or overlap.
"""

import json
import math
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

DECIMALS = 6


def draw(sketch: dict[str, Any]) -> dict[str, Any]:
    """The GeoJSON FeatureCollection (WGS 84) of a sketch; ValueError when the cells do not fit together."""
    stretch = math.cos(math.radians(sketch["outline"][0][1]))
    outline = Polygon([(lon * stretch, lat) for lon, lat in sketch["outline"]])
    owners = [
        (quarter["name"], Point(lon * stretch, lat))
        for quarter in _quarters(sketch)
        for lon, lat in quarter["sites"]
    ]
    shapes = _cells(owners, outline, stretch)
    if not shapely.coverage_is_valid(list(shapes.values())):
        raise ValueError("The quarters of the sketch overlap or leave gaps.")
    features = []
    for district in sketch["districts"]:
        members = [shapes[quarter["name"]] for quarter in district["quarters"]]
        features.append(_feature("district", district, shapely.coverage_union_all(members), sketch["city"]))
        features += [
            _feature("quarter", quarter, shapes[quarter["name"]], district)
            for quarter in district["quarters"]
        ]
    whole = shapely.coverage_union_all(list(shapes.values()))
    return {
        "type": "FeatureCollection",
        "features": [_feature("city", sketch["city"], whole, None), *features],
    }


def _quarters(sketch: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return (quarter for district in sketch["districts"] for quarter in district["quarters"])


def _cells(owners: list[tuple[str, Point]], outline: Polygon, stretch: float) -> dict[str, BaseGeometry]:
    cells = shapely.voronoi_polygons(MultiPoint([site for _, site in owners]), extend_to=outline)
    pieces: dict[str, list[BaseGeometry]] = {}
    for cell in cells.geoms:
        owner = next(name for name, site in owners if cell.contains(site))
        pieces.setdefault(owner, []).append(cell)
    shapes = {}
    for name, parts in pieces.items():
        cut = shapely.coverage_union_all(parts).intersection(outline)
        shapes[name] = shapely.transform(cut, lambda xy: (xy / [stretch, 1]).round(DECIMALS))
    return shapes


def _feature(
    kind: str, area: dict[str, Any], shape: BaseGeometry, parent: dict[str, Any] | None
) -> dict[str, Any]:
    properties = {"kind": kind, "key": area["key"], "name": area["name"], "simplified": True}
    if code := area.get("code"):
        properties["code"] = code
    if parent:
        properties["parent"] = parent["key"]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shapely.orient_polygons(shape)),
    }


def main(folder: Path) -> None:
    sketch = tomllib.loads((folder / "sketch.toml").read_text(encoding="utf-8"))
    collection = draw(sketch)
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in collection["features"]
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    (folder / "areas.geojson").write_text(text, encoding="utf-8")
    print(f"{folder / 'areas.geojson'}: {len(collection['features'])} outlines")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
