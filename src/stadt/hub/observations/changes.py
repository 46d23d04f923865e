"""Which days of which datastreams changed: what datasets ask before they write a part again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

# The oldest transaction that still runs, and the first that has not begun.
SNAPSHOT = (
    "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
    " FROM (SELECT pg_current_snapshot() AS s) AS now"
)


@dataclass(frozen=True, slots=True)
class DayFingerprint:
    """Count and greatest id of a set of datastreams on a UTC day; `changed` grows with every change of the day."""

    day: date
    count: int
    max_id: int | None
    changed: int


@dataclass(frozen=True, slots=True)
class MonthFingerprint:
    """As `DayFingerprint` for a calendar month (UTC), named by its first day."""

    month: date
    count: int
    max_id: int | None
    changed: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed (datastream id, UTC day) pairs, and the cursor to ask from next time."""

    days: list[tuple[int, date]]
    cursor: int


def day_fingerprints(datastream_ids: Sequence[int], start: date, end: date) -> list[DayFingerprint]:
    """The days in [start, end) on which the datastreams have or had observations, ascending.

    Costs one index scan over rows of days, never a look at observations. Two equal fingerprints mean equal rows.
    """
    return [DayFingerprint(*row) for row in _fingerprints("day", datastream_ids, start, end)]


def month_fingerprints(datastream_ids: Sequence[int], start: date, end: date) -> list[MonthFingerprint]:
    """As `day_fingerprints`, by month."""
    return [MonthFingerprint(*row) for row in _fingerprints("month", datastream_ids, start, end)]


def _fingerprints(
    unit: str, datastream_ids: Sequence[int], start: date, end: date
) -> list[tuple[date, int, int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date_trunc(%s, day::timestamp)::date AS unit, sum(count)::bigint, max(max_id), max(changed)"
            " FROM observations_datastreamday WHERE datastream_id = ANY(%s) AND day >= %s AND day < %s"
            " GROUP BY unit ORDER BY unit",
            [unit, list(datastream_ids), start, end],
        )
        return list(cursor.fetchall())


def changed_days(since: int = 0, datastream_ids: Sequence[int] | None = None) -> Changes:
    """The days that changed since an earlier call returned this cursor (0: since ever), at least once each.

    The cursor stops at the oldest transaction that still runs, so that what commits late is found next time. In a
    database that was restored elsewhere transaction numbers start anew: all days that seem to come from the future
    are given.
    """
    wanted = None if datastream_ids is None else list(datastream_ids)
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        oldest, unborn = cursor.fetchone()
        cursor.execute(
            "SELECT datastream_id, day FROM observations_datastreamday"
            " WHERE ((changed >= %s AND changed < %s) OR changed >= %s)"
            " AND (%s::bigint[] IS NULL OR datastream_id = ANY(%s)) ORDER BY datastream_id, day",
            [since if since <= unborn else 0, oldest, unborn, wanted, wanted],
        )
        return Changes(list(cursor.fetchall()), oldest)
