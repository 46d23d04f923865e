"""Local times become moments: the hour that a clock change repeats or leaves out is settled and told."""
# ruff: noqa: S608 - names are v and a number, words go through literal()

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.reading import ReadColumn, Reading
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.intake.values import WITH_ZONE
from stadt.hub.lake.engine import literal
from stadt.hub.lake.reading import Reader

DAY: Final = timedelta(days=1)


class Staged(Protocol):
    """The part of a stage that is needed here."""

    path: Path
    remarks: list[Remark]


def settle_hours(reader: Reader, stage: Staged, reading: Reading) -> None:
    """Turn every local time of the stage into UTC.

    An hour that occurred twice counts as summer time; where the rows' own clock runs back inside it, what comes after
    counts as standard time. An hour that did not occur is no moment and becomes a missing value. Both are told.
    """
    local = [
        column
        for column in reading.kept
        if column.type is ColumnType.TIME and WITH_ZONE not in column.pattern and not column.native
    ]
    if not local:
        return
    zone = literal(reading.zone)
    source = literal(str(stage.path))
    replaced = []
    joined = f"SELECT * FROM {source}"
    for column in local:
        joined = _settle(reader, stage, column, zone, source, joined)
        replaced.append(f"v{column.at}")
    aside = stage.path.with_suffix(".settled")
    reader.run(f"COPY ({joined}) TO {literal(str(aside))} (FORMAT parquet, COMPRESSION snappy)")
    aside.replace(stage.path)


def _settle(reader: Reader, stage: Staged, column: ReadColumn, zone: str, source: str, rows: str) -> str:
    """A SELECT over `rows` with one column in UTC."""
    value = f"v{column.at}"
    winter = f"timezone('UTC', timezone({zone}, {value}))"
    # Only near a change of the clocks can a local time be doubtful; elsewhere the zone's rule alone speaks.
    doubtful = _doubtful_days(reader, value, ZoneInfo(zone.strip("'")), source)
    if not doubtful:
        return f"SELECT * REPLACE ({winter} AS {value}) FROM ({rows})"
    days = ", ".join(f"DATE '{day}'" for day in doubtful)
    early = f"timezone({zone}, timezone({zone}, {value}) - INTERVAL 1 HOUR) = {value}"
    late = f"timezone({zone}, timezone({zone}, {value}) + INTERVAL 1 HOUR) = {value}"
    gone = f"timezone({zone}, timezone({zone}, {value})) <> {value}"
    near = f"(SELECT row, {value} FROM {source} WHERE {value}::DATE IN ({days}))"
    [(twice, never)] = reader.rows(
        f"SELECT count(*) FILTER (WHERE {early} OR {late}), count(*) FILTER (WHERE {gone}) FROM {near}"
    )
    if twice:
        stage.remarks.append(remark("ambiguous_hour", column=column.name, count=twice))
    if never:
        stage.remarks.append(remark("skipped_hour", column=column.name, count=never))
    table = f"settled_{column.at}"
    reader.run(
        f"CREATE TEMP TABLE {table} AS SELECT row AS settled_row, {value} AS local, "
        f"CASE WHEN {gone} THEN NULL "
        f"WHEN {early} THEN {winter} - CASE WHEN back > 0 THEN INTERVAL 0 HOUR ELSE INTERVAL 1 HOUR END "
        f"WHEN {late} THEN {winter} + CASE WHEN back > 0 THEN INTERVAL 1 HOUR ELSE INTERVAL 0 HOUR END "
        f"ELSE {winter} END AS moment FROM ("
        f"SELECT *, sum(runs_back) OVER (PARTITION BY {value}::DATE ORDER BY row) AS back FROM ("
        f"SELECT *, coalesce({value} < lag({value}) OVER (PARTITION BY {value}::DATE ORDER BY row), false)::INTEGER AS runs_back "
        f"FROM {near}))"
    )
    return (
        f"SELECT staged.* REPLACE (CASE WHEN settled_row IS NOT NULL THEN moment ELSE {winter} END AS {value}) "
        f"FROM ({rows}) AS staged LEFT JOIN {table} ON settled_row = row"
    )


def _doubtful_days(reader: Reader, value: str, zone: ZoneInfo, source: str) -> list[date]:
    """The local days of the column on which the clocks changed."""
    found = reader.rows(f"SELECT DISTINCT {value}::DATE FROM {source} WHERE {value} IS NOT NULL")
    return sorted(day for (day,) in found if date.min < day < date.max and _hours_of(day, zone) != DAY)


def _hours_of(day: date, zone: ZoneInfo) -> timedelta:
    """From midnight to midnight; the difference is taken in UTC, since Python ignores the zone within one."""
    ends = [datetime.combine(end, time(), zone).astimezone(UTC) for end in (day, day + timedelta(days=1))]
    return ends[1] - ends[0]
