"""Downloads from parts: tables and layers in every form people ask for, written by DuckDB, never whole in Python."""
# ruff: noqa: S608 - names go through quoted(), paths and words through literal()

import shutil
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from stadt.hub.lake.engine import EXPORT_SECONDS, engine, literal, quoted
from stadt.hub.lake.files import whole_file
from stadt.hub.lake.layout import layout
from stadt.hub.lake.tables import BBOX, ROW_GROUP, Field, Kind, geometry_of, table_of
from stadt.web.spreadsheets import FORMULA

BOM = b"\xef\xbb\xbf"
# What a CSV cell may hold only in quotation marks (RFC 4180 §2.6).
QUOTE, DIVIDING = '"', r'[",\r\n]'
# Characters that XML 1.0 (§2.2) does not know: one of them, and no spreadsheet opens the file.
NOT_IN_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
LONGITUDE, LATITUDE = "lon", "lat"


class Dialect(StrEnum):
    """How a CSV file is written.

    GERMAN: semicolon, decimal comma, byte order mark, ja/nein: opens in a German spreadsheet.
    INTERNATIONAL: RFC 4180 with comma, decimal point and true/false.
    """

    GERMAN = "de"
    INTERNATIONAL = "en"


class Driver(StrEnum):
    """GDAL's name of a form for geographic information systems."""

    GEOPACKAGE = "GPKG"
    FLATGEOBUF = "FlatGeobuf"

    @property
    def suffix(self) -> str:
        """The end of its files' names."""
        return ".gpkg" if self is Driver.GEOPACKAGE else ".fgb"


def write_csv(
    target: Path, paths: Sequence[str], fields: Sequence[Field], dialect: Dialect, zone: str
) -> None:
    """Write the parts as one CSV file.

    Times are ISO 8601 with their offset (German: of `zone`; international: UTC). A geometry becomes three columns:
    longitude and latitude of a point on it, and its WKT. Texts that a spreadsheet would run get an apostrophe first.
    """
    cells = ", ".join(_csv_cell(field, dialect, zone) for field in fields)
    is_german = dialect is Dialect.GERMAN
    place = layout()
    with whole_file(target, place.work) as aside:
        body = aside.with_suffix(".csv") if is_german else aside
        try:
            engine().run(
                f"COPY (SELECT {cells} FROM ({table_of(paths, fields)})) TO {literal(str(body))} "
                f"(FORMAT csv, HEADER true, DELIMITER '{';' if is_german else ','}')"
            )
            if is_german:
                _join(aside, BOM, body)
        finally:
            if is_german:
                body.unlink(missing_ok=True)


def _csv_cell(field: Field, dialect: Dialect, zone: str) -> str:
    name = quoted(field.name)
    is_german = dialect is Dialect.GERMAN
    if field.kind is Kind.TEXT:
        return f"{_harmless(name)} AS {name}"
    if field.kind is Kind.NUMBER and is_german:
        return f"replace({name}::VARCHAR, '.', ',') AS {name}"
    if field.kind is Kind.BOOLEAN and is_german:
        return f"CASE {name} WHEN true THEN 'ja' WHEN false THEN 'nein' END AS {name}"
    if field.kind is Kind.TIME:
        return f"{_moment(name, zone if is_german else 'UTC')} AS {name}"
    if field.kind is Kind.GEOMETRY:
        place = f"ST_PointOnSurface({name})"
        x, y = (f"round({axis}({place}), 7)::VARCHAR" for axis in ("ST_X", "ST_Y"))
        if is_german:
            x, y = (f"replace({text}, '.', ',')" for text in (x, y))
        return f"{x} AS {LONGITUDE}, {y} AS {LATITUDE}, ST_AsText({name}) AS {name}"
    return name


def _moment(name: str, zone: str) -> str:
    """ISO 8601 with offset; milliseconds only where there are any. `name` is a TIMESTAMP in UTC."""
    if zone == "UTC":
        local, offset = name, "'Z'"
    else:
        local = f"(({name} AT TIME ZONE 'UTC') AT TIME ZONE {literal(zone)})"
        minutes = f"date_diff('minute', {name}, {local})"
        offset = (
            f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END || "
            f"printf('%02d:%02d', (abs({minutes}) // 60)::INTEGER, (abs({minutes}) % 60)::INTEGER)"
        )
    fraction = f"CASE WHEN microsecond({name}) % 1000000 = 0 THEN '' ELSE strftime({name}, '.%g') END"
    return f"strftime({local}, '%Y-%m-%dT%H:%M:%S') || {fraction} || {offset}"


