"""Records how a measure turned out; the checks that lead there are the steering's."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.events import StrategyChanged
from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.changes import patched, refuse
from stadt.apps.strategy.record.content import Measure
from stadt.apps.strategy.record.lifecycle import EVALUABLE, OUTCOMES, state_word
from stadt.apps.strategy.record.services.foundation import ensure_imported
from stadt.apps.strategy.rights import APPROVE, EDIT
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import eyes_of, who_is


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an outcome rests on.

    Attributes:
        reference: what was evaluated where, such as `evaluation:12`.
        assessed_by: who assessed it, as `who_is` writes people; never the one who records the outcome.
    """

    reference: str
    assessed_by: str


@transaction.atomic
def record_evaluation(actor: Actor, code: str, outcome: str, evidence: Evidence) -> None:
    """Set `successful`, `partly` or `not_successful` for a measure that is implemented, true from today.

    The one who records it confirms what somebody else assessed, so that nobody does both (M-13, R-16).

    Raises:
        Forbidden: neither `strategy.edit` nor `strategy.approve` is held, or by the one who assessed.
        NotFound: there is no such measure.
        Conflict: the measure is not implemented.
        Invalid: the outcome is none, or the evidence is missing.
    """
    actor.require(APPROVE if actor.can(APPROVE) else EDIT)
    if outcome not in OUTCOMES:
        refuse([FieldError("outcome", gettext("ist kein Ergebnis"))])
    if not evidence.reference.strip() or not evidence.assessed_by.strip():
        refuse([FieldError("evidence", gettext("fehlt"))])
    if evidence.assessed_by in eyes_of(actor):
        raise Forbidden(gettext("Wer bewertet hat, hält das Ergebnis nicht selbst fest."))
    ensure_imported()
    moment = store.lock()
    measure = store.find_newest(code)
    if not isinstance(measure, Measure):
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    if measure.state not in EVALUABLE:
        raise Conflict(
            gettext("Die Maßnahme ist im Stand „%(state)s“ und noch nicht auszuwerten.")
            % {"state": state_word(measure.state)}
        )
    store.rewrite(
        code,
        lambda item: patched(item, {"state": outcome, "state_note": ""}),
        timezone.localdate(),
        store.Mark(moment, who_is(actor), reason="evaluation"),
    )
    record(
        actor,
        "record_evaluation",
        f"strategy_item:{code}",
        {"outcome": outcome, "evidence": evidence.reference},
    )
    publish(StrategyChanged((code,)))
