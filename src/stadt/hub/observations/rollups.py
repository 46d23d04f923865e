"""Figures of one datastream's numbers in buckets of time: kept ones where they are right, raw observations elsewhere.

Rollups by hour and by local day are kept. A UTC day's are right while its `rolled` is its `version`, which grows in the
transaction of every write. One statement, hence one view of the database, takes kept buckets of right days and computes
the others: an answer is always what the raw observations say. Months are put together from days, and quarters of an hour,
months' percentiles and whatever is filtered are computed from raw observations.
"""

# ruff: noqa: S608 - fixed fragments and placeholders only

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import connection

from stadt.hub.observations.findings import Figures
from stadt.hub.observations.visibility import Visibility


class Width(Enum):
    """Lengths of buckets, in ISO 8601. Days and months are local: a day has 23 to 25 hours."""

    QUARTER = "PT15M"
    HOUR = "PT1H"
    DAY = "P1D"
    MONTH = "P1M"

    @property
    def longest(self) -> timedelta:
        """More than any bucket is long."""
        return {"P1D": timedelta(hours=26), "P1M": timedelta(days=32)}.get(self.value, timedelta(hours=1))


# In minutes, as the table has them.
HOURS, DAYS = 60, 1440
# A billion numbers of this size have a sum; beyond it sum, mean and percentiles are null.
LARGEST = "1e290"
# Declared by the owner of the datastream; else the median distance of the newest readings is taken.
INTERVAL_PROPERTY = "samplingInterval"
NEWEST, FEWEST = 100, 10
EARLIEST = "timestamptz '0001-01-01 00:00:00+00'"

NAMES = tuple(item.name for item in fields(Figures))
_COLUMNS = "start, count, total, minimum, maximum, p50, p95, is_simulated"
_SUMS = f"""count(*) AS count,
    CASE WHEN max(abs(o.result_number)) < {LARGEST}
         THEN sum(o.result_number) FILTER (WHERE abs(o.result_number) < {LARGEST}) END AS total,
    min(o.result_number) AS minimum, max(o.result_number) AS maximum"""
_PERCENTILES = ", ".join(
    f"CASE WHEN max(abs(o.result_number)) < {LARGEST}"
    f" THEN percentile_cont({share}) WITHIN GROUP (ORDER BY o.result_number) END AS {name}"
    for name, share in (("p50", "0.5"), ("p95", "0.95"))
)
_NO_PERCENTILES = "NULL::float8 AS p50, NULL::float8 AS p95"
_UTC_DAY = "(day::timestamp AT TIME ZONE 'UTC') AS first, ((day + 1)::timestamp AT TIME ZONE 'UTC') AS behind"


def measures(percentiles: bool) -> str:
    """The figures of a group of observations `o`."""
    return f"{_SUMS}, {_PERCENTILES if percentiles else _NO_PERCENTILES}, bool_or(o.is_simulated) AS is_simulated"


def local_spans(unit: str, zone: str, days: str) -> str:
    """The local days or months that UTC days overlap; `days` are rows with `first` and `behind`."""
    return (
        f"SELECT DISTINCT date_trunc('{unit}', x) AS local FROM ({days}) AS u CROSS JOIN LATERAL (VALUES"
        f" (u.first AT TIME ZONE {zone}), ((u.first + interval '12 hours') AT TIME ZONE {zone}),"
        f" ((u.behind - interval '1 microsecond') AT TIME ZONE {zone})) AS v(x)"
    )


def raw(spans: str, start: str, stream: str, percentiles: bool, condition: str = "") -> str:
    """Buckets from observations `o`; `spans` are rows with `first` and `behind`, each looked up by itself."""
    more = f" AND {condition}" if condition else ""
    return (
        f"SELECT b.* FROM ({spans}) AS s CROSS JOIN LATERAL ("
        f"SELECT {start} AS start, {measures(percentiles)} FROM observations_observation AS o"
        f" WHERE o.datastream_id = {stream} AND o.phenomenon_time >= s.first AND o.phenomenon_time < s.behind"
        f" AND o.result_number IS NOT NULL{more} GROUP BY 1) AS b"
    )


