"""Correcting and deleting observations: the store keeps what is current, the revisions keep what was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.observations import statements, wire
from stadt.hub.observations.append import month_days, parameters_of, prepare_cursor
from stadt.hub.observations.batch import DOCUMENTS, TIMES, Batch, Reading, microseconds
from stadt.hub.observations.models import Datastream
from stadt.hub.observations.multi import WIDTHS, multi_ids, refuse_other_widths
from stadt.hub.observations.rights import MANAGE


class Unchanged(Enum):
    """Stands for an attribute that a correction leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


class ObservationKey(NamedTuple):
    """An observation's primary key; the time is what finds its partition."""

    datastream_id: int
    phenomenon_time: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right about the observation with this key; attributes as in `Reading`, `moved_to` is another time."""

    datastream_id: int
    phenomenon_time: datetime
    id: int
    result: Any = UNCHANGED
    moved_to: datetime | Unchanged = UNCHANGED
    phenomenon_time_end: datetime | Unchanged | None = UNCHANGED
    result_time: datetime | Unchanged | None = UNCHANGED
    result_quality: Any = UNCHANGED
    valid_time_start: datetime | Unchanged | None = UNCHANGED
    valid_time_end: datetime | Unchanged | None = UNCHANGED
    parameters: Any = UNCHANGED
    feature_of_interest_id: int | Unchanged | None = UNCHANGED

    @property
    def key(self) -> ObservationKey:
        return ObservationKey(self.datastream_id, self.phenomenon_time, self.id)


@transaction.atomic
def correct_observations(actor: Actor, corrections: Iterable[Correction]) -> int:
    """Give observations a new revision each; the ones before stay as `ObservationRevision`. Ids stay.

    Returns:
        How many observations were corrected.

    Raises:
        Forbidden: without `observations.manage` for a datastream.
        NotFound: when one of the observations does not exist; nothing is changed.
        Invalid: naming what cannot be stored; nothing is changed.
    """
    wanted = {correction.key: correction for correction in corrections}
    if not wanted:
        return 0
    _require(actor, wanted)
    cursor = _cursor()
    current = _lock(cursor, list(wanted))
    readings = [_corrected(row, wanted[row.key]) for row in current]
    batch = Batch.of(readings)
    batch.check_now()
    if len(lists := multi_ids(batch, np.arange(len(batch)))):
        [(found, widths)] = cursor.execute(WIDTHS, (wire.integers(lists),)).fetchall()
        refuse_other_widths(batch, dict(zip(found, widths, strict=True)))
    if batch.refusals:
        wrong = (FieldError(f"{n}.{refusal.field}", refusal.message) for n, refusal in batch.refusals.items())
        raise Invalid(_("Die Berichtigung lässt sich nicht speichern."), fields=tuple(wrong))
    keys = _key_columns([row.key for row in current])
    cursor.execute("SELECT observations_ensure_months(%b::date[])", (list(month_days(batch.times)),))
    cursor.execute(statements.KEEP_REVISIONS, (*keys, False))
    cursor.execute(statements.CORRECT, (*keys, *parameters_of(batch)))
    _note(cursor, [wanted[row.key] for row in current], readings)
    days = {(row.key.datastream_id, row.key.phenomenon_time) for row in current}
    days |= {(reading.datastream_id, reading.phenomenon_time) for reading in readings}
    _refresh(cursor, days, has_rare=bool(batch.moments))
    record(actor, "correct_observations", "observations", _summary(list(wanted)))
    return len(current)


@transaction.atomic
def delete_observations(actor: Actor, keys: Iterable[ObservationKey]) -> int:
    """Take observations out of the store; a tombstone with their last revision stays until the retention job.

    Returns:
        How many were deleted; those that do not exist (any more) are passed over.

    Raises:
        Forbidden: without `observations.manage` for a datastream.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return 0
    _require(actor, wanted)
    cursor = _cursor()
    current = _lock(cursor, wanted, is_complete=False)
    columns = _key_columns([row.key for row in current])
    cursor.execute(statements.KEEP_REVISIONS, (*columns, True))
    cursor.execute(statements.DELETE, columns)
    _refresh(cursor, {(row.key.datastream_id, row.key.phenomenon_time) for row in current})
    record(actor, "delete_observations", "observations", _summary([row.key for row in current]))
    return len(current)


