"""Parts of tables as GeoParquet: written from rows, and seen together as one table."""
# ruff: noqa: S608 - names go through quoted(), paths and words through literal()

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.lake.files import sha256_of, whole_file
from stadt.hub.lake.layout import layout

ROW_GROUP = 8192
BBOX = "bbox"
DIGEST_SECONDS = 600.0


class Kind(StrEnum):
    """A column's type in DuckDB."""

    TEXT = "VARCHAR"
    NUMBER = "DOUBLE"
    INTEGER = "BIGINT"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIME = "TIMESTAMPTZ"
    GEOMETRY = "GEOMETRY"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table in the lake."""

    name: str
    kind: Kind


def geometry_of(fields: Sequence[Field]) -> Field | None:
    """The geometry column, if there is one."""
    return next((field for field in fields if field.kind is Kind.GEOMETRY), None)


@dataclass(frozen=True, slots=True)
class PartFile:
    """A finished part: `path` below the lake's `parts`, SHA-256 of its bytes, and its size."""

    path: str
    sha256: str
    size_bytes: int


def write_part(source: Path, fields: Sequence[Field], stem: str, order: str = "") -> PartFile:
    """Turn rows into a GeoParquet part (WGS 84, bounding boxes, row groups of 8,192 rows, zstd).

    Geometry is written with GeoParquet metadata and as Parquet's own type, which also types a column without any value.
    With geometry the rows lie along a Hilbert curve, so that a map's window touches few row groups.

    Args:
        source: newline-delimited JSON objects in the lake's work folder; geometry as hexadecimal WKB, times ISO 8601.
        stem: beginning of the file's name below `parts`, `<dataset>/<part>`; the content hash is added.
        order: column to sort by where there is no geometry.
    """
    place = layout()
    aside = place.work / f"{source.stem}.parquet"
    try:
        engine().run(
            f"COPY ({_sorted_rows(source, fields, order)}) TO {literal(str(aside))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, GEOPARQUET_VERSION 'BOTH')"
        )
        sha256 = sha256_of(aside)
        name = f"{stem}-{sha256[:16]}.parquet"
        with whole_file(place.parts / name, place.work) as writing:
            aside.rename(writing)
        return PartFile(name, sha256, (place.parts / name).stat().st_size)
    finally:
        aside.unlink(missing_ok=True)


def _sorted_rows(source: Path, fields: Sequence[Field], order: str) -> str:
    read = ", ".join(
        f"{quoted(field.name)}: '{'VARCHAR' if field.kind is Kind.GEOMETRY else field.kind}'"
        for field in fields
    )
    rows = (
        f"SELECT * FROM read_json({literal(str(source))}, format = 'newline_delimited', columns = {{{read}}})"
    )
    shape = geometry_of(fields)
    if shape is not None:
        name = quoted(shape.name)
        rows = f"SELECT * REPLACE (ST_GeomFromHEXWKB({name}) AS {name}) FROM ({rows})"
    return _along_the_curve(rows, fields, order)


def _along_the_curve(rows: str, fields: Sequence[Field], order: str = "") -> str:
    """Rows with their bounding boxes along a Hilbert curve; without geometry by `order`, or as they are."""
    shape = geometry_of(fields)
    if shape is None:
        return f"{rows} ORDER BY {quoted(order)}" if order else rows
    name = quoted(shape.name)
    return (
        f"WITH rows AS ({rows}), "
        f"extent AS (SELECT ST_Extent_Agg({name}) AS box FROM rows) "
        f"SELECT rows.*, CASE WHEN {name} IS NULL THEN NULL ELSE {{"
        f"xmin: ST_XMin({name}), ymin: ST_YMin({name}), xmax: ST_XMax({name}), ymax: ST_YMax({name})}} END AS {BBOX} "
        f"FROM rows, extent ORDER BY ST_Hilbert({name}, ST_Extent(extent.box))"
        + (f", {quoted(order)}" if order else "")
    )


def table_of(paths: Sequence[str], fields: Sequence[Field]) -> str:
    """A SELECT over parts as one table with exactly the given columns; times without zone, in UTC."""
    if not paths:
        nothing = ", ".join(f"NULL::{_seen(field)} AS {quoted(field.name)}" for field in fields)
        return f"SELECT {nothing} WHERE false"
    place = layout()
    files = ", ".join(literal(str(place.parts / path)) for path in paths)
    shown = ", ".join(
        f"({quoted(field.name)} AT TIME ZONE 'UTC') AS {quoted(field.name)}"
        if field.kind is Kind.TIME
        else quoted(field.name)
        for field in fields
    )
    return f"SELECT {shown} FROM read_parquet([{files}])"


def _seen(field: Field) -> str:
    return "TIMESTAMP" if field.kind is Kind.TIME else str(field.kind)


def write_finished(source: Path, fields: Sequence[Field], target: Path) -> tuple[str, int]:
    """Turn a typed Parquet file into a part as `write_part` makes them, at `target`. Returns SHA-256 and size.

    Nothing goes through Python. Without geometry the rows keep their order.

    Args:
        source: in the lake, with exactly these columns; geometry as WKB or as Parquet's own type, in WGS 84.
    """
    place = layout()
    found = {name: kind for name, kind, *_ in engine().ask(f"DESCRIBE {_whole(source)}", seconds=60.0)}
    if set(found) != {field.name for field in fields}:
        raise ValueError(f"The columns of the file are {sorted(found)}.")
    read = ", ".join(f"{_typed(field, found[field.name])} AS {quoted(field.name)}" for field in fields)
    rows = f"SELECT {read} FROM {_file(source)}"
    with whole_file(target, place.work) as writing:
        engine().run(
            f"COPY ({_along_the_curve(rows, fields)}) TO {literal(str(writing))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, GEOPARQUET_VERSION 'BOTH')"
        )
        return sha256_of(writing), writing.stat().st_size


def digest_of(path: Path, fields: Sequence[Field]) -> tuple[str, int]:
    """Sum of the rows' SHA-256 modulo 2^256 in hexadecimal, so that their order does not matter, and their number."""
    cells = ", ".join(_worded(field) for field in fields)
    limbs = ", ".join(f"sum(('0x' || substr(h, {1 + 16 * limb}, 16))::UBIGINT::HUGEINT)" for limb in range(4))
    [(count, *sums)] = engine().ask(
        f"SELECT count(*), {limbs} FROM (SELECT sha256(json_array({cells})::VARCHAR) AS h FROM {_file(path)})",
        seconds=DIGEST_SECONDS,
    )
    total = sum(int(part or 0) << (64 * (3 - limb)) for limb, part in enumerate(sums))
    return f"{total % (1 << 256):064x}", int(count)


def _typed(field: Field, found: str) -> str:
    name = quoted(field.name)
    if field.kind is not Kind.GEOMETRY:
        return f"CAST({name} AS {field.kind})"
    return name if found.startswith("GEOMETRY") else f"ST_GeomFromWKB({name}::BLOB)"


def _worded(field: Field) -> str:
    name = quoted(field.name)
    if field.kind is Kind.GEOMETRY:
        return f"hex(ST_AsWKB({name}))"
    return f"epoch_us({name})" if field.kind is Kind.TIME else name


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _whole(path: Path) -> str:
    return f"SELECT * FROM {_file(path)}"
