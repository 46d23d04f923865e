"""What officers do with a case besides moving it: assign, hand over, note, weigh, tick off."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, versions
from stadt.civic.cases.events import CaseAssigned, CaseChanged
from stadt.civic.cases.models import Case, Note, TaskDone
from stadt.civic.cases.moves import may_do
from stadt.civic.cases.people import clean_text, wrong
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.services.moving import Said, perform
from stadt.core.audit import record
from stadt.core.errors import Forbidden
from stadt.core.events import publish
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.grants import find_grants
from stadt.core.people.models import Organisation

PRIORITIES = (-1, 0, 1, 2)
"""Low, normal, high, at once."""


@transaction.atomic
def assign_case(
    actor: Actor,
    case_id: int,
    *,
    organisation_id: int | None = None,
    assignee_id: int | None = None,
    revision: int | None = None,
) -> Case:
    """Give a case to an organisation (None: it stays) and to a person of it (None: to nobody yet).

    Raises:
        NotFound, Forbidden: without `cases.handle` where the case is.
        Invalid: naming `organisation` or `assignee`, who must handle cases there.
        Conflict: another revision, or the case is anonymised.
    """
    case = access.lock_for(actor, HANDLE, case_id, revision)
    before = (case.organisation_id, case.assignee_id)
    if organisation_id is not None:
        case.organisation_id = _existing(organisation_id)
    if assignee_id is not None and not _handles(assignee_id, access.place_of(case)):
        raise wrong("assignee", gettext("bearbeitet dort keine Vorgänge"))
    case.assignee_id = assignee_id
    if (case.organisation_id, case.assignee_id) == before:
        return case
    journal.write(
        actor,
        case,
        "assign_case",
        "assigned",
        changes={"organisation": case.organisation_id, "assignee": case.assignee_id, "from": list(before)},
    )
    publish(CaseAssigned(case.pk))
    return case


@transaction.atomic
def hand_to_contractor(
    actor: Actor, case_id: int, organisation_id: int | None, *, text: str = "", revision: int | None = None
) -> Case:
    """Let an organisation do the work (None takes it back); `text` becomes a note for it.

    Where the type has a step to a state in which contractors can do something, it is taken along: else the organisation
    would hold work that it cannot finish.

    Raises as `assign_case`.
    """
    case = access.lock_for(actor, HANDLE, case_id, revision)
    said = clean_text(text, "text")
    case.contractor_id = _existing(organisation_id) if organisation_id is not None else None
    journal.write(
        actor, case, "hand_to_contractor", "handed_over", changes={"contractor": case.contractor_id}
    )
    if said:
        Note.objects.create(case=case, author_id=actor.user_id, text=said, for_contractor=True)
    publish(CaseAssigned(case.pk))
    if organisation_id is not None:
        _go_to_contractor(actor, case)
    return case


def _go_to_contractor(actor: Actor, case: Case) -> None:
    one = versions.type_of(case)
    for move in one.moves_from(case.state):
        if move in one.hand_overs and may_do(actor, case, one, move, timezone.now()):
            perform(actor, case, one, move, Said())
            return


@transaction.atomic
def note_case(actor: Actor, case_id: int, text: str, *, for_contractor: bool = False) -> Note:
    """Keep an internal note. What a contractor notes is for both. Raises NotFound, Forbidden, Invalid naming `text`."""
    case = access.lock_seen(actor, case_id)
    access.require_live(case)
    if not access.holds(actor, HANDLE, case):
        if not access.is_contractor(actor, case):
            actor.require(HANDLE, access.place_of(case))
        for_contractor = True
    said = clean_text(text, "text", needed=True)
    note = Note.objects.create(case=case, author_id=actor.user_id, text=said, for_contractor=for_contractor)
    record(actor, "note_case", case.subject, {"note": note.pk})
    return note


@transaction.atomic
def set_priority(actor: Actor, case_id: int, priority: int, *, revision: int | None = None) -> Case:
    """-1 low, 0 normal, 1 high, 2 at once. Raises as `assign_case`; Invalid naming `priority`."""
    case = access.lock_for(actor, HANDLE, case_id, revision)
    if priority not in PRIORITIES:
        raise wrong("priority", gettext("gibt es nicht"))
    if case.priority != priority:
        before, case.priority = case.priority, priority
        journal.write(actor, case, "set_priority", "weighed", changes={"from": before, "to": priority})
        publish(CaseChanged(case.pk, "priority"))
    return case


@transaction.atomic
def set_task(actor: Actor, case_id: int, key: str, *, is_done: bool = True) -> Case:
    """Tick a task of the type off or on again; contractors may. Raises NotFound, Forbidden, Invalid naming `task`."""
    case = access.lock_seen(actor, case_id)
    access.require_live(case)
    if not access.holds(actor, HANDLE, case) and not access.is_contractor(actor, case):
        raise Forbidden(gettext("Dafür fehlt Ihnen das Recht „%(title)s“ (%(key)s).") % {
            "title": gettext(HANDLE.title), "key": HANDLE.key,
        })  # fmt: skip
    if versions.type_of(case).find_task(key) is None:
        raise wrong("task", gettext("gibt es nicht"))
    if is_done:
        _, is_new = TaskDone.objects.get_or_create(case=case, key=key, defaults={"by_id": actor.user_id})
    else:
        is_new = bool(TaskDone.objects.filter(case=case, key=key).delete()[0])
    if is_new:
        journal.write(actor, case, "set_task", "task", changes={"task": key, "is_done": is_done})
    return case


def _existing(organisation_id: int) -> int:
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise wrong("organisation", gettext("gibt es nicht"))
    return organisation_id


def _handles(user_id: int, organisation_id: int) -> bool:
    held, _ = find_grants(user_id)
    return any(organisation_id in held.get(key, ()) for key in (HANDLE.key, ALL))
