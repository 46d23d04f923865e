"""Targets: proposed by one person, decided by another with a reference to the decision; revisions are new targets."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.steering import strategy
from stadt.apps.steering.events import TargetDecided
from stadt.apps.steering.ist import figure_of
from stadt.apps.steering.models import Target
from stadt.apps.steering.persons import involved, require_person, require_second_person, user_of
from stadt.apps.steering.rights import DECIDE_TARGETS, PROPOSE_TARGETS
from stadt.apps.steering.states import TargetState
from stadt.apps.steering.targets import Measuring, PathPoint, Range, Soll
from stadt.apps.steering.texts import refuse, text_errors
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.hub.places.queries import find_area_by_id

MOST_POINTS = 40
MOST = 1e15
"""Beyond this a number of the city is a slip of the pen, and a sum of such would lose its last digits."""


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """A target as somebody proposes it; numbers in the indicator's unit. See the table's row for the fields."""

    code: str
    valid_from: date
    reason: str
    low: float | None = None
    high: float | None = None
    measure: str = ""
    figure: str = ""
    series: str = ""
    place_id: int | None = None
    frame: str = ""
    tolerance: float = 0.0
    measuring: Measuring = Measuring.VALUE
    due: date | None = None
    base_value: float | None = None
    base_on: date | None = None
    path: tuple[tuple[date, float | None, float | None], ...] = ()
    ends: bool = False
    is_example: bool = False


@transaction.atomic
def propose_target(actor: Actor, draft: TargetDraft) -> Target:
    """Keep a proposal; it counts for nothing until somebody else decided it.

    Raises:
        SignInNeeded, Forbidden: without `steering.propose_targets`, or by a token.
        Invalid: naming the field: an unknown code, no bound, bounds or days in the wrong order, no number.
    """
    require_person(actor, PROPOSE_TARGETS, is_example=draft.is_example)
    refuse([*_about(draft), *_numbers(draft), *_days(draft), *_texts(draft)])
    if not draft.ends:
        soll_of_draft(draft)
    target = Target.objects.create(
        code=draft.code,
        measure=draft.measure,
        figure=draft.figure,
        series=draft.series,
        place_id=draft.place_id,
        frame=draft.frame.strip(),
        low=None if draft.ends else draft.low,
        high=None if draft.ends else draft.high,
        tolerance=draft.tolerance,
        measuring=draft.measuring.value,
        due=draft.due,
        base_value=draft.base_value,
        base_on=draft.base_on,
        path=[{"on": on.isoformat(), "low": low, "high": high} for on, low, high in draft.path],
        definition=_definition(draft),
        valid_from=draft.valid_from,
        ends=draft.ends,
        reason=draft.reason.strip(),
        is_example=draft.is_example,
        proposed_by=user_of(actor),
        proposed_for=involved(actor),
    )
    record(actor, "propose_target", f"target:{target.pk}", _told(target))
    return target


@transaction.atomic
def decide_target(actor: Actor, pk: int, reference: str) -> Target:
    """Decide a proposal made by somebody else; from then on the row is never changed.

    Args:
        reference: where the decision stands, such as the number of a paper; kept with it.

    Raises:
        SignInNeeded, Forbidden: without `steering.decide_targets`, by a token, or by who proposed it.
        NotFound, Conflict: there is no such proposal any more.
        Invalid: the reference is missing.
    """
    target = _open_proposal(pk)
    require_person(actor, DECIDE_TARGETS, is_example=target.is_example)
    require_second_person(
        actor,
        target.proposed_by_id,
        target.proposed_for,
        gettext("Wer einen Soll-Wert vorschlägt, beschließt ihn nicht selbst."),
    )
    refuse(text_errors("reference", reference, 200, lines=False))
    target.state, target.decided_at, target.decided_by = TargetState.DECIDED, timezone.now(), user_of(actor)
    target.decision_reference = reference.strip()
    target.save(update_fields=["state", "decided_at", "decided_by", "decision_reference"])
    record(actor, "decide_target", f"target:{pk}", _told(target))
    publish(TargetDecided(target.pk, target.code))
    return target


@transaction.atomic
def decline_target(actor: Actor, pk: int, reason: str) -> Target:
    """Decline a proposal, for a reason that the proposer reads. Raises as `decide_target`."""
    target = _open_proposal(pk)
    require_person(actor, DECIDE_TARGETS, is_example=target.is_example)
    require_second_person(
        actor,
        target.proposed_by_id,
        target.proposed_for,
        gettext("Wer einen Soll-Wert vorschlägt, lehnt ihn nicht selbst ab, sondern zieht ihn zurück."),
    )
    refuse(text_errors("reason", reason, 200, lines=False))
    target.state, target.decided_at, target.decided_by = TargetState.DECLINED, timezone.now(), user_of(actor)
    target.decision_reference = reason.strip()
    target.save(update_fields=["state", "decided_at", "decided_by", "decision_reference"])
    record(actor, "decline_target", f"target:{pk}")
    return target


@transaction.atomic
def withdraw_target(actor: Actor, pk: int) -> Target:
    """Take back a proposal that is not decided; whoever may propose may, so that nothing is stuck. Raises as above."""
    target = _open_proposal(pk)
    require_person(actor, PROPOSE_TARGETS, is_example=target.is_example)
    target.state = TargetState.WITHDRAWN
    target.save(update_fields=["state"])
    record(actor, "withdraw_target", f"target:{pk}")
    return target


def soll_of_draft(draft: TargetDraft) -> Soll:
    """The draft as it will be judged by. Raises Invalid, naming the field."""
    path = []
    for on, low, high in draft.path:
        try:
            path.append(PathPoint(on, Range(low, high)))
        except ValueError:
            raise _wrong("path", gettext("enthält einen Tag ohne oder mit vertauschten Grenzen")) from None
    try:
        final = Range(draft.low, draft.high)
    except ValueError:
        raise _wrong("low", gettext("muss höchstens so groß sein wie die obere Grenze")) from None
    try:
        return Soll(
            final,
            draft.due,
            tuple(path),
            draft.base_value,
            draft.base_on,
            draft.tolerance,
            draft.measuring,
        )
    except ValueError:
        raise _wrong(
            "path", gettext("muss nach Tagen geordnet sein und vor dem Tag der Bewertung enden")
        ) from None


def _open_proposal(pk: int) -> Target:
    target = Target.objects.select_for_update().filter(pk=pk).first()
    if target is None:
        raise NotFound(gettext("Diesen Soll-Wert gibt es nicht."))
    if target.state != TargetState.PROPOSED:
        raise Conflict(gettext("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))
    return target


def _about(draft: TargetDraft) -> list[FieldError]:
    errors = []
    if strategy.find_indicator(draft.code) is None:
        errors.append(FieldError("code", gettext("ist keine Kennzahl der Strategie")))
    if draft.measure and strategy.find_measure(draft.measure) is None:
        errors.append(FieldError("measure", gettext("ist keine Maßnahme der Strategie")))
    if draft.figure and draft.figure not in strategy.own_keys(draft.code):
        errors.append(FieldError("figure", gettext("misst diese Kennzahl nicht")))
    if draft.place_id is not None and find_area_by_id(draft.place_id) is None:
        errors.append(FieldError("place_id", gettext("ist kein Gebiet der Stadt")))
    return errors


def _numbers(draft: TargetDraft) -> list[FieldError]:
    named = {
        "low": draft.low,
        "high": draft.high,
        "tolerance": draft.tolerance,
        "base_value": draft.base_value,
    }
    errors = [
        FieldError(name, gettext("ist keine Zahl, die hier sinnvoll ist"))
        for name, number in named.items()
        if not _is_sound(number)
    ]
    if any(not (_is_sound(low) and _is_sound(high)) for _on, low, high in draft.path):
        errors.append(FieldError("path", gettext("enthält etwas, das keine sinnvolle Zahl ist")))
    if len(draft.path) > MOST_POINTS:
        errors.append(FieldError("path", gettext("hat mehr als %(most)s Tage") % {"most": MOST_POINTS}))
    if draft.tolerance < 0:
        errors.append(FieldError("tolerance", gettext("darf nicht unter 0 liegen")))
    if not draft.ends and draft.low is None and draft.high is None:
        errors.append(
            FieldError("low", gettext("fehlt: mindestens eine Grenze ist nötig, auch 0 ist erlaubt"))
        )
    return errors


def _is_sound(number: float | None) -> bool:
    return number is None or (math.isfinite(number) and abs(number) <= MOST)


def _days(draft: TargetDraft) -> list[FieldError]:
    errors = []
    if (draft.base_value is None) != (draft.base_on is None):
        errors.append(FieldError("base_on", gettext("gehört zum Ausgangswert: beide oder keiner")))
    if draft.base_on and draft.due and draft.base_on >= draft.due:
        errors.append(FieldError("due", gettext("muss nach dem Tag des Ausgangswerts liegen")))
    if draft.due and draft.due < draft.valid_from:
        errors.append(FieldError("due", gettext("liegt vor dem Tag, ab dem der Soll-Wert gilt")))
    return errors


def _texts(draft: TargetDraft) -> list[FieldError]:
    return [
        *text_errors("reason", draft.reason, 1000),
        *text_errors("frame", draft.frame, 60, needed=False, lines=False),
        *text_errors("series", draft.series, 60, needed=False, lines=False),
    ]


def _definition(draft: TargetDraft) -> int | None:
    figure = figure_of(draft.code, draft.figure)
    return None if figure is None else figure.version


def _told(target: Target) -> dict[str, Any]:
    return {
        "code": target.code,
        "measure": target.measure,
        "low": target.low,
        "high": target.high,
        "due": target.due.isoformat() if target.due else None,
        "valid_from": target.valid_from.isoformat(),
    }


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=(FieldError(field, message),))
