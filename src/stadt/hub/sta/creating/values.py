"""Reads the values of a body: text, times, intervals, geometries and JSON, each with what is wrong with it."""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import shapely

from stadt.core.errors import BadRequest, FieldError
from stadt.hub.observations.multi import COMPLEX, NO_UNIT

# 18-088 table 8-11; version 1.0 used the third one.
GEOJSON = frozenset(
    {"application/geo+json", "application/vnd.geo+json", "application/vnd.geo+json; subtype=geojson"}
)
SHAPES = frozenset(
    {
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
        "Feature",
    }
)
DEEPEST = 60
# Of a MultiDatastream: values in one result.
MOST_PARTS = 100
AHEAD = timedelta(days=730)


class Wrong(ValueError):
    """What is wrong with a value; `field` is where below the value."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


class BadEntity(BadRequest):
    """A body that is JSON and no entity; every field that is wrong is named."""

    code = "bad-entity"

    @classmethod
    def of(cls, errors: Iterable[FieldError]) -> "BadEntity":
        """The refusal that names these fields."""
        found = tuple(errors)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return cls(f"{found[0].field}: {found[0].message}{more}", fields=found)


def decode_json(body: bytes) -> Any:
    """A body as JSON. NaN and Infinity are no JSON.

    Raises:
        BadRequest: it is not JSON, or not UTF-8, or nested too deep.
    """
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise BadRequest(f"The body is not JSON: {error}") from None
    except RecursionError:
        raise BadRequest("The body is nested too deep.") from None


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Wrong(f"expected a text, found {_noun(value)}")
    if "\0" in value:
        raise Wrong("contains the character NUL")
    return value


def name(value: Any) -> str:
    """A text that is not empty."""
    if not text(value).strip():
        raise Wrong("is empty")
    return str(value)


def document(value: Any) -> Any:
    """Any JSON that the database can keep."""
    _check(value, 0)
    return value


def members(value: Any) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Wrong(f"expected an object, found {_noun(value)}")
    _check(value, 0)
    return value


def unit(value: Any) -> dict[str, Any]:
    """A unit of measurement: name, symbol and definition, each a text or null (18-088, 8.2.4)."""
    found = members(value)
    for key in ("name", "symbol", "definition"):
        if key not in found:
            raise Wrong("is missing", key)
        if found[key] is not None and not isinstance(found[key], str):
            raise Wrong(f"expected a text or null, found {_noun(found[key])}", key)
    return found


def units(value: Any) -> list[dict[str, Any]]:
    """The units of a MultiDatastream, one for each value of a result; null for one that has none (18-088, clause 12)."""
    return [
        _part(number, unit, NO_UNIT if part is None else part) for number, part in enumerate(_list(value))
    ]


def data_types(value: Any) -> list[str]:
    """The observation types of the values of a result (18-088, table 12-1)."""
    return [_part(number, name, part) for number, part in enumerate(_list(value))]


def complex_type(value: Any) -> str:
    """The observationType that every MultiDatastream has."""
    if name(value) not in {COMPLEX, COMPLEX.rpartition("/")[2]}:
        raise Wrong(f"is always {COMPLEX}")
    return COMPLEX


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(f"expected a list, found {_noun(value)}")
    if not 0 < len(value) <= MOST_PARTS:
        raise Wrong(f"expected 1 to {MOST_PARTS} entries, found {len(value)}")
    return value


def _part(number: int, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except Wrong as wrong:
        raise Wrong(wrong.message, f"[{number}]" + (f".{wrong.field}" if wrong.field else "")) from None


def result(value: Any) -> Any:
    """A result: any JSON but null."""
    if value is None:
        raise Wrong("is missing")
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            is_finite = math.isfinite(float(value))
        except OverflowError:
            is_finite = False
        if not is_finite:
            raise Wrong("is no finite number")
        return value
    return document(value)


def geometry(value: Any) -> dict[str, Any]:
    """A GeoJSON geometry or feature in WGS 84, longitude first.

    Raises:
        Wrong: unknown type, broken coordinates, or coordinates outside the Earth.
    """
    found = members(value)
    if found.get("type") not in SHAPES:
        raise Wrong(f"expected one of {', '.join(sorted(SHAPES))}", "type")
    west, south, east, north = _shape(found).bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Wrong(
            "longitude and latitude are outside -180…180, -90…90; longitude comes first", "coordinates"
        )
    return found


def point_of(value: Any) -> tuple[float, float] | None:
    """Longitude and latitude of a point of a GeoJSON geometry; None for anything else."""
    if not isinstance(value, dict) or value.get("type") not in SHAPES:
        return None
    try:
        point = _shape(value).representative_point()
    except Wrong:
        return None
    return point.x, point.y


def _shape(value: dict[str, Any]) -> Any:
    try:
        shape = shapely.from_geojson(msgspec.json.encode(value))
    except shapely.GEOSException:
        shape = None
    if shape is None or shape.is_empty:
        raise Wrong("is no GeoJSON geometry", "coordinates")
    return shape


def moment(value: Any) -> datetime:
    """An instant, ISO 8601 with an offset, at most two years ahead."""
    if not isinstance(value, str):
        raise Wrong(f"expected a time as text, found {_noun(value)}")
    return read_moment(value)


def read_moment(value: str) -> datetime:
    """As `moment`, from text."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Wrong(f"'{value[:60]}' is no ISO 8601 time") from None
    if found.tzinfo is None:
        raise Wrong(f"'{value[:60]}' needs an offset, such as Z")
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        raise Wrong(f"'{value[:60]}' is outside the calendar") from None
    if found > datetime.now(UTC) + AHEAD:
        raise Wrong(f"'{value[:60]}' is more than two years ahead")
    return found


def interval(value: Any) -> tuple[datetime, datetime]:
    """An interval `start/end`."""
    start, end = period(value)
    if end is None:
        raise Wrong("expected an interval: start/end")
    return start, end


def period(value: Any) -> tuple[datetime, datetime | None]:
    """An instant, or an interval `start/end`."""
    if not isinstance(value, str):
        raise Wrong(f"expected a time as text, found {_noun(value)}")
    first, slash, last = value.partition("/")
    start = read_moment(first)
    if not slash:
        return start, None
    end = read_moment(last)
    if end < start:
        raise Wrong("ends before it begins")
    return start, end


def identifier(value: Any) -> int:
    """The number in `{"@iot.id": 5}`."""
    found = value.get("@iot.id")
    if isinstance(found, bool) or not isinstance(found, int):
        raise Wrong(f"expected a whole number, found {_noun(found)}", "@iot.id")
    return found


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Wrong(f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, str):
        text(value)
    elif isinstance(value, dict):
        for key, part in value.items():
            text(key)
            _check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth + 1)


def _noun(value: Any) -> str:
    if value is None:
        return "null"
    nouns = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return nouns.get(type(value), "something else")