def raw_buckets(
    width: Width, stream: str, zone: str, days: str, *, percentiles: bool = True, condition: str = ""
) -> str:
    """Buckets of the UTC days (rows with `first` and `behind`), from observations alone; local ones are always whole."""
    if width in {Width.QUARTER, Width.HOUR}:
        step = "15 minutes" if width is Width.QUARTER else "1 hour"
        start = f"date_bin(interval '{step}', o.phenomenon_time, timestamptz 'epoch')"
        return raw(days, start, stream, percentiles, condition)
    unit = "day" if width is Width.DAY else "month"
    spans = (
        f"SELECT (local AT TIME ZONE {zone}) AS first, ((local + interval '1 {unit}') AT TIME ZONE {zone}) AS behind"
        f" FROM ({local_spans(unit, zone, days)}) AS l"
    )
    return raw(spans, "s.first", stream, percentiles, condition)


def _merged(width: Width, stream: str, zone: str) -> str:
    """Kept buckets of the days that are right, and the others from observations."""
    dirty = f"SELECT day, {_UTC_DAY} FROM days WHERE is_dirty"
    computed = raw_buckets(width, stream, zone, dirty)
    if width is Width.HOUR:
        others, place, minutes = (
            "SELECT day FROM days WHERE is_dirty",
            "(r.start AT TIME ZONE 'UTC')::date",
            HOURS,
        )
    else:
        others = f"SELECT local AT TIME ZONE {zone} FROM ({local_spans('day', zone, dirty)}) AS l"
        place, minutes = "r.start", DAYS
    return (
        f"SELECT {_COLUMNS} FROM observations_rollup AS r WHERE r.datastream_id = {stream} AND r.width = {minutes}"
        f" AND r.start >= (SELECT min(first) - interval '1 day' FROM (SELECT {_UTC_DAY} FROM days) AS f)"
        f" AND r.start < (SELECT max(behind) FROM (SELECT {_UTC_DAY} FROM days) AS f)"
        f" AND {place} NOT IN ({others}) UNION ALL {computed}"
    )


def _months(stream: str, zone: str) -> str:
    return (
        f"SELECT date_trunc('month', d.start, {zone}) AS start, sum(d.count)::bigint AS count,"
        " CASE WHEN bool_and(d.total IS NOT NULL) THEN sum(d.total) END AS total,"
        " min(d.minimum) AS minimum, max(d.maximum) AS maximum,"
        f" {_NO_PERCENTILES}, bool_or(d.is_simulated) AS is_simulated"
        f" FROM ({_merged(Width.DAY, stream, zone)}) AS d GROUP BY 1"
    )


def _pace(stream: str) -> str:
    """Seconds between readings: what the datastream declares, else the median distance of the newest; null if unknown."""
    is_duration = r"'^P(?=.)(\d{1,4}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,7}(\.\d{1,6})?S)?)?$'"
    return (
        "SELECT nullif(coalesce("
        f"(SELECT CASE WHEN v ~ {is_duration} THEN extract(epoch FROM v::interval)::float8 END FROM ("
        f"SELECT d.properties ->> '{INTERVAL_PROPERTY}' AS v FROM observations_datastream AS d WHERE d.id = {stream}"
        ") AS p),"
        f" (SELECT CASE WHEN count(*) >= {FEWEST - 1} THEN percentile_disc(0.5) WITHIN GROUP (ORDER BY gap) END"
        " FROM (SELECT extract(epoch FROM lag(n.time) OVER (ORDER BY n.time DESC) - n.time)::float8 AS gap FROM ("
        "SELECT o.phenomenon_time AS time FROM observations_observation AS o"
        f" WHERE o.datastream_id = {stream} AND o.result_number IS NOT NULL"
        f" AND o.phenomenon_time <= (SELECT s.last_time FROM observations_datastreamstate AS s"
        f" WHERE s.datastream_id = {stream})"
        f" ORDER BY o.phenomenon_time DESC LIMIT {NEWEST}) AS n) AS g WHERE gap IS NOT NULL)), 0) AS seconds"
    )


