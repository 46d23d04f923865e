"""Evaluations: the rule of a measure, its influence check, the proposal, and the second person's word."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.steering import strategy
from stadt.apps.steering.events import EvaluationConfirmed
from stadt.apps.steering.gate import Condition, digest_of, gate_of
from stadt.apps.steering.models import Evaluation, EvaluationRule, InfluenceCheck
from stadt.apps.steering.persons import involved, require_person, require_second_person, user_of
from stadt.apps.steering.rights import ASSESS, CONFIRM
from stadt.apps.steering.states import EvaluationState, InfluenceEffect, InfluenceSide, Outcome, Rule
from stadt.apps.steering.texts import refuse, text_errors
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor

MOST_INFLUENCES = 12


@dataclass(frozen=True, slots=True)
class Influence:
    """One influence; `evidence` says how one knows."""

    side: InfluenceSide
    what: str
    effect: InfluenceEffect
    evidence: str


@transaction.atomic
def set_evaluation_rule(
    actor: Actor,
    measure: str,
    rule: Rule,
    *,
    reason: str,
    main: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    needed: float = 1.0,
    accepts_probable: bool = False,
    is_example: bool = False,
) -> EvaluationRule:
    """Set how a measure's success is told from its indicators; the earlier rule stays in the history.

    Raises:
        SignInNeeded, Forbidden: without `steering.assess`, or by a token.
        Invalid: naming the field: an unknown indicator, a weight below 0, or a share that is not above 0 and at most 1.
    """
    require_person(actor, ASSESS, is_example=is_example)
    _require_measure(measure)
    weights = dict(weights or {})
    errors = text_errors("reason", reason, 1000)
    errors += [
        FieldError("main", gettext("enthält „%(code)s“, das keine Kennzahl ist") % {"code": code[:20]})
        for code in {*main, *weights}
        if strategy.find_indicator(code) is None
    ]
    if any(not math.isfinite(weight) or not 0 <= weight <= 1000 for weight in weights.values()):
        errors.append(FieldError("weights", gettext("muss aus Zahlen von 0 bis 1000 bestehen")))
    if not 0 < needed <= 1:
        errors.append(FieldError("needed", gettext("muss über 0 und höchstens 100 % sein")))
    refuse(errors)
    kept = EvaluationRule.objects.create(
        measure=measure,
        rule=rule,
        main=list(dict.fromkeys(main)),
        weights=weights,
        needed=needed,
        accepts_probable=accepts_probable,
        reason=reason.strip(),
        is_example=is_example,
        set_by=user_of(actor),
    )
    record(actor, "set_evaluation_rule", f"steered_measure:{measure}", {"rule": str(rule)})
    return kept


@transaction.atomic
def check_influences(
    actor: Actor,
    measure: str,
    *,
    summary: str,
    talked_with: str,
    influences: Sequence[Influence],
    is_example: bool = False,
) -> InfluenceCheck:
    """Keep what else may have moved a measure's indicators (M-14); what was kept is never changed.

    Raises:
        SignInNeeded, Forbidden: without `steering.assess`, or by a token.
        Invalid: naming the field. At least one influence is named, if only to say that there was none.
    """
    require_person(actor, ASSESS, is_example=is_example)
    _require_measure(measure)
    errors = text_errors("summary", summary, 1500) + text_errors("talked_with", talked_with, 300, lines=False)
    if not 1 <= len(influences) <= MOST_INFLUENCES:
        errors.append(
            FieldError("influences", gettext("braucht 1 bis %(most)s Einflüsse") % {"most": MOST_INFLUENCES})
        )
    for place, one in enumerate(influences):
        errors += text_errors(f"what_{place}", one.what, 300, lines=False)
        errors += text_errors(f"evidence_{place}", one.evidence, 500)
    refuse(errors)
    kept = InfluenceCheck.objects.create(
        measure=measure,
        summary=summary.strip(),
        talked_with=talked_with.strip(),
        influences=[
            {"side": str(one.side), "what": one.what, "effect": str(one.effect), "evidence": one.evidence}
            for one in influences
        ],
        is_example=is_example,
        checked_by=user_of(actor),
    )
    record(actor, "check_influences", f"steered_measure:{measure}", {"check": kept.pk})
    return kept


@transaction.atomic
def propose_evaluation(
    actor: Actor, measure: str, outcome: Outcome, on: date, reason: str, *, is_example: bool = False
) -> Evaluation:
    """Say how a measure turned out on a day. It is provisional, may lack conditions, and replaces an earlier proposal.

    Raises:
        SignInNeeded, Forbidden: without `steering.assess`, or by a token.
        NotFound: there is no such measure.
        Invalid: the reason is missing, or the day has not come.
    """
    require_person(actor, ASSESS, is_example=is_example)
    _require_measure(measure)
    _lock(measure)
    gate = gate_of(measure, on)
    errors = text_errors("reason", reason, 1500)
    if not gate.met[Condition.DAY]:
        errors.append(
            FieldError("on", gettext("liegt in der Zukunft oder vor dem festgelegten Tag der Bewertung"))
        )
    refuse(errors)
    for earlier in Evaluation.objects.select_for_update().filter(
        measure=measure, state=EvaluationState.PROVISIONAL
    ):
        earlier.state, earlier.decided_at = EvaluationState.REFUSED, timezone.now()
        earlier.decision_note = gettext("Durch einen neuen Vorschlag ersetzt.")
        earlier.save(update_fields=["state", "decided_at", "decision_note"])
    evidence = gate.evidence()
    kept = Evaluation.objects.create(
        measure=measure,
        evaluated_on=on,
        outcome=outcome,
        reason=reason.strip(),
        check_made=gate.check,
        evidence=evidence,
        digest=digest_of(evidence),
        is_example=is_example,
        proposed_by=user_of(actor),
        proposed_for=involved(actor),
    )
    record(
        actor, "propose_evaluation", f"evaluation:{kept.pk}", {"measure": measure, "outcome": str(outcome)}
    )
    return kept


@transaction.atomic
def confirm_evaluation(actor: Actor, pk: int, note: str = "") -> Evaluation:
    """The second person's word: all conditions are checked once more, and the strategy is told the outcome.

    Raises:
        SignInNeeded, Forbidden: without `steering.confirm`, by a token, or by who proposed it or did the influence check.
        NotFound, Conflict: there is no such proposal any more; a condition is not met; values or targets changed since.
    """
    evaluation = _open_evaluation(pk)
    require_person(actor, CONFIRM, is_example=evaluation.is_example)
    gate = gate_of(evaluation.measure, evaluation.evaluated_on)
    checked_by = gate.check.checked_by_id if gate.check else None
    same = gettext("Wer bewertet oder die Einflüsse geprüft hat, bestätigt die Bewertung nicht selbst.")
    require_second_person(actor, evaluation.proposed_by_id, evaluation.proposed_for, same)
    require_second_person(actor, checked_by, (), same)
    refuse(text_errors("note", note, 1500, needed=False))
    missing = gate.missing(Outcome(evaluation.outcome))
    if missing:
        raise Conflict(
            gettext("Noch nicht erfüllt: %(missing)s.")
            % {"missing": ", ".join(_condition_word(one) for one in missing)}
        )
    if digest_of(gate.evidence()) != bytes(evaluation.digest):
        raise Conflict(
            gettext(
                "Werte, Soll oder Regel haben sich seit dem Vorschlag geändert. Bitte schlagen Sie neu vor."
            )
        )
    evaluation.check_made = gate.check
    evaluation.state, evaluation.decided_at = EvaluationState.CONFIRMED, timezone.now()
    evaluation.decided_by, evaluation.decision_note = user_of(actor), note.strip()
    evaluation.save(update_fields=["check_made", "state", "decided_at", "decided_by", "decision_note"])
    if not evaluation.is_example:
        assessed_by = f"user:{evaluation.proposed_by_id}" if evaluation.proposed_by_id else "nobody"
        evidence = strategy.Evidence(f"evaluation:{pk}", assessed_by)
        strategy.record_evaluation(actor, evaluation.measure, str(evaluation.outcome), evidence)
    record(actor, "confirm_evaluation", f"evaluation:{pk}", {"outcome": str(evaluation.outcome)})
    publish(EvaluationConfirmed(pk, evaluation.measure))
    return evaluation


@transaction.atomic
def refuse_evaluation(actor: Actor, pk: int, note: str) -> Evaluation:
    """Do not confirm, for a reason that is kept. Raises as `confirm_evaluation`; Invalid when the reason is missing."""
    evaluation = _open_evaluation(pk)
    require_person(actor, CONFIRM, is_example=evaluation.is_example)
    refuse(text_errors("note", note, 1500))
    evaluation.state, evaluation.decided_at = EvaluationState.REFUSED, timezone.now()
    evaluation.decision_note = note.strip()
    evaluation.save(update_fields=["state", "decided_at", "decision_note"])
    record(actor, "refuse_evaluation", f"evaluation:{pk}")
    return evaluation


def _open_evaluation(pk: int) -> Evaluation:
    """The measure first and then the row, in the order of `propose_evaluation`, so that neither waits for the other."""
    for measure in Evaluation.objects.filter(pk=pk).values_list("measure", flat=True):
        _lock(measure)
    found = Evaluation.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Bewertung gibt es nicht."))
    if found.state != EvaluationState.PROVISIONAL:
        raise Conflict(gettext("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))
    return found


def _require_measure(code: str) -> None:
    if strategy.find_measure(code) is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))


def _lock(measure: str) -> None:
    """One evaluation of a measure at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"steering.evaluate:{measure}"]
        )


def _condition_word(condition: Condition) -> str:
    return {
        Condition.DAY: gettext("der Tag der Bewertung"),
        Condition.RANGE: gettext("Ist-Werte im Soll"),
        Condition.IMPLEMENTED: gettext("Maßnahme abgeschlossen"),
        Condition.INFLUENCES: gettext("Einflussprüfung"),
        Condition.SECOND: gettext("zweite Person"),
    }[condition]
