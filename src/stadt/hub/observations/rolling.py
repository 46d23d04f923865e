"""The job that keeps rollups: it computes the past days that changed, in pieces; `rollups.py` says how they are read.

For each datastream it reads the versions of days, computes their buckets, and says then which versions they are of. A day
that changed meanwhile has another version by then and is computed again. A run that ends early leaves nothing behind.
"""

# ruff: noqa: S608 - fixed fragments and placeholders only

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError

from stadt.core.people.models import Setting
from stadt.hub.observations.changes import SNAPSHOT
from stadt.hub.observations.rollups import DAYS, HOURS, Width, local_spans, raw_buckets

ROLLED = "observations.rolled"
# So long a run works; the next one goes on. Pieces keep locks and transactions short.
SECONDS = 40.0
DAYS_AT_ONCE = 31
DUE_AT_ONCE = 5_000

_DUE = """
SELECT datastream_id, day FROM observations_datastreamday
WHERE rolled <> version AND day < %s AND (changed >= %s OR changed >= %s{more}){quiet}
ORDER BY datastream_id, day LIMIT %s
"""
_WAITING = "SELECT count(*) FROM (SELECT FROM observations_datastreamday WHERE rolled <> version AND day < %s LIMIT %s) AS w"
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('observations_rollup ' || %s::text, 0))"
_VERSIONS = "SELECT day, version FROM observations_datastreamday WHERE datastream_id = %s AND day = ANY(%s) ORDER BY day"
_UTC = (
    "SELECT (day::timestamp AT TIME ZONE 'UTC') AS first, ((day + 1)::timestamp AT TIME ZONE 'UTC') AS behind"
    " FROM unnest(%(days)s::date[]) AS day"
)
_STREAM, _ZONE = "%(stream)s::bigint", "%(zone)s"
_NEAR = "r.start >= %(first)s::date - 2 AND r.start < %(last)s::date + 2"
_FORGET_HOURS = f"""
DELETE FROM observations_rollup AS r WHERE r.datastream_id = {_STREAM} AND r.width = {HOURS} AND {_NEAR}
AND (r.start AT TIME ZONE 'UTC')::date = ANY(%(days)s::date[])
"""
_FORGET_DAYS = f"""
DELETE FROM observations_rollup AS r WHERE r.datastream_id = {_STREAM} AND r.width = {DAYS} AND {_NEAR}
AND r.start IN (SELECT local AT TIME ZONE {_ZONE} FROM ({local_spans("day", _ZONE, _UTC)}) AS l)
"""


def _keep(width: Width, minutes: int) -> str:
    return f"""
INSERT INTO observations_rollup (
    datastream_id, width, start, count, total, minimum, maximum, p50, p95, is_simulated
)
SELECT {_STREAM}, {minutes}, b.start, b.count, b.total, b.minimum, b.maximum, b.p50, b.p95, b.is_simulated
FROM ({raw_buckets(width, _STREAM, _ZONE, _UTC)}) AS b
"""


_COMPUTE = (_FORGET_HOURS, _keep(Width.HOUR, HOURS), _FORGET_DAYS, _keep(Width.DAY, DAYS))
_LOCK_DAYS = (
    "SELECT count(*) FROM (SELECT FROM observations_datastreamday WHERE datastream_id = %s AND day = ANY(%s)"
    " ORDER BY day FOR UPDATE) AS locked"
)
_TELL = """
UPDATE observations_datastreamday AS d SET rolled = n.version
FROM unnest(%s::date[], %s::bigint[]) AS n (day, version)
WHERE d.datastream_id = %s AND d.day = n.day
"""


def roll_up_quiet() -> None:
    """The job of every minute: as `roll_up`, without days that changed since the run before.

    While a back-fill goes on, its days would be computed again every minute, beside it and for nothing.
    """
    roll_up(is_patient=True)


