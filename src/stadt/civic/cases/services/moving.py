"""Changes of state: by officers and contractors, by the reporter's link, by the platform itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, versions
from stadt.civic.cases.catalogue import CaseType, Move, State
from stadt.civic.cases.events import CaseMoved
from stadt.civic.cases.models import Case, Entry, Note
from stadt.civic.cases.moves import FROM_OUTSIDE, is_in_time, is_party, may_do, open_tasks
from stadt.civic.cases.people import clean_text, wrong
from stadt.civic.cases.placeholders import fill, fill_typed
from stadt.civic.cases.services import telling
from stadt.core.errors import Conflict, Forbidden
from stadt.core.events import publish
from stadt.core.people.actor import Actor

LATEST_PLAN = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a move."""

    text: str = ""
    reason: str = ""
    planned_for: date | None = None
    files: Sequence[int] = ()


@transaction.atomic
def move_case(
    actor: Actor,
    case_id: int,
    move_key: str,
    *,
    text: str = "",
    reason: str = "",
    planned_for: date | None = None,
    files: Sequence[int] = (),
    revision: int | None = None,
) -> Case:
    """Change the state by a move of the case's type.

    Args:
        text: what the reporter reads, and everybody where the case is public; empty: the move's template.
        reason: why something is not possible; read by the same people.
        files: ids of taken files, shown as „after“ photos.
        revision: the revision that the officer saw.

    Raises:
        NotFound: no such case, or it may not be seen.
        Forbidden, SignInNeeded: the move is somebody else's.
        Conflict: the state does not allow the move (any more), `revision` is not the present one, a task is missing, or
            the move asks the citizen something and nobody can be asked.
        Invalid: naming `text`, `reason`, `planned_for` or `photo`, which the move asks for.
    """
    case = access.lock_case(case_id)
    one = versions.type_of(case)
    move = one.find_move(move_key)
    is_outside = (
        move is not None and move.who in FROM_OUTSIDE and (move.who == "anybody" or is_party(actor, case))
    )
    if not is_outside:
        access.require_seen(actor, case)
    access.check_revision(case, revision)
    move = _allowed(one, case, move_key)
    if not may_do(actor, case, one, move, timezone.now()):
        raise Forbidden(gettext("„%(title)s“ ist nicht Ihre Sache.") % {"title": move.title})
    if move in one.questions and actor.kind != "system":
        telling.require_listener(case)
    return perform(actor, case, one, move, Said(text, reason, planned_for, files))


@transaction.atomic
def move_by_link(
    secret: str,
    move_key: str,
    *,
    text: str = "",
    reason: str = "",
    files: Sequence[int] = (),
    revision: int | None = None,
) -> Case:
    """The same by whoever holds the reporter's link: moves of `reporter` and `anybody`, within their days.

    Raises:
        NotFound: the link does not hold (any more), or the case is anonymised.
        Conflict, Invalid: as `move_case`.
    """
    case = telling.lock_case_of_link(secret, revision)
    one = versions.type_of(case)
    move = _allowed(one, case, move_key)
    if move.who not in FROM_OUTSIDE:
        raise Forbidden(gettext("Das kann nur die Stadt tun."))
    return perform(Actor.anonymous(), case, one, move, Said(text, reason, None, files))


