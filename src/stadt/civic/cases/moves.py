"""Who may do which move of a case now, and which tasks it waits for."""

from datetime import datetime, timedelta

from django.utils import timezone

from stadt.civic.cases import access, routing
from stadt.civic.cases.catalogue import CaseType, Move, Task
from stadt.civic.cases.models import Case, Party, TaskDone
from stadt.civic.cases.rights import DECIDE, HANDLE
from stadt.core.people.actor import Actor

FROM_OUTSIDE = frozenset({"reporter", "anybody"})
"""Moves of people who need no right in an organisation."""
OWN_ROLES = ("reporter", "applicant", "guardian")


def is_party(actor: Actor, case: Case) -> bool:
    """Whether a signed-in person told or asked for this. One query."""
    return actor.user_id is not None and (
        Party.objects.filter(case=case, user_id=actor.user_id, role__in=OWN_ROLES).exists()
    )


def may_do(actor: Actor, case: Case, one: CaseType, move: Move, now: datetime) -> bool:
    """Whether the move, which its state allows, is the actor's."""
    if actor.kind == "system":
        return True
    if move.who in FROM_OUTSIDE:
        return is_in_time(case, one, move, now) and (move.who == "anybody" or is_party(actor, case))
    if move.who == "contractor":
        return access.is_contractor(actor, case) or access.holds(actor, HANDLE, case)
    if move.who == "decider":
        return access.holds(actor, DECIDE, case)
    if case.contractor_id is None and move in one.hand_overs:
        return False  # such a step goes with naming the contractor, `hand_to_contractor`
    return move.who == "handler" and access.holds(actor, HANDLE, case)


def find_question(actor: Actor, case: Case, one: CaseType) -> Move | None:
    """The move by which the actor asks the citizen something now; None where the type has none, or the case waits already."""
    if case.paused_at is not None:
        return None
    now = timezone.now()
    found = (move for move in one.moves_from(case.state) if move in one.questions)
    return next((move for move in found if may_do(actor, case, one, move, now)), None)


def is_in_time(case: Case, one: CaseType, move: Move, now: datetime) -> bool:
    """Whether the days are not over in which a closed case can be moved from outside."""
    days = move.within_days or (one.reopen_days if move.who in FROM_OUTSIDE else 0)
    return not days or case.closed_at is None or now <= case.closed_at + timedelta(days=days)


def open_tasks(case: Case, one: CaseType, move: Move) -> list[Task]:
    """What has to be ticked off before the move. No query where the type has no such task."""
    wanted = [task for task in one.tasks if move.key in task.required_for]
    if not wanted:
        return []
    names = routing.names_of(case, timezone.now())
    done = set(TaskDone.objects.filter(case=case).values_list("key", flat=True))
    return [task for task in wanted if task.key not in done and routing.applies(task, names)]
