"""Answer the principles for a measure, and state why it goes on without a target."""

from django.db import transaction
from django.utils.translation import gettext

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AnswerChoice, Gate
from stadt.apps.governance.models import ChecklistAnswer, GateReason
from stadt.apps.governance.principles import questions
from stadt.apps.governance.refusals import checked_link, checked_text, refuse
from stadt.apps.governance.rights import CHECK
from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor


@transaction.atomic
def answer_check(
    actor: Actor,
    code: str,
    gate: str,
    principle: str,
    place: int,
    answer: str,
    *,
    reason: str = "",
    evidence_url: str = "",
    is_example: bool = False,
) -> ChecklistAnswer:
    """Keep an answer; older ones stay. An external member of the team answers for the own organisation, others for the city.

    Raises:
        Forbidden: neither `governance.check` nor in the team.
        NotFound: there is no such measure or question.
        Invalid: naming `gate`, `answer`, `reason` (needed for "no") or `evidence_url`.
    """
    if strategy.find_measure(code) is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    if not strategy.is_member(actor, code):
        actor.require(CHECK)
    question = next((one for one in questions() if (one.principle, one.place) == (principle, place)), None)
    if question is None:
        raise NotFound(gettext("Diese Frage gibt es nicht."))
    if gate not in Gate.values:
        raise refuse("gate", gettext("Diese Auswahl gibt es nicht."))
    if answer not in AnswerChoice.values:
        raise refuse("answer", gettext("Diese Auswahl gibt es nicht."))
    kept = ChecklistAnswer.objects.create(
        code=code,
        gate=gate,
        organisation=strategy.speaks_for(actor, code),
        principle=principle,
        place=place,
        question=question.text,
        answer=answer,
        reason=checked_text("reason", reason, 1000, needed=answer == AnswerChoice.NO),
        evidence_url=checked_link("evidence_url", evidence_url),
        answered_by_id=actor.user_id,
        is_example=is_example,
    )
    changes = {"gate": gate, "principle": principle, "place": place, "answer": answer}
    record(actor, "answer_check", f"gate:{code}", changes)
    return kept


@transaction.atomic
def give_gate_reason(actor: Actor, code: str, reason: str) -> GateReason:
    """State why a measure starts without an indicator with a target (M-10 b). Raises Forbidden, NotFound, Invalid."""
    actor.require(CHECK)
    if strategy.find_measure(code) is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    kept = GateReason.objects.create(
        code=code, item="targets", reason=checked_text("reason", reason, 1000), given_by_id=actor.user_id
    )
    record(actor, "give_gate_reason", f"gate:{code}", {"item": "targets"})
    return kept