def perform(
    actor: Actor, case: Case, one: CaseType, move: Move, said: Said, *, is_private: bool = False
) -> Case:
    """Do a move on a locked case: whoever calls this has checked who may. Raises Conflict, Invalid.

    `is_private`: the text is between citizen and office, so that it is told and not published; so is every question, which
    is a move into a state that waits for the citizen.
    """
    target = one.find_state(move.target)
    now = timezone.now()
    if target is None:
        raise Conflict(gettext("Das ist in diesem Stand nicht möglich."))
    if not is_in_time(case, one, move, now):
        raise Conflict(gettext("Die Zeit dafür ist vorbei, seit der Vorgang abgeschlossen wurde."))
    is_office = move.who not in FROM_OUTSIDE and (actor.kind == "system" or access.is_officer(actor, case))
    said = _checked(case, one, move, said, is_office)
    if missing := open_tasks(case, one, move):
        titles = ", ".join(task.title for task in missing)
        raise Conflict(gettext("Erst ist noch zu tun: %(tasks)s.") % {"tasks": titles})
    is_private = is_private or target.pauses
    shown = said if is_office and not is_private else Said(planned_for=said.planned_for)
    entry = _go(actor, case, target, one, now, move, shown)
    telling.attach(actor, case, said.files, "after" if move.who not in FROM_OUTSIDE else "answer")
    if is_office:
        telling.tell_move(actor, case, one, move, said.text, said.reason)
    elif move.who in FROM_OUTSIDE:
        telling.keep_citizen_text(case, said.text, said.files, actor.user_id)
    elif said.text:
        Note.objects.create(case=case, author_id=actor.user_id, text=said.text, for_contractor=True)
    publish(CaseMoved(case.pk, entry.pk, move.key, target.key))
    for duplicate in Case.objects.filter(duplicate_of=case).order_by("pk"):  # locked with the case
        follow(actor, duplicate, case, one, "\n\n".join(filter(None, (shown.text, shown.reason))))
    return case


def follow(actor: Actor, duplicate: Case, kept: Case, one: CaseType, text: str) -> None:
    """Bring a duplicate into the state of the case it belongs to; its reporter is told the same text."""
    target = one.find_state(kept.state)
    if target is None or duplicate.state == kept.state or duplicate.anonymised_at is not None:
        return
    move = Move(key="follow", title="", target=target.key)
    entry = _go(actor, duplicate, target, one, timezone.now(), move, Said(text, planned_for=kept.planned_for))
    telling.tell_move(actor, duplicate, one, move, text, "")
    publish(CaseMoved(duplicate.pk, entry.pk, move.key, target.key))


def _go(
    actor: Actor, case: Case, target: State, one: CaseType, now: datetime, move: Move, said: Said
) -> Entry:
    before, was_closed = case.state, case.is_closed
    data: dict[str, object] = {"pauses": target.pauses}
    case.state, case.face = target.key, str(target.face)
    case.paused_at = (case.paused_at or now) if target.pauses else None
    case.closed_at = (case.closed_at or now) if target.is_final else None
    if was_closed and not target.is_final:
        case.reopened += 1
        case.planned_for = None
        data["reopened"] = True
    if said.planned_for is not None:
        case.planned_for = said.planned_for
        data["planned_for"] = said.planned_for.isoformat()
    journal.set_clock(case, one, [*journal.steps_of(case), (now, target.key, data)], now)
    return journal.write(
        actor,
        case,
        "move_case",
        "moved",
        at=now,
        changes=data,
        move=move.key,
        from_state=before,
        to_state=target.key,
        public_text=said.text,
        reason=said.reason,
    )


def _allowed(one: CaseType, case: Case, move_key: str) -> Move:
    for move in one.moves_from(case.state):
        if move.key == move_key:
            access.require_live(case)
            return move
    raise Conflict(
        gettext("Das ist im Stand „%(state)s“ nicht (mehr) möglich.") % {"state": _title(one, case)}
    )


def _title(one: CaseType, case: Case) -> str:
    state = one.find_state(case.state)
    return state.title if state else case.state


def _checked(case: Case, one: CaseType, move: Move, said: Said, is_office: bool) -> Said:
    template = one.find_template(move.template)
    reason = clean_text(said.reason, "reason", needed="reason" in move.asks)
    offered = fill(template.text, case, one, reason, said.planned_for) if template and is_office else ""
    text = clean_text(said.text, "text", needed="text" in move.asks and not offered)
    if is_office and text:
        text = fill_typed(text, case, one, reason, said.planned_for)
    text = text or offered
    planned_for = said.planned_for
    today = timezone.localdate()
    if planned_for is None and "planned_for" in move.asks:
        raise wrong("planned_for", gettext("fehlt"))
    if planned_for is not None and not today <= planned_for <= today + LATEST_PLAN:
        raise wrong("planned_for", gettext("liegt in der Vergangenheit oder mehr als drei Jahre voraus"))
    if "photo" in move.asks and not said.files:
        raise wrong("photo", gettext("fehlt"))
    return Said(text, reason, planned_for, said.files)