def roll_up(*, is_patient: bool = False) -> None:
    """Roll up what changed on days that are over, for at most 40 seconds."""
    end = time.monotonic() + SECONDS
    while True:
        facts, due = _find_due(is_patient)
        if not due:
            Setting.objects.update_or_create(key=ROLLED, defaults={"value": facts})
            return
        is_done = False
        for datastream_id, days in _pieces(due):
            is_done = roll_days(datastream_id, days) or is_done
            if time.monotonic() > end:
                return
        if not is_done:  # somebody else is at it
            return


def find_backlog() -> str | None:
    """Doctor's check: what is wrong when more days wait than one run of the job takes, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [datetime.now(UTC).date(), DUE_AT_ONCE + 1])
        [(count,)] = cursor.fetchall()
    if count <= DUE_AT_ONCE:
        return None
    return (
        f"Mehr als {DUE_AT_ONCE} Tage mit Messwerten sind noch nicht zusammengefasst; Auswertungen über lange Zeiten sind "
        "so lange langsamer. Nach einem großen Nachtrag ist das üblich und wird von selbst weniger. Wird es nicht weniger, "
        "steht der Worker still: Bitte „stadt worker“ starten."
    )


def _find_due(is_patient: bool) -> tuple[dict[str, Any], list[tuple[int, date]]]:
    """What to remember when all of it is done, and days to roll up.

    Cursors are those of `changes.changed_days`: `cursor` is behind what was rolled up, `quiet` is where this run began.
    Days of today are rolled up when they are over.
    """
    found = Setting.objects.filter(key=ROLLED).values_list("value", flat=True).first()
    before: dict[str, Any] = found if isinstance(found, dict) else {"cursor": 0, "quiet": 0, "day": ""}
    today = datetime.now(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        oldest, unborn = cursor.fetchone()
        since, quiet = (value if value <= unborn else 0 for value in (before["cursor"], before["quiet"]))
        parameters: list[Any] = [today, since, unborn]
        more = rested = ""
        if before["day"] and before["day"] != today.isoformat():
            more = " OR day >= %s"
            parameters.append(date.fromisoformat(before["day"]))
        if is_patient:
            rested = " AND (changed < %s OR changed >= %s)"
            parameters += [quiet, unborn]
        cursor.execute(_DUE.format(more=more, quiet=rested), [*parameters, DUE_AT_ONCE])
        facts = {"cursor": quiet if is_patient else oldest, "quiet": oldest, "day": today.isoformat()}
        return facts, list(cursor.fetchall())


def _pieces(due: Sequence[tuple[int, date]]) -> Iterator[tuple[int, list[date]]]:
    for datastream_id, rows in groupby(due, key=lambda row: row[0]):
        days = [day for _, day in rows]
        for start in range(0, len(days), DAYS_AT_ONCE):
            yield datastream_id, days[start : start + DAYS_AT_ONCE]


class _Gone(Exception):
    """The datastream was deleted meanwhile."""


def roll_days(datastream_id: int, days: Sequence[date]) -> bool:
    """Compute the rollups of a datastream's UTC days, and of the local days they overlap.

    Returns:
        Whether that was done: not when the datastream is gone, or somebody else is at it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            return _roll_days(cursor, datastream_id, list(days))
    except _Gone:
        return False
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            return False
        raise


def _roll_days(cursor: Any, datastream_id: int, days: list[date]) -> bool:
    cursor.execute(_LOCK, [datastream_id])
    if not cursor.fetchone()[0]:
        return False
    # Before anything is computed: what changes from here on gets another version.
    cursor.execute(_VERSIONS, [datastream_id, days])
    versions = dict(cursor.fetchall())
    if not versions:
        return False
    known = list(versions)
    named = {
        "stream": datastream_id,
        "zone": settings.TIME_ZONE,
        "days": known,
        "first": known[0],
        "last": known[-1],
    }
    for statement in _COMPUTE:
        cursor.execute(statement, named)
    cursor.execute(_LOCK_DAYS, [datastream_id, known])
    if cursor.fetchone()[0] < len(known):
        raise _Gone
    cursor.execute(_TELL, [known, list(versions.values()), datastream_id])
    return True
