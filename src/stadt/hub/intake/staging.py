"""Writes the table of a file: typed in one pass with every refused cell noted, then shaped, all of it in DuckDB."""
# ruff: noqa: S608 - names go through quoted(), paths and words through literal()

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.casts import BLANKS, SQL_TYPES, cast, cleaned, on_earth, transformed
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.headings import distinct
from stadt.hub.intake.moments import settle_hours
from stadt.hub.intake.reading import ReadColumn, Reading, RefusedCell, Role, Written
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.lake.engine import literal, quoted
from stadt.hub.lake.reading import Reader, ReadingFailed, rejects

TOLD = 100
MALFORMED_SHARE = 0.01
ROW_GROUP = 122_880


@dataclass(slots=True)
class Stage:
    """The file as typed rows: `path` of a Parquet file with `row`, one column for each kept one, and `bad`."""

    path: Path
    dropped: dict[str, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def write_table(reader: Reader, source: str, reading: Reading, folder: Path, target: Path) -> Written:
    """Write the table that a reading describes.

    Args:
        reader: where to run. source: a SELECT with `row` and `c0`, `c1`, … as text or, for native columns, typed.
        reading: how to read. folder: for what is in between. target: the Parquet file to write.

    Raises:
        Refusal: when more than one row in a hundred does not fit the table.
    """
    stage = _type_rows(reader, source, reading, folder)
    settle_hours(reader, stage, reading)
    columns, rows = _shape(stage, reading)
    shape = next((column for column in columns if column.type is ColumnType.GEOMETRY), None)
    _tell_repaired(reader, stage, reading)
    geo = ", GEOPARQUET_VERSION 'BOTH'" if shape else ""
    reader.run(
        f"COPY ({rows}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}{geo})"
    )
    [(count,)] = reader.rows(f"SELECT count(*) FROM {literal(str(target))}")
    refused, refused_count = _refused(reader, stage, reading)
    return Written(
        columns=columns,
        row_count=count,
        dropped={reason: number for reason, number in stage.dropped.items() if number},
        refused=refused,
        refused_count=refused_count,
        bbox=_box(reader, target, shape.name) if shape else None,
        remarks=tuple(stage.remarks),
    )


def table_columns(reading: Reading) -> tuple[ReadColumn, ...]:
    """The columns that the table will have: kept ones, years melted into two, a geometry where columns give places."""
    melt = reading.years_as_columns
    columns = [column for column in reading.kept if not melt or column.name not in melt.columns]
    if melt:
        melted = [column for column in reading.kept if column.name in melt.columns]
        kind = ColumnType.NUMBER if any(c.type is ColumnType.NUMBER for c in melted) else melted[0].type
        names = distinct([*(column.name for column in columns), melt.name, melt.value])[-2:]
        year = ReadColumn(
            at=-1, source="", name=names[0], title="Jahr", type=ColumnType.INTEGER, role=Role.YEAR
        )
        unit = melted[0].unit if len({column.unit for column in melted}) == 1 else ""
        columns += [
            year,
            ReadColumn(
                at=-1,
                source="",
                name=names[1],
                title=names[1].replace("_", " ").capitalize(),
                type=kind,
                unit=unit,
            ),
        ]
    if reading.position:
        [name] = distinct([*(column.name for column in columns), "geometrie"])[-1:]
        columns.append(ReadColumn(at=-1, source="", name=name, title="Geometrie", type=ColumnType.GEOMETRY))
    return tuple(columns)


def needs_spatial(reading: Reading) -> bool:
    """Whether geometry functions are needed."""
    return reading.position is not None or any(c.type is ColumnType.GEOMETRY for c in reading.kept)


def _type_rows(reader: Reader, source: str, reading: Reading, folder: Path) -> Stage:
    stage = Stage(folder / "stage.parquet")
    kept = reading.kept
    above = reading.skipped_rows + reading.header_rows
    conditions = [f"row > {above}"] if above else []
    if reading.footer_rows:
        [(last,)] = reader.rows(f"SELECT max(row) FROM ({source})")
        conditions.append(f"row <= {(last or 0) - reading.footer_rows}")
    if reading.totals and not reading.keep_totals:
        conditions.append(f"row NOT IN ({', '.join(map(str, reading.totals))})")
        stage.dropped["totals"] = len(reading.totals)
    if is_total := _labelled(reading):
        where = " AND ".join([*conditions, is_total])
        [(found,)] = reader.rows(f"SELECT count(*) FROM ({source}) WHERE {where}")
        stage.dropped["totals"] = stage.dropped.get("totals", 0) + found
        conditions.append(f"NOT coalesce({is_total}, false)")
    stage.dropped |= {
        "title": reading.skipped_rows,
        "header": reading.header_rows,
        "footer": reading.footer_rows,
    }
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    clean = ", ".join(f"{cleaned(column, reading)} AS t{column.at}" for column in kept)
    typed = ", ".join(f"{cast(column, f't{column.at}', reading.crs)} AS v{column.at}" for column in kept)
    texts = ", ".join(f"t{column.at}" for column in kept)
    sql = (
        f"SELECT row, {', '.join(f'v{column.at}' for column in kept)}, {_bad(kept)} AS bad, "
        f"({' AND '.join(f't{column.at} IS NULL' for column in kept)}) AS void "
        f"FROM (SELECT row, {texts}, {typed} FROM (SELECT row, {clean} FROM ({source}){where}))"
    )
    try:
        reader.run(f"COPY ({sql}) TO {literal(str(stage.path))} (FORMAT parquet, COMPRESSION snappy)")
    except ReadingFailed as error:
        if "Maximum line size" in str(error):
            raise Refusal("quote_open", line=_line_of(str(error))) from error
        raise
    _count_malformed(reader, stage)
    [(void,)] = reader.rows(f"SELECT count(*) FILTER (WHERE void) FROM {literal(str(stage.path))}")
    stage.dropped["empty"] = void
    return stage


def _labelled(reading: Reading) -> str:
    """The condition for rows that a person knows as sums by what stands in one of their cells; empty where none are."""
    texts = [f"c{column.at}" for column in reading.columns if column.type is ColumnType.TEXT]
    if not reading.total_words or not texts:
        return ""
    words = ", ".join(literal(word) for word in reading.total_words)
    return "(" + " OR ".join(f"trim({text}::VARCHAR, {BLANKS}) IN ({words})" for text in texts) + ")"


def _line_of(message: str) -> str:
    return next((word.rstrip(".:") for word in message.split("ine:")[1:] for word in word.split()[:1]), "?")


def _bad(kept: Sequence[ReadColumn]) -> str:
    """A list of (number of the column, text) of the cells that do not fit; NULL where all do."""
    typed = [
        c
        for c in kept
        if c.type is not ColumnType.TEXT and not (c.native and c.type is not ColumnType.GEOMETRY)
    ]
    if not typed:
        return "NULL::STRUCT(place INTEGER, said VARCHAR)[]"
    wrong = [f"(t{column.at} IS NOT NULL AND v{column.at} IS NULL)" for column in typed]
    cells = ", ".join(
        f"CASE WHEN {is_wrong} THEN {{'place': {column.at}, 'said': {_said(column)}}} END"
        for column, is_wrong in zip(typed, wrong, strict=True)
    )
    return f"CASE WHEN {' OR '.join(wrong)} THEN [{cells}] END"


def _said(column: ReadColumn) -> str:
    return "''" if column.native else f"left(t{column.at}, 100)"


def _count_malformed(reader: Reader, stage: Stage) -> None:
    wrong = rejects(reader)
    if not wrong:
        return
    [(rows,)] = reader.rows(f"SELECT count(*) FROM {literal(str(stage.path))}")
    lines = {line for line, _ in wrong}
    if len(lines) > MALFORMED_SHARE * (rows + len(lines)):
        raise Refusal("rows_malformed", count=len(lines), line=wrong[0][0], problem=wrong[0][1].lower())
    stage.dropped["malformed"] = len(lines)
    stage.remarks.append(remark("rows_malformed", count=len(lines), line=wrong[0][0]))


def _shape(stage: Stage, reading: Reading) -> tuple[tuple[ReadColumn, ...], str]:
    """The columns of the table and the SELECT that gives them."""
    columns = table_columns(reading)
    melt = reading.years_as_columns
    parts = []
    for column in columns:
        if column.at >= 0:
            parts.append(f"{_final(column)} AS {quoted(column.name)}")
        elif melt and column.type is not ColumnType.GEOMETRY:
            parts.append(f"{_melted(column, reading)} AS {quoted(column.name)}")
        elif reading.position:
            parts.append(f"{_point(reading)} AS {quoted(column.name)}")
    return columns, f"SELECT {', '.join(parts)} FROM {literal(str(stage.path))} WHERE NOT void"


def _final(column: ReadColumn) -> str:
    value = f"v{column.at}"
    if column.type is ColumnType.TIME:
        return f"({value} AT TIME ZONE 'UTC')"
    if column.type is ColumnType.GEOMETRY:
        return f"CASE WHEN ST_IsValid({value}) THEN {value} ELSE ST_MakeValid({value}) END"
    return value


def _tell_repaired(reader: Reader, stage: Stage, reading: Reading) -> None:
    for column in reading.kept:
        if column.type is ColumnType.GEOMETRY:
            [(places,)] = reader.rows(f"SELECT count(v{column.at}) FROM {literal(str(stage.path))}")
            if not places:
                raise Refusal("no_places", column=column.title or column.name)
            invalid = f"FILTER (WHERE NOT ST_IsValid(v{column.at}))"
            [(count, first)] = reader.rows(
                f"SELECT count(*) {invalid}, min(row) {invalid} FROM {literal(str(stage.path))}"
            )
            if count:
                stage.remarks.append(remark("repaired", column=column.name, count=count, row=first))


def _melted(column: ReadColumn, reading: Reading) -> str:
    melt = reading.years_as_columns
    assert melt is not None  # noqa: S101 - the caller looked
    if column.role is Role.YEAR and column.at == -1 and column.title == "Jahr":
        return f"unnest([{', '.join(map(str, melt.labels))}])::BIGINT"
    places = [found.at for name in melt.columns if (found := reading.column(name))]
    kind = SQL_TYPES[column.type]
    return f"unnest([{', '.join(f'v{at}::{kind}' for at in places)}])"


def _point(reading: Reading) -> str:
    position = reading.position
    east = reading.column(position.east) if position else None
    north = reading.column(position.north) if position else None
    if position is None or east is None or north is None:
        raise Refusal("no_table")
    point = f"ST_Point(v{east.at}, v{north.at})"
    if position.crs in {"EPSG:4326", "OGC:CRS84"}:
        # What lies outside the globe is no place.
        return f"CASE WHEN abs(v{east.at}) <= 180 AND abs(v{north.at}) <= 90 THEN {point} END"
    return on_earth(transformed(point, position.crs))


def _refused(reader: Reader, stage: Stage, reading: Reading) -> tuple[tuple[RefusedCell, ...], int]:
    names = {column.at: column.name for column in reading.kept}
    cells = f"(SELECT row, unnest(bad) AS cell FROM {literal(str(stage.path))} WHERE bad IS NOT NULL)"
    [(count,)] = reader.rows(f"SELECT count(cell) FROM {cells}")
    told = reader.rows(
        f"SELECT row, cell.place, cell.said FROM {cells} WHERE cell IS NOT NULL ORDER BY row, cell.place LIMIT {TOLD}"
    )
    return tuple(RefusedCell(row, names[at], said or "") for row, at, said in told), count


def _box(reader: Reader, target: Path, name: str) -> tuple[float, float, float, float] | None:
    shape = quoted(name)
    [box] = reader.rows(
        f"SELECT min(ST_XMin({shape})), min(ST_YMin({shape})), max(ST_XMax({shape})), max(ST_YMax({shape})) "
        f"FROM {literal(str(target))}"
    )
    return None if any(value is None for value in box) else (box[0], box[1], box[2], box[3])


def understood(reader: Reader, reading: Reading) -> Reading:
    """The reading with its sample as it was understood: the same casts over its few rows."""
    kept = reading.kept
    if not reading.sample or not kept:
        return reading
    width = max(len(row.cells) for row in reading.sample)
    values = ", ".join(
        "(" + ", ".join([str(row.number), *(literal(cell) for cell in _padded(row.cells, width))]) + ")"
        for row in reading.sample
    )
    names = ", ".join(["row", *(f"c{at}" for at in range(width))])
    clean = ", ".join(f"{_sample_text(column, reading)} AS t{column.at}" for column in kept)
    shown = ", ".join(
        f"t{column.at}" if column.native else _shown(column, cast(column, f"t{column.at}")) for column in kept
    )
    rows = reader.rows(
        f"SELECT {shown} FROM (SELECT row, {clean} FROM (VALUES {values}) AS raw({names})) ORDER BY row"
    )
    sample = tuple(
        msgspec.structs.replace(row, understood=tuple(cells))
        for row, cells in zip(reading.sample, rows, strict=True)
    )
    return msgspec.structs.replace(reading, sample=sample)


def _shown(column: ReadColumn, value: str) -> str:
    if column.type is ColumnType.TIME:
        return f"strftime({value}, '%Y-%m-%dT%H:%M:%S')"
    if column.type is ColumnType.GEOMETRY:
        return f"CASE WHEN t{column.at} IS NULL THEN NULL ELSE left(t{column.at}, 60) END"
    return f"({value})::VARCHAR"


def _padded(cells: Sequence[str], width: int) -> Iterator[str]:
    yield from cells
    for _ in range(width - len(cells)):
        yield ""


def _sample_text(column: ReadColumn, reading: Reading) -> str:
    return f"nullif(c{column.at}, '')" if column.native else cleaned(column, reading)