def csv_line(fields: Sequence[Field]) -> str:
    """SQL for a row as a line of RFC 4180, in the international dialect, without its end."""
    return " || ',' || ".join(_csv_text(field) for field in fields)


def csv_heading(fields: Sequence[Field]) -> str:
    """The line of names above what `csv_line` writes."""
    return ",".join(
        name
        for field in fields
        for name in ([LONGITUDE, LATITUDE, field.name] if field.kind is Kind.GEOMETRY else [field.name])
    )


def _csv_text(field: Field) -> str:
    """SQL for a cell, or for the three of a geometry, in quotation marks where it holds what divides cells."""
    name = quoted(field.name)
    if field.kind is Kind.GEOMETRY:
        place = f"ST_PointOnSurface({name})"
        x, y = (f"coalesce(round({axis}({place}), 7)::VARCHAR, '')" for axis in ("ST_X", "ST_Y"))
        shape = f"coalesce({literal(QUOTE)} || ST_AsText({name}) || {literal(QUOTE)}, '')"
        return f"{x} || ',' || {y} || ',' || {shape}"
    if field.kind is Kind.TIME:
        return f"coalesce({_moment(name, 'UTC')}, '')"
    if field.kind is not Kind.TEXT:
        return f"coalesce({name}::VARCHAR, '')"
    safe = _harmless(name)
    inside = f"replace({safe}, {literal(QUOTE)}, {literal(2 * QUOTE)})"
    return (
        f"coalesce(CASE WHEN regexp_matches({name}, {literal(DIVIDING)}) THEN"
        f" {literal(QUOTE)} || {inside} || {literal(QUOTE)} ELSE {safe} END, '')"
    )


def _harmless(name: str) -> str:
    """SQL for a text that no spreadsheet runs: with an apostrophe first where it would."""
    return f"CASE WHEN regexp_matches({name}, {literal(FORMULA)}) THEN '''' || {name} ELSE {name} END"


def feature_json(fields: Sequence[Field]) -> str:
    """SQL for one GeoJSON Feature (RFC 7946) as text: at most seven decimals, times in UTC."""
    properties = ", ".join(
        f"{literal(field.name)}, {json_cell(field)}" for field in fields if field.kind is not Kind.GEOMETRY
    )
    shape = geometry_of(fields)
    geometry = json_cell(shape) if shape else "NULL"
    return f"json_object('type', 'Feature', 'geometry', {geometry}, 'properties', json_object({properties}))::VARCHAR"


def row_json(fields: Sequence[Field]) -> str:
    """SQL for one row as a JSON object by column."""
    cells = ", ".join(f"{literal(field.name)}, {json_cell(field)}" for field in fields)
    return f"json_object({cells})::VARCHAR"


def json_cell(field: Field) -> str:
    """SQL for a cell as JSON writes it: geometry as GeoJSON, times as ISO 8601 in UTC, dates as text."""
    name = quoted(field.name)
    if field.kind is Kind.GEOMETRY:
        return rf"regexp_replace(ST_AsGeoJSON({name})::VARCHAR, '(\.\d{{7}})\d+', '\1', 'g')::JSON"
    if field.kind is Kind.TIME:
        return _moment(name, "UTC")
    if field.kind is Kind.DATE:
        return f"strftime({name}, '%Y-%m-%d')"
    return name


def write_geojson(
    target: Path, paths: Sequence[str], fields: Sequence[Field], about: Mapping[str, Any]
) -> None:
    """Write the parts as one FeatureCollection; `about` becomes foreign members of it (RFC 7946 §6.1)."""
    head = msgspec.json.encode({"type": "FeatureCollection", **about})[:-1] + b',"features":[\n'
    _write_members(target, head, feature_json(fields), table_of(paths, fields))


def _write_members(target: Path, head: bytes, member: str, table: str) -> None:
    """Write `head`, a JSON text for each row (SQL `member`), and the end of the list and the object."""
    with whole_file(target, layout().work) as aside:
        body = aside.with_suffix(".members")
        try:
            engine().run(
                f"COPY (SELECT CASE row_number() OVER () WHEN 1 THEN '' ELSE ',' END || {member} "
                f"FROM ({table})) TO {literal(str(body))} "
                "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')"
            )
            _join(aside, head, body, b"]}\n")
        finally:
            body.unlink(missing_ok=True)


