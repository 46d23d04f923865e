"""JSON and Parquet as a typed source."""
# ruff: noqa: S608 - paths go through literal(), names through quoted()

import re
import shutil
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import msgspec

from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.geofiles import plain_crs
from stadt.hub.intake.native import Source, is_nested
from stadt.hub.intake.remarks import Remark
from stadt.hub.lake.engine import literal, quoted
from stadt.hub.lake.reading import Reader, ReadingFailed

_WHERE = re.compile(r'\s*(?:in|of|from)? ?(?:the )?file "[^"]*",?')
MAX_WRAPPED = 256 * 1024**2
MAX_OBJECT = 64 * 1024**2


def open_json(reader: Reader, path: Path, folder: Path) -> Source:
    """A list of objects, objects line by line, or an object that holds one list of objects (`{"data": [ … ]}`).

    Raises:
        Refusal: no JSON in UTF-8, or no list of objects in it.
    """
    rows = _unwrapped(path, folder)
    settings = f"format = 'auto', maximum_object_size = {MAX_OBJECT}"
    found = f"SELECT * FROM read_json({literal(str(rows))}, {settings}, records = 'auto', maximum_depth = 2, sample_size = -1, dateformat = '-', timestampformat = '-')"
    try:
        fields = tuple((name, "JSON" if is_nested(kind) else kind) for name, kind in _fields(reader, found))
    except ReadingFailed as error:
        raise Refusal("json_invalid", problem=_first_line(str(error))) from None
    if [name for name, _ in fields] == ["json"]:
        raise Refusal("json_no_rows")
    # What is nested stays as it stands there: one shape for all rows would add members that are not in them.
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in fields)
    return Source(
        f"SELECT * FROM read_json({literal(str(rows))}, {settings}, records = true, columns = {{{columns}}})",
        fields,
    )


def _unwrapped(path: Path, folder: Path) -> Path:
    """The file itself, or its inner list written out line by line."""
    with path.open("rb") as file:
        start = file.read(64 * 1024)
    if start.startswith(BOM_UTF8):
        path = _without_mark(path, folder / "unmarked.json")
    start = start.removeprefix(BOM_UTF8).lstrip()
    if not start.startswith(b"{") or path.stat().st_size > MAX_WRAPPED:
        return path
    try:
        document = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        return path  # objects line by line, or broken: DuckDB will say
    rows = _only_list(document)
    if rows is None:
        return path
    target = folder / "rows.ndjson"
    with target.open("wb") as out:
        encoder = msgspec.json.Encoder()
        for row in rows:
            out.write(encoder.encode(row) + b"\n")
    return target


def _without_mark(path: Path, target: Path) -> Path:
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(len(BOM_UTF8))
        shutil.copyfileobj(source, out, 1024 * 1024)
    return target


def _only_list(document: Any) -> list[Any] | None:
    lists: list[list[Any]] = (
        [value for value in document.values() if _is_rows(value)] if isinstance(document, dict) else []
    )
    if lists:
        return next(rows for rows in lists if len(rows) == max(map(len, lists)))
    inner = (
        [value for value in document.values() if isinstance(value, dict)]
        if isinstance(document, dict)
        else []
    )
    return next((rows for value in inner if (rows := _only_list(value)) is not None), None)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _first_line(message: str) -> str:
    message = _WHERE.sub("", message)  # whoever delivers need not know where files lie
    return message.split("\n", 1)[0].split(": ", 1)[-1].replace(". Try", "")[:120]


def open_parquet(reader: Reader, path: Path, said_crs: str = "") -> Source:
    """A Parquet file; a geometry column comes as WKB in the coordinate system that its metadata name (GeoParquet 1.1).

    Raises:
        Refusal: damaged, or its coordinate system is unknown.
    """
    table = f"read_parquet({literal(str(path))})"
    try:
        fields = _fields(reader, f"SELECT * FROM {table}")
        shape, crs, notes = _geo_metadata(reader, path)
    except ReadingFailed:
        raise Refusal("damaged") from None
    shapes = [name for name, kind in fields if kind.startswith("GEOMETRY")]
    name = shape if shape in shapes else next(iter(shapes), "")
    if name and not crs:
        crs, notes = "EPSG:4326", []
    if said_crs:
        crs = said_crs
    hidden = {other for other in shapes if other != name} | {
        field for field, kind in fields if field == "bbox" and "STRUCT" in kind
    }
    kept = tuple((field, kind) for field, kind in fields if field not in hidden)
    listed = ", ".join(quoted(field) for field, _ in kept)
    return Source(f"SELECT {listed} FROM {table}", kept, name, crs if name else "", remarks=tuple(notes))


def _geo_metadata(reader: Reader, path: Path) -> tuple[str, str, list[Remark]]:
    rows = reader.rows(
        f"SELECT value FROM parquet_kv_metadata({literal(str(path))}) WHERE key::VARCHAR = 'geo' LIMIT 1"
    )
    if not rows:
        return "", "", []
    try:
        document = msgspec.json.decode(bytes(rows[0][0]))
        name = str(document["primary_column"])
        crs = document["columns"][name].get("crs")
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return "", "", []
    if not crs:
        return name, "EPSG:4326", []
    system, notes = plain_crs(msgspec.json.encode(crs).decode())
    return name, "EPSG:4326" if system == "OGC:CRS84" else system, notes


def _fields(reader: Reader, select: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(kind)) for name, kind, *_ in reader.rows(f"DESCRIBE {select}"))
