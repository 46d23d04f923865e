"""Turns the rows an app gives into a file for the lake: checked cell by cell, with a digest that ignores their order."""

import hashlib
import secrets
import struct
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Self

import msgspec
import shapely
from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.hub.datasets.declaration import ColumnType, Dataset, Row
from stadt.hub.lake.layout import layout

WIDEST_INTEGER = 2**63
MODULUS = 1 << 256


class WrongCell(ValueError):
    """What is wrong with a cell."""


@dataclass(frozen=True, slots=True)
class RowFile:
    """Rows as newline-delimited JSON; `digest` is the sum of the rows' SHA-256 modulo 2^256, in hexadecimal."""

    path: Path
    row_count: int
    simulated_count: int
    digest: str

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def write_rows(dataset: Dataset, rows: Iterable[Row]) -> RowFile:
    """Write rows to the lake's work folder; the caller removes the file (`with`).

    Raises:
        Invalid: naming row and column of the first cell that does not fit its declaration.
    """
    work = layout().work
    work.mkdir(parents=True, exist_ok=True)
    path = work / f"{secrets.token_hex(8)}.ndjson"
    names = tuple(column.name for column in dataset.columns)
    readers = tuple((column.name, READERS[column.type]) for column in dataset.columns)
    encode = msgspec.json.Encoder().encode
    count = simulated = total = 0
    try:
        with path.open("wb") as file:
            for count, row in enumerate(rows, 1):
                cells = _cells(dataset.key, count, row, names, readers)
                line = encode(cells)
                total += int.from_bytes(hashlib.sha256(line).digest(), "big")
                simulated += bool(dataset.simulated and cells[dataset.simulated])
                file.write(line + b"\n")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return RowFile(path, count, simulated, f"{total % MODULUS:064x}")


def sum_of_digests(digests: Iterable[str]) -> str:
    """The digest of several parts together."""
    return f"{sum(int(digest, 16) for digest in digests) % MODULUS:064x}"


def _cells(
    key: str, number: int, row: Row, names: tuple[str, ...], readers: tuple[tuple[str, "Reader"], ...]
) -> dict[str, Any]:
    if isinstance(row, Mapping):
        if unknown := row.keys() - set(names):
            raise _invalid(key, number, min(unknown), gettext("ist keine Spalte des Datensatzes"))
    elif len(row) != len(names):
        raise _invalid(
            key,
            number,
            "",
            gettext("hat %(count)s Werte statt %(expected)s") % {"count": len(row), "expected": len(names)},
        )
    else:
        row = dict(zip(names, row, strict=True))
    name = ""
    get = row.get
    cells = {}
    try:
        for name, read in readers:
            value = get(name)
            cells[name] = None if value is None else read(value)
    except WrongCell as wrong:
        raise _invalid(key, number, name, str(wrong)) from None
    return cells


def _invalid(key: str, number: int, name: str, message: str) -> Invalid:
    field = f"rows[{number - 1}]" + (f".{name}" if name else "")
    words = {"key": key, "number": number, "column": name, "message": message}
    detail = gettext("Datensatz „%(key)s“, Zeile %(number)s: %(column)s %(message)s.") % words
    return Invalid(detail, fields=(FieldError(field, message),))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongCell(gettext("ist kein Text"))
    if value.isascii() and "\0" not in value:
        return str(value)
    if "\0" in value:
        raise WrongCell(gettext("enthält ein Nullzeichen"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WrongCell(gettext("ist kein gültiger Unicode-Text")) from None
    return str(value)


def _number(value: Any) -> float:
    if type(value) is float and isfinite(value):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongCell(gettext("ist keine Zahl"))
    with suppress(OverflowError):
        number = float(value)
        if isfinite(number):
            return number
    raise WrongCell(gettext("ist keine endliche Zahl"))


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongCell(gettext("ist keine ganze Zahl"))
    if not -WIDEST_INTEGER <= value < WIDEST_INTEGER:
        raise WrongCell(gettext("ist zu groß"))
    return int(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongCell(gettext("ist weder wahr noch falsch"))
    return value


def _date(value: Any) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongCell(gettext("ist kein Datum"))
    return value.isoformat()


def _time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise WrongCell(gettext("ist kein Zeitpunkt mit Zeitzone"))
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _geometry(value: Any) -> str:
    """Hexadecimal WKB in WGS 84; areas turn counterclockwise (RFC 7946 §3.1.6)."""
    if isinstance(value, tuple) and len(value) == 2:
        lon, lat = (_number(part) for part in value)
        _check_extent(lon, lat, lon, lat)
        return struct.pack("<BIdd", 1, 1, lon, lat).hex().upper()
    try:
        if isinstance(value, bytes | bytearray | memoryview):
            shape = shapely.from_wkb(bytes(value))
        elif isinstance(value, Mapping):
            shape = shapely.from_geojson(msgspec.json.encode(value).decode())
        else:
            shape = value
    except (shapely.errors.GEOSException, TypeError) as error:
        raise WrongCell(gettext("ist keine lesbare Geometrie")) from error
    if not isinstance(shape, shapely.Geometry) or shape.is_empty:
        raise WrongCell(gettext("ist keine Geometrie"))
    _check_extent(*shape.bounds)
    oriented = shapely.orient_polygons(shapely.force_2d(shape))
    return str(shapely.to_wkb(oriented, hex=True, byte_order=1, include_srid=False))


def _check_extent(west: float, south: float, east: float, north: float) -> None:
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise WrongCell(gettext("liegt außerhalb von Länge ±180 und Breite ±90 Grad (WGS 84)"))


Reader = Callable[[Any], Any]

READERS: dict[ColumnType, Reader] = {
    ColumnType.TEXT: _text,
    ColumnType.NUMBER: _number,
    ColumnType.INTEGER: _integer,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.TIME: _time,
    ColumnType.GEOMETRY: _geometry,
}
