"""The one way to write into a case's history, and what can be told from it: pauses and the running deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from stadt.civic.cases.catalogue import CaseType, Deadline, Face
from stadt.civic.cases.clock import Pause, calendar_of_city, due, paused_days
from stadt.civic.cases.models import Case, Entry
from stadt.core.audit import record
from stadt.core.people.actor import Actor

Step = tuple[datetime, str, Mapping[str, Any]]
"""When, the state entered (empty when none was), and the entry's data."""


def write(
    actor: Actor, case: Case, verb: str, kind: str, *, changes: Mapping[str, Any] | None = None, **entry: Any
) -> Entry:
    """Save the case with a new revision, and keep one row in its history and one in the audit (ids and keys only).

    `changes` are the entry's data too.
    """
    now = entry.pop("at", None) or timezone.now()
    case.revision += 1
    case.changed_at = now
    case.save()
    record(actor, verb, case.subject, dict(changes or {}))
    return Entry.objects.create(
        case=case,
        at=now,
        actor_kind=entry.pop("actor_kind", actor.kind),
        actor_id=actor.identifier,
        kind=kind,
        data=dict(changes or {}),
        **entry,
    )


def steps_of(case: Case) -> list[Step]:
    """What the clock needs of the history, oldest first. One query."""
    return list(
        Entry.objects.filter(case=case, kind__in=("opened", "moved", "asked", "answered"))
        .order_by("at", "pk")
        .values_list("at", "to_state", "data")
    )


def set_clock(case: Case, one: CaseType, steps: Sequence[Step], now: datetime) -> None:
    """Put the case's deadline where its type and its history say. A closed case keeps the one it was closed with."""
    calendar = calendar_of_city()
    pauses = pauses_of(steps, case.paused_at, now)
    case.paused_days = paused_days(pauses, now, calendar)
    if case.closed_at is not None and case.due_at is not None:
        return
    start = begin_of(case, one, steps)
    found = []
    for number, deadline in enumerate(one.deadlines):
        begin = _begin_of_deadline(deadline, start, steps)
        if begin is None or (case.closed_at is None and Face(case.face) in deadline.until_faces):
            continue
        own = one.find_category(case.category)
        days = own.deadline_days if number == 0 and own is not None and own.deadline_days else deadline.days
        found.append(due(begin, days, deadline.unit, pauses, calendar))
    if None in found and case.paused_at is not None:
        known = [moment for moment in found if moment is not None and moment <= now]
        case.due_at = min(known) if known else None
        return
    case.due_at = min((moment for moment in found if moment is not None), default=None)


def begin_of(case: Case, one: CaseType, steps: Sequence[Step]) -> datetime:
    """From when deadlines run: receipt, or the last time the case was opened again."""
    begin, was_final = case.received_at, False
    for at, to_state, _ in steps:
        state = one.find_state(to_state) if to_state else None
        if state is None:
            continue
        if was_final and not state.is_final:
            begin = at
        was_final = state.is_final
    return begin


def pauses_of(steps: Sequence[Step], paused_at: datetime | None, now: datetime) -> list[Pause]:
    """The times in which the citizen was asked, as the history tells them."""
    found: list[Pause] = []
    start: datetime | None = None
    for at, _, data in steps:
        is_pause = data.get("pauses")
        if is_pause and start is None:
            start = at
        elif is_pause is False and start is not None:
            found.append(Pause(start, at))
            start = None
    if paused_at is not None:
        found.append(Pause(paused_at))
    elif start is not None:
        found.append(Pause(start, now))
    return found


def _begin_of_deadline(deadline: Deadline, start: datetime, steps: Sequence[Step]) -> datetime | None:
    if not deadline.from_state:
        return start
    return max(
        (at for at, to_state, _ in steps if to_state == deadline.from_state and at >= start), default=None
    )
