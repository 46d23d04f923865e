"""Questions to the citizen and answers from there; while the citizen is asked the clock stands still."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, versions
from stadt.civic.cases.catalogue import CaseType, Move
from stadt.civic.cases.events import CaseChanged
from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.moves import find_question, is_party
from stadt.civic.cases.people import clean_text
from stadt.civic.cases.placeholders import fill, fill_typed
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.services import telling
from stadt.civic.cases.services.moving import Said, perform
from stadt.core.errors import Conflict, NotFound, TooMany
from stadt.core.events import publish
from stadt.core.people.actor import Actor

MOST_ANSWERS_AN_HOUR = 20


@transaction.atomic
def ask_citizen(actor: Actor, case_id: int, text: str, *, revision: int | None = None) -> Case:
    """Ask the reporter something: a message, and the clock pauses until an answer comes.

    Where the type has a move into a state that pauses, that is the one done.

    Raises:
        NotFound, Forbidden: as `move_case`.
        Invalid: naming `text`.
        Conflict: the case is closed, or nobody can be asked.
    """
    case = access.lock_for(actor, HANDLE, case_id, revision)
    said = clean_text(text, "text", needed=True)
    if case.is_closed:
        raise Conflict(gettext("Dieser Vorgang ist abgeschlossen."))
    telling.require_listener(case)
    one = versions.type_of(case)
    move = find_question(actor, case, one)
    if move is not None:
        return perform(actor, case, one, move, Said(said))
    said = fill_typed(said, case, one)
    case.paused_at = case.paused_at or timezone.now()
    return _pause(actor, case, one, said)


@transaction.atomic
def answer(whose: Actor | str, case_id: int, text: str, files: Sequence[int] = ()) -> Case:
    """The reporter writes: by the secret of the link or signed in as party; ends the pause.

    Raises:
        NotFound: the link does not hold, or the person is no party of the case.
        Invalid: naming `text`.
        TooMany: too many messages in an hour.
    """
    if isinstance(whose, str):
        actor, case = Actor.anonymous(), telling.lock_case_of_link(whose)
        if case.pk != case_id:
            raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    else:
        actor, case = whose, access.lock_case(case_id)
        if not is_party(actor, case) or case.anonymised_at is not None:
            raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    said = clean_text(text, "text", needed=not files)
    now, one = timezone.now(), versions.type_of(case)
    recent = Entry.objects.filter(case=case, kind="answered", at__gt=now - timedelta(hours=1)).count()
    if recent >= MOST_ANSWERS_AN_HOUR:
        raise TooMany(gettext("Das waren viele Nachrichten in kurzer Zeit. Bitte warten Sie eine Stunde."))
    telling.attach(actor, case, files, "answer")
    telling.keep_citizen_text(case, said or gettext("(nur Dateien)"), files, actor.user_id)
    data = {"pauses": False} if case.paused_at is not None else {}
    move = _going_on(case, one)
    if move is None:
        case.paused_at = None
        journal.set_clock(case, one, [*journal.steps_of(case), (now, "", data)], now)
    journal.write(
        actor, case, "answer", "answered", at=now, changes=data if move is None else {}, actor_kind="reporter"
    )
    if move is not None:
        perform(Actor.system("cases:answer"), case, one, move, Said(), is_private=True)
    publish(CaseChanged(case.pk, "answer"))
    return case


@transaction.atomic
def write_citizen(
    actor: Actor, case_id: int, text: str, *, plain: str = "", template: str = "", files: Sequence[int] = ()
) -> Case:
    """A message to the reporter that asks nothing; the clock runs on. An empty text is the template's.

    `files` are ids of taken files; they belong to the case from then on, and its reporter sees them.

    Raises as `ask_citizen`.
    """
    case = access.lock_for(actor, HANDLE, case_id)
    one = versions.type_of(case)
    found = one.find_template(template)
    offered = fill(found.text, case, one) if found else ""
    said = fill_typed(clean_text(text, "text", needed=not offered), case, one) or offered
    telling.require_listener(case)
    easy = fill_typed(clean_text(plain, "plain"), case, one, field="plain") or (
        fill(found.plain, case, one) if found and said == offered else ""
    )
    telling.write(actor, case, one, said, easy, template, files)
    journal.write(actor, case, "write_citizen", "written", changes={"template": template})
    publish(CaseChanged(case.pk, "message"))
    return case


def _pause(actor: Actor, case: Case, one: CaseType, text: str) -> Case:
    now, data = timezone.now(), {"pauses": True}
    journal.set_clock(case, one, [*journal.steps_of(case), (now, "", data)], now)
    telling.write(actor, case, one, text)
    journal.write(actor, case, "ask_citizen", "asked", at=now, changes=data)
    publish(CaseChanged(case.pk, "question"))
    return case


def _going_on(case: Case, one: CaseType) -> Move | None:
    """The move out of a state that waits for the citizen, as the type has it for the reporter, else for the platform."""
    state = one.find_state(case.state)
    if state is None or not state.pauses:
        return None
    for who in ("reporter", "system", "handler"):
        for move in one.moves_from(case.state):
            target = one.find_state(move.target)
            if move.who == who and target and not target.pauses and not target.is_final:
                return move
    return None
