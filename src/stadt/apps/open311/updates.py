"""mySociety's extension: what became of requests as a list of updates, and updates from other programs."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from stadt.apps.issues.public import PublicStep, StepKey, find_public, list_steps
from stadt.apps.open311.errors import KeyNeeded, UnknownThing, WrongRequest, wrong
from stadt.apps.open311.models import ReceivedUpdate
from stadt.apps.open311.parameters import MOST_ROWS, moment_of, span_of, whole_number
from stadt.apps.open311.request_list import media_url, moment
from stadt.civic.cases.catalogue import CLOSED_FACES, CaseType, Face, Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.services import move_case, note_case, support_case
from stadt.civic.cases.versions import type_of
from stadt.core.audit import record
from stadt.core.people.actor import Actor

LONGEST_UPDATE = 2000
# What a page keeps of the question before; its bounds are told anew, so that they do not move with the clock.
PAGED = ("jurisdiction_id", "extensions", "page_size")
# Faces in the words of the extension; with `extensions` left out only the two of the standard are used.
STATES: Mapping[Face, str] = {
    Face.RECEIVED: "open",
    Face.CHECKING: "investigating",
    Face.PLANNED: "action_scheduled",
    Face.DONE: "closed",
    Face.NOT_POSSIBLE: "no_further_action",
}
# What senders write → the face that is meant.
MEANT: Mapping[str, Face] = {
    **{state: face for face, state in STATES.items()},
    "in_progress": Face.PLANNED,
    "planned": Face.PLANNED,
    "fixed": Face.DONE,
    "not_councils_responsibility": Face.NOT_POSSIBLE,
    "unable_to_fix": Face.NOT_POSSIBLE,
}


def update_list(parameters: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """GET servicerequestupdates: public steps between two moments, oldest first, 1,000 at most.

    Gives them and the parameters of the next page, empty on the last one: `after` is the key of the last step that was told.

    Raises:
        WrongRequest: naming the parameter.
    """
    start = moment_of(parameters.get("start_date", ""), "start_date")
    end = moment_of(parameters.get("end_date", ""), "end_date")
    first, last = span_of(start, end)
    size = whole_number(parameters.get("page_size", ""), "page_size", MOST_ROWS, 1, MOST_ROWS)
    after = _after(parameters.get("after", ""))
    is_extended = parameters.get("extensions", "").lower() in {"true", "1", "yes"}
    steps = list_steps(first, last, after, size + 1)
    told = [_told(step, is_extended) for step in steps[:size]]
    if len(steps) <= size:
        return told, {}
    at, reference, number = steps[size - 1].key
    kept = {name: parameters[name] for name in PAGED if parameters.get(name)}
    bounds = {"start_date": first.isoformat(), "end_date": last.isoformat()}
    return told, {**kept, **bounds, "after": f"{at.isoformat()}~{reference}.{number}"}


def _told(step: PublicStep, is_extended: bool) -> dict[str, Any]:
    issue, entry = step.issue, step.issue.history[step.number]
    face = Face(entry["face"])
    is_closed = face in CLOSED_FACES
    return {
        "update_id": f"{issue.reference}.{step.number}",
        "service_request_id": issue.reference,
        "status": STATES[face] if is_extended else "closed" if is_closed else "open",
        "updated_datetime": moment(step.at),
        "description": entry.get("text", ""),
        "media_url": media_url(issue, "after") if is_closed else None,
    }


def _after(given: str) -> StepKey | None:
    """The key of a step, as the header `Link` of the page before has it. Raises WrongRequest."""
    if not given:
        return None
    moment_text, _, update_id = given.partition("~")
    reference, _, number = update_id.rpartition(".")
    at = moment_of(moment_text, "after")
    if at is None or not reference or len(reference) > 20 or not (number.isascii() and number.isdecimal()):
        raise wrong("after", "must be taken from the header Link of the page before.")
    return at, reference, min(int(number[:9]), 2**31 - 1)


@transaction.atomic
def receive_update(actor: Actor, parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """POST servicerequestupdates: words go to those who work on the case; a state changes it where the sender may.

    `open` on a closed request counts as „not fixed“. Any other new state needs the right to handle cases there. The same
    `update_id` from the same sender is one update.

    Raises:
        KeyNeeded: the sender may not change the state.
        UnknownThing: the request is not public.
        WrongRequest, Invalid, Conflict: naming the parameter; then nothing was kept.
    """
    update_id, text, wanted = _understood(parameters)
    reference = parameters.get("service_request_id", "")
    issue = find_public(reference)
    case = Case.objects.filter(reference=issue.reference).first() if issue else None
    if case is None:  # what is not public takes no updates, in the words of what does not exist
        raise UnknownThing("service_request_id was not found.")
    received, is_new = ReceivedUpdate.objects.get_or_create(
        token_id=int(actor.identifier) if actor.identifier.isdecimal() else 0,
        update_id=update_id,
        defaults={"case_id": case.pk},
    )
    if is_new:
        _apply(actor, case, wanted, text, update_id)
        record(actor, "receive_update", f"open311_update:{received.pk}", {"case": case.pk})
    return [{"update_id": str(received.pk)}]


def _understood(parameters: Mapping[str, str]) -> tuple[str, str, Face]:
    for name in ("service_request_id", "update_id", "updated_datetime", "status", "description"):
        if not parameters.get(name, "").strip():
            raise wrong(name, "was not provided.")
    moment_of(parameters["updated_datetime"], "updated_datetime")
    if len(parameters["update_id"]) > 200:
        raise wrong("update_id", "has at most 200 characters.")
    if len(parameters["description"]) > LONGEST_UPDATE:
        raise wrong("description", f"has at most {LONGEST_UPDATE} characters.")
    wanted = MEANT.get(parameters["status"].lower().replace(" ", "_"))
    if wanted is None:
        raise wrong("status", f"must be one of {', '.join(MEANT)}.")
    return parameters["update_id"], parameters["description"].strip(), wanted


def _apply(actor: Actor, case: Case, wanted: Face, text: str, update_id: str) -> None:
    face = Face(case.face)
    if face in CLOSED_FACES and wanted is Face.RECEIVED:
        support_case(actor, case.pk, "not_fixed", who=f"open311:{actor.identifier}:{update_id}", text=text)
    elif wanted is face or (wanted is Face.RECEIVED and face not in CLOSED_FACES):
        note_case(Actor.system("open311"), case.pk, text)
    else:
        if not actor.can(HANDLE, case.organisation_id):
            raise KeyNeeded("This api_key may not change the status of requests.")
        move = _move_to(type_of(case), case, wanted)
        move_case(actor, case.pk, move.key, text=text, reason=text if "reason" in move.asks else "")


def _move_to(one: CaseType, case: Case, wanted: Face) -> Move:
    """The first move of the type that leads to the face and asks for nothing that an update does not have."""
    for move in one.moves_from(case.state):
        state = one.find_state(move.target)
        if (
            state is not None
            and state.face is wanted
            and move.who == "handler"
            and not {"planned_for", "photo"} & set(move.asks)
        ):
            return move
    raise WrongRequest(f"This request cannot become {STATES[wanted]} from where it is.")