def write_json(target: Path, paths: Sequence[str], fields: Sequence[Field], about: Mapping[str, Any]) -> None:
    """Write the parts as one JSON object: `about`, and `rows` with an object for each row, one row a line."""
    head = msgspec.json.encode(about)[:-1] + b',"rows":[\n'
    _write_members(target, head, row_json(fields), table_of(paths, fields))


def write_xlsx(target: Path, paths: Sequence[str], fields: Sequence[Field], zone: str) -> None:
    """Write the parts as one sheet: a heading, then a row each.

    A sheet's date knows no zone, so times are the clock's in `zone`; the exact moment stands in the other forms. A
    geometry becomes longitude and latitude of a point on it, and its WKT. Texts are texts, so no formula is run.
    """
    cells = ", ".join(_sheet_cell(field, zone) for field in fields)
    with whole_file(target, layout().work) as aside:
        engine().run(
            f"COPY (SELECT {cells} FROM ({table_of(paths, fields)})) TO {literal(str(aside))} "
            "(FORMAT xlsx, HEADER true)"
        )


def _sheet_cell(field: Field, zone: str) -> str:
    name = quoted(field.name)
    if field.kind is Kind.TIME:
        return f"(({name} AT TIME ZONE 'UTC') AT TIME ZONE {literal(zone)}) AS {name}"
    if field.kind is Kind.GEOMETRY:
        place = f"ST_PointOnSurface({name})"
        return (
            f"round(ST_X({place}), 7) AS {LONGITUDE}, round(ST_Y({place}), 7) AS {LATITUDE},"
            f" ST_AsText({name}) AS {name}"
        )
    if field.kind is Kind.TEXT:
        return f"regexp_replace({name}, {literal(NOT_IN_XML)}, '', 'g') AS {name}"
    return name


def write_spatial(
    target: Path, paths: Sequence[str], fields: Sequence[Field], driver: Driver, layer: str
) -> None:
    """Write the parts as one layer of a file for geographic information systems: WGS 84, times in UTC.

    FlatGeobuf has a spatial index where every row has a place; its index cannot hold the others.
    """
    table = table_of(paths, fields)
    options = [f"DRIVER {literal(str(driver))}", "SRS 'EPSG:4326'", f"LAYER_NAME {literal(layer)}"]
    if driver is Driver.FLATGEOBUF and not _is_placed(table, fields):
        options.append("LAYER_CREATION_OPTIONS 'SPATIAL_INDEX=NO'")
    with whole_file(target, layout().work) as aside:
        body = aside.with_suffix(driver.suffix)  # GDAL asks a file's name what it holds
        try:
            engine().run(f"COPY ({table}) TO {literal(str(body))} (FORMAT gdal, {', '.join(options)})")
            body.rename(aside)
        finally:
            for left in body.parent.glob(f"{body.stem}*{driver.suffix}*"):
                left.unlink(missing_ok=True)


def _is_placed(table: str, fields: Sequence[Field]) -> bool:
    """Whether every row has a place."""
    shape = geometry_of(fields)
    if shape is None:
        return False
    name = quoted(shape.name)
    [(rows, placed)] = engine().ask(
        f"SELECT count(*), count(*) FILTER (WHERE NOT ST_IsEmpty({name})) FROM ({table})",
        seconds=EXPORT_SECONDS,
    )
    return bool(rows == placed)


def write_parquet(target: Path, paths: Sequence[str], fields: Sequence[Field]) -> None:
    """Write the parts, each already in order, as one GeoParquet file."""
    place = layout()
    names = [quoted(field.name) for field in fields]
    if geometry_of(fields):
        names.append(BBOX)
    files = ", ".join(literal(str(place.parts / path)) for path in paths)
    rows = f"SELECT {', '.join(names)} FROM read_parquet([{files}])" if paths else table_of(paths, fields)
    with whole_file(target, place.work) as aside:
        engine().run(
            f"COPY ({rows}) TO {literal(str(aside))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, GEOPARQUET_VERSION 'BOTH')"
        )


def _join(target: Path, head: bytes, body: Path, tail: bytes = b"") -> None:
    with target.open("wb") as out, body.open("rb") as rows:
        out.write(head)
        shutil.copyfileobj(rows, out, 1024 * 1024)
        out.write(tail)