class _Row(NamedTuple):
    key: ObservationKey
    values: dict[str, Any]


def _require(actor: Actor, keys: Iterable[ObservationKey]) -> None:
    ids = {key.datastream_id for key in keys}
    organisations = Datastream.objects.filter(pk__in=ids).values_list("organisation_id", flat=True).distinct()
    for organisation_id in organisations:
        actor.require(MANAGE, organisation_id)
    if not organisations:
        actor.require(MANAGE)


def _cursor() -> "psycopg.Cursor[Any]":
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    prepare_cursor(cursor)
    return cursor


def _key_columns(keys: Sequence[ObservationKey]) -> tuple[wire.Column, wire.Column, wire.Column]:
    return (
        wire.integers(np.array([key.datastream_id for key in keys], np.int64)),
        wire.moments(np.array([microseconds(key.phenomenon_time) for key in keys], np.int64)),
        wire.integers(np.array([key.id for key in keys], np.int64)),
    )


def _lock(
    cursor: "psycopg.Cursor[Any]", keys: list[ObservationKey], *, is_complete: bool = True
) -> list[_Row]:
    """The observations, locked, in order of their keys; their counters were locked before them, in append's order."""
    columns = _key_columns(sorted(keys))
    cursor.execute(statements.LOCK_STATES, (columns[0],))
    cursor.execute(statements.LOCK, columns)
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    found = [
        _Row(ObservationKey(row["datastream_id"], row["phenomenon_time"], row["id"]), row) for row in rows
    ]
    if is_complete and len(found) < len(keys):
        missing = {key.id for key in keys} - {row.key.id for row in found}
        raise NotFound(_("Die Beobachtung %(id)s gibt es nicht.") % {"id": min(missing)})
    return found


def _corrected(row: _Row, correction: Correction) -> Reading:
    values = row.values
    number = values["result_number"]

    def pick(name: str) -> Any:
        given = getattr(correction, name)
        return values[name] if given is UNCHANGED else given

    result = correction.result
    if result is UNCHANGED:
        result = values["result_json"] if number is None else number
    moved = correction.moved_to
    return Reading(
        datastream_id=row.key.datastream_id,
        phenomenon_time=row.key.phenomenon_time if isinstance(moved, Unchanged) else moved,
        result=result,
        feature_of_interest_id=pick("feature_of_interest_id"),
        is_simulated=values["is_simulated"],
        **{name: pick(name) for name in (*TIMES, *DOCUMENTS)},
    )


def _note(
    cursor: "psycopg.Cursor[Any]", corrections: Sequence[Correction], readings: Sequence[Reading]
) -> None:
    """Tell the feed which attributes of which observations changed, and where in time they are now."""
    groups: dict[tuple[str, ...], list[ObservationKey]] = {}
    for correction, reading in zip(corrections, readings, strict=True):
        names = tuple(item.name for item in fields(correction) if item.name not in ObservationKey._fields)
        changed = tuple(name for name in names if getattr(correction, name) is not UNCHANGED)
        key = ObservationKey(correction.datastream_id, reading.phenomenon_time, correction.id)
        groups.setdefault(changed, []).append(key)
    for changed, keys in groups.items():
        cursor.execute(statements.NOTE_CORRECTED, (wire.texts(list(changed)), *_key_columns(keys)))


def _refresh(
    cursor: "psycopg.Cursor[Any]", touched: set[tuple[int, datetime]], *, has_rare: bool = False
) -> None:
    """Count the touched days anew and find each touched datastream's extent and newest value again.

    `has_rare`: an end or a result time was set, so that their extent is searched for even where there was none.
    """
    moments = sorted(touched)
    ids = wire.integers(np.array([datastream_id for datastream_id, _ in moments], np.int64))
    times = wire.moments(np.array([microseconds(time) for _, time in moments], np.int64))
    cursor.execute(statements.REFRESH_DAYS, (ids, times))
    cursor.execute(statements.REFRESH_STATES, (has_rare, ids))


def _summary(keys: Sequence[ObservationKey]) -> dict[str, Any]:
    return {"count": len(keys), "datastreams": sorted({key.datastream_id for key in keys})}
