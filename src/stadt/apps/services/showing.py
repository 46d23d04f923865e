"""A case as the person sees it who asked for it: the track, what happened, the letters, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from stadt.apps.services.offers import language
from stadt.civic.cases.catalogue import CLOSED_FACES, CaseType, Face, Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import PublicStep
from stadt.web.formats import day

WAY = (Face.RECEIVED, Face.CHECKING, Face.PLANNED)
SIGNS = {Face.DONE: "✓", Face.NOT_POSSIBLE: "×"}


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One of the faces on the way: `state` is `past`, `now` or `open`; `day` is when it was first reached."""

    face: Face
    word: str
    sign: str
    state: str
    day: str


def track_of(case: Case, history: Sequence[PublicStep]) -> list[TrackStep]:
    """The way of a case. A case that turned out not to be possible ends there, and every other at „done“.

    A face that was passed over stands as past without a day.
    """
    now = Face(case.face)
    way = (*WAY, now if now in CLOSED_FACES else Face.DONE)
    place = way.index(now)
    reached: dict[str, datetime] = {}
    for step in history:
        reached.setdefault(step.face, step.at)
    steps = []
    for number, face in enumerate(way):
        state = "now" if number == place else "past" if number < place else "open"
        at = reached.get(face) if state != "open" else None
        word = face.label
        if face is Face.PLANNED and state == "past" and at is None:
            continue  # it was never planned: say nothing about a step that did not happen
        sign = SIGNS.get(face, str(number + 1)) if state != "past" else "✓"
        steps.append(TrackStep(face, word, sign, state, day(at) if at else ""))
    return steps


def sentence_of(case: Case, one: CaseType, history: Sequence[PublicStep]) -> str:
    """What the state means for the applicant, in the type's words; of a state kept from the public, the one before."""
    state = one.find_state(case.state)
    if state is not None and state.is_public:
        return state.translated("public_text", language())
    return history[-1].text if history else ""


def planned_sentence(planned_for: date | None, face: str) -> str:
    """When it is planned, as long as it is still ahead."""
    if planned_for is None or Face(face) in CLOSED_FACES:
        return ""
    return gettext("Geplant für den %(day)s") % {"day": day(planned_for)}


def shown_moves(moves: Sequence[Move]) -> list[dict[str, Any]]:
    """What the applicant may do now, with what has to be said or shown."""
    return [
        {
            "key": move.key,
            "title": move.translated("title", language()),
            "confirm": move.translated("confirm", language()),
            "asks_text": "text" in move.asks or "reason" in move.asks,
            "asks_photo": "photo" in move.asks,
            "within_days": move.within_days,
        }
        for move in moves
    ]
