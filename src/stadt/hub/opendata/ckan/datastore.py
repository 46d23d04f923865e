"""`datastore_search`: rows of the newest snapshot; names and operators from a list, values as parameters, never SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.selection import value_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.lake.exports import json_cell
from stadt.hub.opendata.ckan.errors import wrong
from stadt.hub.opendata.ckan.forms import FORMATS, shape

MOST_ROWS = 32_000
FARTHEST = 1_000_000
MOST_VALUES = 200
MOST_WORDS = 10
ID = "_id"
COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
TYPES = {
    ColumnType.TEXT: "text",
    ColumnType.NUMBER: "float8",
    ColumnType.INTEGER: "int8",
    ColumnType.BOOLEAN: "bool",
    ColumnType.DATE: "date",
    ColumnType.TIME: "timestamptz",
    ColumnType.GEOMETRY: "json",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked and understood: SQL behind `FROM data`, with its values."""

    columns: tuple[Column, ...]
    where: str
    values: tuple[Any, ...]
    order: str
    limit: int
    offset: int
    is_distinct: bool


def search(snapshot: SnapshotInfo, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Fields, records and the exact total.

    Raises:
        WrongParameters: naming the parameter that cannot be accepted.
        Unavailable: the query took longer than five seconds.
    """
    form = str(parameters.get("records_format") or "objects")
    if form not in FORMATS:
        raise wrong("records_format", f"must be one of {', '.join(FORMATS)}")
    wanted = _understand(snapshot, parameters)
    records = _read(snapshot, wanted)
    names = [*([] if wanted.is_distinct else [ID]), *(column.name for column in wanted.columns)]
    numbered = [] if wanted.is_distinct else [{"id": ID, "type": "int"}]
    answer: dict[str, Any] = {
        "resource_id": "",
        "fields": [*numbered, *(_field(column) for column in wanted.columns)],
        "records_format": form,
        "records": shape(records, names, form),
        "limit": wanted.limit,
        "offset": wanted.offset,
        "include_total": is_true(parameters.get("include_total", True)),
        "total_was_estimated": False,
    }
    if parameters.get("filters"):
        answer["filters"] = _object("filters", parameters.get("filters"))
    if answer["include_total"]:
        answer["total"] = _count(snapshot, wanted)
    return answer | {"is_last": len(records) < wanted.limit}


def is_true(value: Any) -> bool:
    """A truth value, as JSON or text."""
    return str(value).lower() not in {"false", "0", "no", "off", "none", ""}


def _read(snapshot: SnapshotInfo, wanted: Wanted) -> list[dict[str, Any]]:
    chosen = {column.name for column in wanted.columns}
    fields = [field for field in snapshot.fields if field.name in chosen]
    cells = [f"{literal(field.name)}, {json_cell(field)}" for field in fields]
    if wanted.is_distinct:
        source = (
            f"(SELECT DISTINCT {', '.join(quoted(field.name) for field in fields)} FROM data{wanted.where})"  # noqa: S608 - declared columns
        )
    else:
        source = f"(SELECT row_number() OVER () AS {ID}, * FROM data){wanted.where}"  # noqa: S608 - understood conditions
        cells.insert(0, f"'{ID}', {ID}")
    rows = engine().ask(
        f"SELECT json_object({', '.join(cells)})::VARCHAR FROM (SELECT * FROM {source}"  # noqa: S608 - declared columns, understood conditions
        f" ORDER BY {wanted.order} LIMIT {wanted.limit} OFFSET {wanted.offset})",
        wanted.values,
        view=snapshot.view,
    )
    return [msgspec.json.decode(text) for (text,) in rows]


def _count(snapshot: SnapshotInfo, wanted: Wanted) -> int:
    if not wanted.where and not wanted.is_distinct:
        return snapshot.row_count
    source = f"data{wanted.where}"
    if wanted.is_distinct:
        names = ", ".join(quoted(column.name) for column in wanted.columns)
        source = f"(SELECT DISTINCT {names} FROM data{wanted.where})"  # noqa: S608 - declared columns
    sql = f"SELECT count(*) FROM {source}"  # noqa: S608 - understood conditions
    [(count,)] = engine().ask(sql, wanted.values, view=snapshot.view)
    return int(count)


def _field(column: Column) -> dict[str, Any]:
    info = {"label": column.heading, "notes": column.description, "unit": column.unit}
    return {"id": column.name, "type": TYPES[column.type], "info": info}


def _understand(snapshot: SnapshotInfo, parameters: Mapping[str, Any]) -> Wanted:
    known = {column.name: column for column in snapshot.columns}
    names = [name for name in list_of("fields", parameters.get("fields")) if name != ID]
    columns = tuple(_known(known, "fields", name) for name in names) or snapshot.columns
    conditions: list[str] = []
    values: list[Any] = []
    for sql, found in _conditions(known, _object("filters", parameters.get("filters"))):
        conditions.append(sql)
        values += found
    for sql, text in _words(snapshot.columns, parameters.get("q")):
        conditions.append(sql)
        values.append(text)
    is_distinct = is_true(parameters.get("distinct"))
    if is_distinct and any(column.type is ColumnType.GEOMETRY for column in columns):
        raise wrong("distinct", "cannot be asked of a geometry; name other fields")
    return Wanted(
        columns,
        f" WHERE {' AND '.join(conditions)}" if conditions else "",
        tuple(values),
        _order(
            {column.name: column for column in columns} if is_distinct else known,
            parameters.get("sort"),
            is_distinct,
        ),
        min(whole("limit", parameters.get("limit"), 100), MOST_ROWS),
        whole("offset", parameters.get("offset"), 0, FARTHEST),
        is_distinct,
    )


def whole(field: str, value: Any, default: int, most: int = 2**31) -> int:
    """A whole number from 0 to `most`, as JSON or text; the default where nothing was said."""
    if value is None or value == "":
        return default
    text = str(value)
    if isinstance(value, bool) or not (
        text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= most
    ):
        raise wrong(field, f"must be a whole number from 0 to {most}")
    return int(text)


def list_of(field: str, value: Any) -> list[str]:
    """A list of texts, as JSON or separated by commas."""
    if isinstance(value, str):
        if not value.startswith("["):
            return [item.strip() for item in value.split(",") if item.strip()]
        value = _decoded(field, value)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong(field, "must be a list of texts")
    return value


def _object(field: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value:
        value = _decoded(field, value)
    if not value:
        return {}
    if not isinstance(value, dict):
        raise wrong(field, "must be a JSON object")
    return value


def _decoded(field: str, text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise wrong(field, "is not readable JSON") from None


def _known(known: Mapping[str, Column], field: str, name: Any) -> Column:
    if not isinstance(name, str) or name not in known:
        raise wrong(field, f"there is no field '{str(name)[:60]}'")
    return known[name]


def _conditions(known: Mapping[str, Column], filters: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    found = []
    for name, value in filters.items():
        if name == ID:
            raise wrong("filters", f"'{ID}' cannot be filtered; use offset and limit")
        column = _known(known, "filters", name)
        if column.type is ColumnType.GEOMETRY:
            raise wrong("filters", f"'{name}' is a geometry and cannot be filtered")
        if isinstance(value, dict):
            found += [_comparison(column, operator, operand) for operator, operand in value.items()]
        else:
            found.append(_one_of(column, value if isinstance(value, list) else [value]))
    return found


def _one_of(column: Column, values: Sequence[Any]) -> tuple[str, list[Any]]:
    if len(values) > MOST_VALUES:
        raise wrong("filters", f"at most {MOST_VALUES} values for '{column.name}'")
    name = quoted(column.name)
    given = [_value(column, value) for value in values if value is not None]
    choices = [f"{name} IN ({', '.join('?' * len(given))})"] if given else []
    if None in values:
        choices.append(f"{name} IS NULL")
    return f"({' OR '.join(choices)})" if choices else "false", given


def _comparison(column: Column, operator: str, operand: Any) -> tuple[str, list[Any]]:
    if operator not in COMPARISONS:
        raise wrong("filters", f"'{operator[:20]}' is no comparison; there are {', '.join(COMPARISONS)}")
    return f"{quoted(column.name)} {COMPARISONS[operator]} ?", [_value(column, operand)]


def _value(column: Column, value: Any) -> Any:
    if not isinstance(value, str | int | float | bool):
        raise wrong("filters", f"a value of '{column.name}' must be a text, number or truth value")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return value_of(column.type, text)
    except (ValueError, OverflowError):
        raise wrong("filters", f"'{text[:60]}' does not fit '{column.name}' ({column.type})") from None


def _words(columns: Sequence[Column], q: Any) -> list[tuple[str, str]]:
    """Each word must stand in some column (or, by field, in that one), whatever its case."""
    if not q:
        return []
    if isinstance(q, str) and q.lstrip().startswith("{"):
        q = _decoded("q", q)
    texts = [column for column in columns if column.type is not ColumnType.GEOMETRY]
    if isinstance(q, str):
        line = ", ".join(f"{quoted(column.name)}::VARCHAR" for column in texts)
        words = q.split()
        if len(words) > MOST_WORDS:
            raise wrong("q", f"at most {MOST_WORDS} words")
        return [(f"contains(lower(concat_ws(' ', {line})), lower(?))", word) for word in words]
    if not isinstance(q, dict) or not all(isinstance(text, str) for text in q.values()):
        raise wrong("q", "must be a text, or an object of texts by field")
    by_name = {column.name: column for column in texts}
    return [
        (f"contains(lower({quoted(_known(by_name, 'q', name).name)}::VARCHAR), lower(?))", text)
        for name, text in q.items()
    ]


def _order(known: Mapping[str, Column], sort: Any, is_distinct: bool) -> str:
    """`a, b desc nulls last`; rows that are equal so far stand as in the files, different ones by all their fields."""
    found = []
    for item in list_of("sort", sort):
        name, *words = item.replace('"', "").split()
        direction = " ".join(words).lower()
        if direction not in {"", "asc", "desc", "nulls last", "nulls first"} | {
            f"{way} nulls {end}" for way in ("asc", "desc") for end in ("first", "last")
        }:
            raise wrong("sort", f"'{item[:60]}' is not of the form 'field asc|desc nulls first|last'")
        if name == ID and not is_distinct:
            found.append(f"{ID} {direction}")
            continue
        column = _known(known, "sort", name)
        if column.type is ColumnType.GEOMETRY:
            raise wrong("sort", f"'{name}' is a geometry and has no order")
        found.append(f"{quoted(name)} {direction or 'asc'}{'' if 'nulls' in direction else ' nulls last'}")
    return ", ".join([*found, *([quoted(name) for name in known] if is_distinct else [ID])])
