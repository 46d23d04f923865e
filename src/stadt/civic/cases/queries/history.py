"""What happened to a case: for the office with names and notes, for everybody public texts only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

from stadt.civic.cases import access, moves, routing, versions
from stadt.civic.cases.catalogue import CaseType, Move, Task
from stadt.civic.cases.models import Case, Entry, Note, Party, TaskDone
from stadt.civic.cases.rights import SEE_CONTACT
from stadt.civic.cases.services.telling import reached
from stadt.civic.files.models import StoredFile
from stadt.civic.files.queries import files_of
from stadt.core.people.actor import Actor


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step of the public history: the face reached, what its state says, and what the office said to everybody."""

    at: datetime
    face: str
    title: str
    text: str
    reason: str
    planned_for: date | None


def history(actor: Actor, case: Case) -> list[Entry]:
    """Everything that happened, oldest first; a contractor sees since when the case is theirs. Raises NotFound."""
    access.require_seen(actor, case)
    found = Entry.objects.filter(case=case).order_by("at", "pk")
    if not access.is_officer(actor, case):
        found = found.filter(kind__in=("moved", "handed_over"))
    return list(found)


def notes_of(actor: Actor, case: Case) -> list[Note]:
    """The internal notes, oldest first; a contractor sees those meant for contractors. Raises NotFound."""
    access.require_seen(actor, case)
    found = Note.objects.filter(case=case).select_related("author").order_by("at", "pk")
    return list(found if access.is_officer(actor, case) else found.filter(for_contractor=True))


def parties_of(actor: Actor, case: Case) -> list[Party]:
    """Who stands in the case. Raises NotFound, Forbidden without `cases.see_contact` where the case is."""
    access.require(actor, SEE_CONTACT, case)
    return list(Party.objects.filter(case=case).order_by("pk"))


def count_told(case_ids: Sequence[int]) -> int:
    """Of how many of the cases somebody gets a message, by mail or in the inbox; links alone are not counted. One query."""
    return reached(Party.objects.filter(case__in=case_ids)).values("case_id").distinct().count()


def files_for_reporter(case: Case) -> list[StoredFile]:
    """The case's files as its reporter sees them: photos of other voices only once they are published."""
    others = set(case.supports.exclude(photo_id=None).values_list("photo_id", flat=True))
    return [item for item in files_of(case.subject) if item.is_published or item.pk not in others]


def public_history(case: Case, one: CaseType | None = None, language: str = "") -> list[PublicStep]:
    """What everybody may read of it, oldest first: public states and texts of the office, nothing internal."""
    one = one or versions.type_of(case)
    spoken = language or (get_language() or "de")[:2]
    steps = []
    rows = Entry.objects.filter(case=case, kind__in=("opened", "moved")).order_by("at", "pk")
    for at, to_state, text, reason, data in rows.values_list(
        "at", "to_state", "public_text", "reason", "data"
    ):
        state = one.find_state(to_state)
        if state is None or not state.is_public:
            continue
        planned = data.get("planned_for")
        own = text if text != state.public_text else ""
        steps.append(
            PublicStep(
                at,
                str(state.face),
                state.face.label,
                own or state.translated("public_text", spoken),
                reason,
                date.fromisoformat(planned) if planned else None,
            )
        )
    return steps


def moves_for(actor: Actor, case: Case, one: CaseType | None = None) -> list[Move]:
    """What the actor may do with the case now, in the type's order."""
    one, now = one or versions.type_of(case), timezone.now()
    if case.anonymised_at is not None:
        return []
    return [move for move in one.moves_from(case.state) if moves.may_do(actor, case, one, move, now)]


def moves_by_link(case: Case, one: CaseType | None = None) -> list[Move]:
    """What the reporter may do with the case now."""
    one, now = one or versions.type_of(case), timezone.now()
    return [
        move
        for move in one.moves_from(case.state)
        if move.who in moves.FROM_OUTSIDE and moves.is_in_time(case, one, move, now)
    ]


def tasks_of(case: Case, one: CaseType | None = None) -> list[tuple[Task, bool]]:
    """The tasks that the type has for this case, and whether each is done."""
    one = one or versions.type_of(case)
    if not one.tasks:
        return []
    names = routing.names_of(case, timezone.now())
    done = set(TaskDone.objects.filter(case=case).values_list("key", flat=True))
    return [(task, task.key in done) for task in one.tasks if routing.applies(task, names)]
