"""Files that say their columns' types themselves: Parquet, JSON and geographic formats, as one typed source for DuckDB."""
# ruff: noqa: S608 - names go through quoted(), paths and words through literal()

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.answers import Answer, apply_answer
from stadt.hub.intake.casts import SQL_TYPES
from stadt.hub.intake.columns import Understanding, understand, values_of
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.headings import distinct, name_of, unit_of, visible
from stadt.hub.intake.places import find_position, share_of_districts
from stadt.hub.intake.reading import MAX_COLUMNS, SAMPLE_ROWS, ReadColumn, Reading, Role, SampleRow
from stadt.hub.intake.remarks import Remark
from stadt.hub.intake.table import find_melt
from stadt.hub.intake.values import is_year_like
from stadt.hub.lake.engine import quoted
from stadt.hub.lake.reading import Reader

LOOKED_AT = 20_000
_TYPES = {
    "BOOLEAN": ColumnType.BOOLEAN, "DATE": ColumnType.DATE, "FLOAT": ColumnType.NUMBER, "DOUBLE": ColumnType.NUMBER,
    "TIMESTAMP WITH TIME ZONE": ColumnType.TIME, "TIMESTAMP_MS": ColumnType.TIME, "TIMESTAMP_S": ColumnType.TIME,
    "TIMESTAMP_NS": ColumnType.TIME, "TIMESTAMP": ColumnType.TIME,
} | dict.fromkeys(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), ColumnType.INTEGER
) | dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), ColumnType.NUMBER)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A SELECT with the file's own columns, in their order, and what is known of it.

    `fields` are (name, DuckDB's type); `geometry` names the column that holds WKB; `choices` are its layers.
    """

    select: str
    fields: tuple[tuple[str, str], ...]
    geometry: str = ""
    crs: str = ""
    layer: str = ""
    choices: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


def numbered(source: Source) -> str:
    """The source as `row`, `c0`, `c1`, …: values of known types, the rest as text, nested ones as JSON."""
    cells = ", ".join(
        f"{_plain(name, kind, is_shape=name == source.geometry)} AS c{at}"
        for at, (name, kind) in enumerate(source.fields)
    )
    return f"SELECT row_number() OVER () AS row, {cells} FROM ({source.select})"


def _plain(name: str, kind: str, *, is_shape: bool) -> str:
    column = quoted(name)
    if is_shape:
        return f"ST_AsWKB({column})::BLOB" if kind.startswith("GEOMETRY") else f"{column}::BLOB"
    known = _type_of(kind)
    if known is ColumnType.TIME:
        return f"({column} AT TIME ZONE 'UTC')" if "ZONE" in kind else f"{column}::TIMESTAMP"
    if known is not None:
        return f"{column}::{SQL_TYPES[known]}"
    if kind == "BLOB":
        return f"hex({column})"
    return f"to_json({column})::VARCHAR" if is_nested(kind) else f"{column}::VARCHAR"


def _type_of(kind: str) -> ColumnType | None:
    return ColumnType.NUMBER if kind.startswith("DECIMAL") else _TYPES.get(kind)


def is_nested(kind: str) -> bool:
    """Whether a type holds more than one value."""
    return kind == "JSON" or kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "LIST"))


def read_native(
    reader: Reader, table: str, source: Source, reading: Reading, answer: Answer, districts: Sequence[str]
) -> Reading:
    """The reading of a typed source.

    Args:
        reader: where to ask. table: `numbered(source)` or a copy of it.
        reading: what is known of the file already.
    """
    if len(source.fields) > MAX_COLUMNS:
        raise Refusal("too_many_columns", count=len(source.fields), limit=MAX_COLUMNS)
    if not source.fields:
        raise Refusal("no_table")
    names = distinct(
        "geometrie" if name == source.geometry else name_of(name, at + 1)
        for at, (name, _) in enumerate(source.fields)
    )
    remarks = list(source.remarks)
    columns = []
    for at, (heading, kind) in enumerate(source.fields):
        column = _column(
            reader, table, at, heading, kind, names[at], districts, is_shape=heading == source.geometry
        )
        if is_nested(kind):
            remarks.append(Remark("nested", {"column": heading}, names[at]))
        columns.append(column)
    [(count,)] = reader.rows(f"SELECT count(*) FROM ({table})")
    melt, told = find_melt(columns)
    position, placed, note = find_position(columns, _ranges(reader, table, columns))
    reading = msgspec.structs.replace(
        reading,
        columns=placed,
        crs=source.crs,
        layer=source.layer,
        choices=reading.choices or source.choices,
        row_estimate=count,
        years_as_columns=melt,
        position=position,
        missing_words=answer.missing_words,
        remarks=(*reading.remarks, *remarks, *told, *((note,) if note else ())),
    )
    return _with_sample(reader, table, apply_answer(reading, answer))


def _column(
    reader: Reader,
    table: str,
    at: int,
    heading: str,
    kind: str,
    name: str,
    districts: Sequence[str],
    *,
    is_shape: bool,
) -> ReadColumn:
    if is_shape:
        return ReadColumn(
            at=at,
            source=heading,
            name=name,
            title="Geometrie",
            type=ColumnType.GEOMETRY,
            pattern="WKB",
            native=True,
        )
    title, unit, _ = unit_of(heading)
    known = _type_of(kind)
    if known is not None:
        numeric = known in {ColumnType.NUMBER, ColumnType.INTEGER}
        role = (
            Role.YEAR
            if known is ColumnType.INTEGER and _holds_years(reader, table, at, heading)
            else Role.NONE
        )
        return ReadColumn(
            at=at, source=heading, name=name, title=visible(title if numeric and unit else heading) or name, type=known,
            unit=unit if numeric else "", role=role, native=True,
        )  # fmt: skip
    if is_nested(kind):
        return ReadColumn(at=at, source=heading, name=name, title=visible(heading) or name)
    cells = reader.rows(f"SELECT coalesce(trim(c{at}), '') FROM ({table}) LIMIT {LOOKED_AT}")
    values = values_of([cell for (cell,) in cells])
    told = understand(values, heading)
    # Numbers in quotes are text on purpose: the file could have said that they are numbers.
    if told.type in {ColumnType.NUMBER, ColumnType.INTEGER}:
        told = Understanding()
    role = told.role
    if not role and share_of_districts(values.counts, districts):
        role = Role.DISTRICT
    return ReadColumn(
        at=at, source=heading, name=name, title=visible(heading) or name, type=told.type, pattern=told.pattern, role=role,
        certainty=told.certainty, remark=told.remark,
    )  # fmt: skip


def _holds_years(reader: Reader, table: str, at: int, heading: str) -> bool:
    if "jahr" not in heading.lower() and "year" not in heading.lower():
        return False
    [(low, high)] = reader.rows(f"SELECT min(c{at}), max(c{at}) FROM ({table})")
    return low is not None and is_year_like(str(low)) and is_year_like(str(high))


def _ranges(reader: Reader, table: str, columns: Sequence[ReadColumn]) -> dict[str, tuple[float, float]]:
    numbers = [c for c in columns if c.native and c.type in {ColumnType.NUMBER, ColumnType.INTEGER}]
    if not numbers:
        return {}
    asked = ", ".join(f"min(c{column.at})::DOUBLE, max(c{column.at})::DOUBLE" for column in numbers)
    [row] = reader.rows(f"SELECT {asked} FROM ({table})")
    pairs = zip(row[::2], row[1::2], strict=True)
    return {column.name: pair for column, pair in zip(numbers, pairs, strict=True) if pair[0] is not None}


def _with_sample(reader: Reader, table: str, reading: Reading) -> Reading:
    cells = ", ".join(
        f"left(ST_AsText(TRY(ST_GeomFromWKB(c{column.at}))), 60)"
        if column.type is ColumnType.GEOMETRY and column.native
        else f"left(c{column.at}::VARCHAR, 500)"
        for column in reading.columns
    )
    rows = reader.rows(f"SELECT row, {cells} FROM ({table}) WHERE row <= {SAMPLE_ROWS} ORDER BY row")
    sample = tuple(
        SampleRow(row[0], tuple("" if cell is None else str(cell) for cell in row[1:])) for row in rows
    )
    return msgspec.structs.replace(reading, sample=sample)
