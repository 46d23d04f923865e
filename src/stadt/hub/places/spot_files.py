"""Reads files of addresses, stops and sites in the forms a city really has, as points in WGS 84.

Known are the official „Hauskoordinaten“ of the German surveying authorities (HK-DE 4.2: 18 fields between semicolons, no
heading, ETRS89/UTM with the zone before the easting), a table (CSV) with recognised headings, GeoJSON, and JSON lines.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext
from pyproj import Transformer

from stadt.core.city import current
from stadt.core.errors import Invalid, TooLarge
from stadt.hub.places.models import SpotKind
from stadt.hub.places.spot_tables import from_json, from_table, looks_like_json, refused

MAX_BYTES = 200 * 1024**2
MAX_ROWS = 500_000
HK_FIELDS = 18
HK_LEAST = 14  # deliveries without postal names end after the street's name
ZONES = (31, 32, 33)
LONGEST = {"name": 200, "street": 120, "house_number": 20, "postcode": 10, "town": 120, "external_id": 200}


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One spot of a delivery; `lon`, `lat` in WGS 84 degrees."""

    kind: SpotKind
    name: str
    street: str
    house_number: str
    postcode: str
    town: str
    lon: float
    lat: float
    external_id: str
    is_simulated: bool = False


@dataclass(slots=True)
class Delivery:
    """What a file holds: spots, ids of spots that are gone, and how many rows belong to other municipalities."""

    rows: list[SpotRow] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class RawSpot:
    """A row before its coordinates are turned: `x`, `y` in degrees (longitude, latitude) or in metres of a UTM zone."""

    line: int
    x: float
    y: float
    texts: Mapping[str, str]
    kind: SpotKind | None = None


def read_spots(path: Path, kind: SpotKind | None = None) -> Delivery:
    """All rows of a file, told by its content.

    Raises:
        Invalid: naming the line that cannot be read; a delivery is taken whole or not at all.
        TooLarge: above 200 MB or 500,000 rows.
    """
    if not path.is_file():
        raise Invalid(gettext("Die Datei %(name)s gibt es nicht.") % {"name": path.name})
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(gettext("%(name)s ist größer als 200 MB.") % {"name": path.name})
    text = _decode(path.read_bytes())
    delivery = Delivery()
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if _is_official(first.split(";")):
        raw = _from_official(lines, delivery)
    elif looks_like_json(first):
        raw = (RawSpot(*given) for given in from_json(text, path.name))
    else:
        raw = (RawSpot(*given) for given in from_table(text, path.name))
    delivery.rows = _turned(raw, kind)
    if not delivery.rows and not delivery.gone:
        raise Invalid(gettext("%(name)s enthält keinen Ort dieser Stadt.") % {"name": path.name})
    return delivery


def _decode(content: bytes) -> str:
    """UTF-8, as HK-DE has been since 2019; else Latin-1 of Windows, as older files have it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _is_official(fields: Sequence[str]) -> bool:
    return (
        HK_LEAST <= len(fields) <= HK_FIELDS + 1
        and fields[0].strip() in {"", "N", "A", "L"}
        and len(fields[1].strip()) == 16
        and _number(fields[11]) is not None
        and _number(fields[12]) is not None
    )


def _from_official(lines: Sequence[str], delivery: Delivery) -> Iterator[RawSpot]:
    ags = current().ags
    for line, text in enumerate(lines, start=1):
        if not text.strip() or text.startswith("#"):
            continue
        fields = [part.strip() for part in text.split(";")]
        if not _is_official(fields):
            raise refused(line, gettext("ist keine Zeile der Hauskoordinaten"))
        fields += [""] * (HK_FIELDS - len(fields))
        if "".join(fields[3:7]) != ags:
            delivery.passed_over += 1
            continue
        if fields[0] == "L":
            delivery.gone.append(fields[1])
            continue
        texts = {
            "external_id": fields[1],
            "street": fields[13],
            "house_number": fields[9].lstrip("0") + (f" {fields[10]}" if fields[10] else ""),
            "postcode": fields[14],
            "town": fields[15],
        }
        yield RawSpot(line, _number(fields[11]) or 0.0, _number(fields[12]) or 0.0, texts, SpotKind.ADDRESS)


def _turned(raw: Iterable[RawSpot], kind: SpotKind | None) -> list[SpotRow]:
    found: list[RawSpot] = []
    for row in raw:
        found.append(row)
        if len(found) > MAX_ROWS:
            raise TooLarge(gettext("Die Datei hat mehr als %(most)s Orte.") % {"most": MAX_ROWS})
    points: dict[int, tuple[float, float]] = {}
    by_zone: dict[int, list[int]] = {}
    for position, row in enumerate(found):
        if (zone := _zone(row)) is None:
            points[position] = (row.x, row.y)
        else:
            by_zone.setdefault(zone, []).append(position)
    for zone, positions in by_zone.items():
        turn = _to_wgs84(zone)
        lons, lats = turn([found[p].x % 1e6 for p in positions], [found[p].y for p in positions])
        points.update(zip(positions, zip(lons, lats, strict=True), strict=True))
    rows = [_row(row, kind, *points[position]) for position, row in enumerate(found)]
    return list({row.external_id: row for row in rows}.values())


def _zone(row: RawSpot) -> int | None:
    """None for degrees; else the UTM zone, which German deliveries write before the easting (32356580)."""
    if -180 <= row.x <= 180 and -90 <= row.y <= 90:
        return None
    zone = int(row.x // 1e6) or 32
    if zone not in ZONES or not 100_000 <= row.x % 1e6 <= 900_000 or not 5_000_000 <= row.y <= 6_500_000:
        raise refused(row.line, gettext("hat Koordinaten, die weder Grad noch ETRS89/UTM sind"))
    return zone


@cache
def _to_wgs84(zone: int) -> Callable[..., Any]:
    return Transformer.from_crs(f"EPSG:{25800 + zone}", "EPSG:4326", always_xy=True).transform


def _row(raw: RawSpot, kind: SpotKind | None, lon: float, lat: float) -> SpotRow:
    texts = {key: " ".join(raw.texts.get(key, "").split()) for key in LONGEST}
    if texts["street"]:
        texts["name"] = texts["name"] or f"{texts['street']} {texts['house_number']}".strip()
    if not texts["name"]:
        raise refused(raw.line, gettext("hat weder Straße noch Namen"))
    for key, most in LONGEST.items():
        if len(texts[key]) > most or "\x00" in texts[key]:
            raise refused(raw.line, gettext("hat einen Text, der zu lang oder unlesbar ist"))
    decided = raw.kind or kind
    if decided is None:
        decided = SpotKind.ADDRESS if texts["house_number"] else SpotKind.SITE
    number = texts["external_id"] or "/".join(
        (decided, texts["postcode"], texts["town"], texts["name"].casefold())
    )
    return SpotRow(
        decided, texts["name"], texts["street"], texts["house_number"], texts["postcode"], texts["town"],
        round(lon, 7), round(lat, 7), number[:200],
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", ".")) if len(text) < 40 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
