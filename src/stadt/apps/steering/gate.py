"""When a measure counts as "erfolgreich umgesetzt": the conditions of M-13 and M-14, one by one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from stadt.apps.steering import strategy
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import Evaluation, EvaluationRule, InfluenceCheck
from stadt.apps.steering.states import EvaluationState, Outcome, Rule
from stadt.apps.steering.verdict import State
from stadt.apps.steering.verdicts import Verdict, told, verdicts_of_measure


class Condition(StrEnum):
    """What must be so. DAY: the day of evaluation has come. SECOND is left to the one who confirms."""

    DAY = "day"
    RANGE = "range"
    IMPLEMENTED = "implemented"
    INFLUENCES = "influences"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Gate:
    """What was found for a measure on a day.

    Attributes:
        met: condition → whether it holds; without SECOND.
        verdicts: of the main indicators, those that the rule looks at.
        share: the weight that is in range, from 0 to 1; None without any main indicator.
        check: the influence check that counts: the newest one after the last confirmed evaluation.
    """

    measure: str
    on: date
    rule: EvaluationRule
    verdicts: tuple[Verdict, ...]
    share: float | None
    check: InfluenceCheck | None
    met: Mapping[Condition, bool]

    def missing(self, outcome: Outcome) -> list[Condition]:
        """What an outcome still lacks. Only success asks for values in range; no outcome goes without influence check."""
        asked = [Condition.DAY, Condition.IMPLEMENTED, Condition.INFLUENCES]
        if outcome == Outcome.SUCCESSFUL:
            asked.insert(1, Condition.RANGE)
        return [one for one in asked if not self.met[one]]

    def evidence(self) -> dict[str, Any]:
        """What a person is shown and decides on, as JSON takes it: the rule and each verdict with its numbers."""
        return {
            "measure": self.measure,
            "on": self.on.isoformat(),
            "rule": {
                "rule": str(self.rule.rule),
                "weights": self.rule.weights,
                "needed": self.rule.needed,
                "accepts_probable": self.rule.accepts_probable,
            },
            "verdicts": [told(one) for one in self.verdicts],
        }


def digest_of(evidence: Mapping[str, Any]) -> bytes:
    """SHA-256 of evidence, the same for equal evidence."""
    return hashlib.sha256(msgspec.json.encode(evidence, order="deterministic")).digest()


def rule_of(measure: str) -> EvaluationRule:
    """The rule of a measure; the default where nobody set one: all main indicators, surely in range."""
    found = EvaluationRule.objects.filter(measure=measure).order_by("-pk").first()
    return found or EvaluationRule(measure=measure, rule=Rule.ALL_MAIN)


def gate_of(measure: str, on: date) -> Gate:
    """Everything but the second person, for the value valid on a day."""
    rule = rule_of(measure)
    main = list(rule.main) or strategy.main_indicators(measure)
    looked_at = main[:1] if rule.rule == Rule.LEAD else main
    verdicts = tuple(verdicts_of_measure(measure, looked_at, on))
    share = _share(rule, looked_at, verdicts)
    found = strategy.find_measure(measure)
    check = current_check(measure)
    planned = found.evaluate_on if found else None
    return Gate(
        measure=measure,
        on=on,
        rule=rule,
        verdicts=verdicts,
        share=share,
        check=check,
        met={
            Condition.DAY: on <= today() and (planned is None or on >= planned),
            Condition.RANGE: share is not None and share >= _needed(rule),
            Condition.IMPLEMENTED: found is not None and found.state in strategy.EVALUABLE,
            Condition.INFLUENCES: check is not None,
        },
    )


def current_check(measure: str) -> InfluenceCheck | None:
    """The newest influence check that no confirmed evaluation has used up."""
    used = Evaluation.objects.filter(measure=measure, state=EvaluationState.CONFIRMED).values("check_made_id")
    last = InfluenceCheck.objects.filter(measure=measure, pk__in=used).order_by("-pk").first()
    fresh = InfluenceCheck.objects.filter(measure=measure).order_by("-pk")
    return (fresh.filter(pk__gt=last.pk) if last else fresh).first()


def _needed(rule: EvaluationRule) -> float:
    return rule.needed - 1e-9 if rule.rule == Rule.WEIGHTED else 1 - 1e-9


def _share(rule: EvaluationRule, codes: Sequence[str], verdicts: Sequence[Verdict]) -> float | None:
    """The weight of the indicators of which every target is met. An example target never counts."""
    weights = {
        code: float(rule.weights.get(code, 1)) if rule.rule == Rule.WEIGHTED else 1.0 for code in codes
    }
    whole = sum(weights.values())
    if not whole:
        return None
    good = {State.IN_RANGE, State.PROBABLY_IN} if rule.accepts_probable else {State.IN_RANGE}
    failed = {one.code for one in verdicts if one.state not in good or one.is_example}
    met = {one.code for one in verdicts} - failed
    return sum(weight for code, weight in weights.items() if code in met) / whole