def buckets_sql(
    width: Width,
    stream: str,
    zone: str,
    days: str = "true",
    *,
    percentiles: bool = True,
    coverage: bool = True,
    condition: str = "",
) -> str:
    """A query for the buckets that hold a number: datastream_id, the columns of `Figures` by their names.

    Args:
        stream, zone: placeholders of the datastream's id and of the time zone's name.
        days: a condition about `day`, a UTC date: buckets that overlap others may be missing, or not be whole.
        percentiles, coverage: whether they are wanted; else they are null.
        condition: of observations `o` that count alone.
    """
    if condition or width is Width.QUARTER or (width is Width.MONTH and percentiles):
        every = f"SELECT {_UTC_DAY} FROM days WHERE count > 0"
        found = raw_buckets(width, stream, zone, every, percentiles=percentiles, condition=condition)
    elif width is Width.MONTH:
        found = _months(stream, zone)
    else:
        found = _merged(width, stream, zone)
    if width in {Width.DAY, Width.MONTH}:
        unit = "day" if width is Width.DAY else "month"
        finish = f"((b.start AT TIME ZONE {zone}) + interval '1 {unit}') AT TIME ZONE {zone}"
    else:
        finish = f"b.start + interval '{'1 hour' if width is Width.HOUR else '15 minutes'}'"
    share = "CASE WHEN p.seconds <= f.length THEN least(1, f.count * p.seconds / f.length) END"
    return (
        "WITH days AS MATERIALIZED (SELECT day, count, rolled <> version AS is_dirty FROM observations_datastreamday"
        f" WHERE datastream_id = {stream} AND {days})"
        f' SELECT {stream} AS datastream_id, f.start, f.finish AS "end", f.count, f.total,'
        " f.total / f.count AS mean, f.minimum, f.maximum, f.p50, f.p95,"
        f" {share if coverage else 'NULL::float8'} AS coverage, f.is_simulated"
        f" FROM (SELECT greatest(b.start, {EARLIEST}) AS start, {finish} AS finish,"
        f" extract(epoch FROM {finish} - b.start)::float8 AS length,"
        " b.count, b.total, b.minimum, b.maximum, b.p50, b.p95, b.is_simulated"
        f" FROM ({found}) AS b) AS f" + (f" CROSS JOIN ({_pace(stream)}) AS p" if coverage else "")
    )


def days_between(
    width: Width, first: datetime | None, last: datetime | None
) -> tuple[date | None, date | None]:
    """The UTC days that buckets overlap which start from `first` to `last`; None for no bound."""
    start = first.astimezone(UTC).date() if first is not None else None
    if last is None or last.year >= 9999:
        return start, None
    return start, (last.astimezone(UTC) + width.longest).date()


def list_buckets(
    datastream_id: int,
    width: Width,
    start: datetime,
    end: datetime,
    *,
    visibility: Visibility = Visibility.PUBLIC,
) -> list[Figures]:
    """The buckets that start in [start, end) and hold a number, ascending; none of a datastream that may not be seen."""
    visible, parameters = visibility.condition()
    first, last = days_between(width, start, end)
    query = buckets_sql(
        width,
        "%(stream)s::bigint",
        "%(zone)s",
        "day >= %(first)s AND day <= coalesce(%(last)s, 'infinity'::date)",
    )
    named: dict[str, Any] = {
        "stream": datastream_id,
        "zone": settings.TIME_ZONE,
        "first": first,
        "last": last,
        "start": start,
        "end": end,
    }
    if parameters:
        visible, named["organisations"] = visible.replace("%s", "%(organisations)s"), parameters[0]
    columns = ", ".join(f'"{name}"' for name in NAMES)
    rows: Sequence[tuple[Any, ...]]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM ({query}) AS b WHERE b.start >= %(start)s AND b.start < %(end)s"
            f" AND EXISTS (SELECT FROM observations_datastream AS d WHERE d.id = %(stream)s AND {visible})"
            " ORDER BY b.start",
            named,
        )
        rows = cursor.fetchall()
    return [Figures(*row) for row in rows]
