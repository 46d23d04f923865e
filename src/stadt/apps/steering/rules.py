"""The rules of early warning, as data: what each looks at, and what it finds (M-16)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from stadt.apps.steering import strategy
from stadt.apps.steering.durations import days_of
from stadt.apps.steering.forecast import Outlook
from stadt.apps.steering.models import Evaluation
from stadt.apps.steering.states import EvaluationState
from stadt.apps.steering.strategy import Measure, PrintedIndicator
from stadt.apps.steering.terms import Terms
from stadt.apps.steering.verdicts import Verdict

UNSECURED = frozenset({"open", "planned", "applied"})


@dataclass(frozen=True, slots=True)
class World:
    """What the rules look at: the strategy, the verdicts, and which measures have a confirmed evaluation, on one day."""

    today: date
    terms: Terms
    measures: Mapping[str, Measure]
    indicators: Mapping[str, PrintedIndicator]
    verdicts: tuple[Verdict, ...] = ()
    evaluated: frozenset[str] = frozenset()
    last_values: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """That a rule's cause is there for an object. `facts` are numbers and days, as JSON takes them, for the sentence."""

    subject: str
    measure: str = ""
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class WarningRule:
    """A rule. `sentence` is a German message id with names of facts.

    `find` is None for a rule whose cause is an event: its warning ends with the answer.
    """

    key: str
    title: str
    sentence: str
    find: Callable[[World], Iterator[Finding]] | None = None


def _with_outlook(outlook: Outlook) -> Callable[[World], Iterator[Finding]]:
    def find(world: World) -> Iterator[Finding]:
        for one in world.verdicts:
            # A simulated value warns only of an example, so that nobody has to answer for invented numbers.
            if one.outlook is outlook and (not one.simulated or one.is_example):
                estimate = one.forecast.estimate
                facts = {
                    "value": one.value,
                    "on": _iso(one.on),
                    "due": _iso(one.due),
                    "forecast": estimate.value if estimate else None,
                }
                yield Finding(f"target:{one.target_id}", one.measure, one.code, facts, one.is_example)

    return find


def _overdue_values(world: World) -> Iterator[Finding]:
    """Old is not overdue: interval and usual delay of the indicator both pass first (notes §3.2 no. 9)."""
    wanted = {one.code for one in world.verdicts if not one.is_example}
    for code, indicator in world.indicators.items():
        days = days_of(indicator.interval)
        last = world.last_values.get(code)
        if days is None or last is None or not (code in wanted or indicator.priority):
            continue
        expected = last + timedelta(days=days + (indicator.expected_delay_days or 0))
        if expected < world.today:
            yield Finding(code, "", code, {"on": _iso(last), "expected": _iso(expected)})


def _overdue_measures(world: World) -> Iterator[Finding]:
    for measure in world.measures.values():
        end = measure.period.end
        late = end is not None and end < world.today and not measure.period.is_ongoing
        if late and measure.state in strategy.RUNNING:
            yield Finding(measure.code, measure.code, "", {"end": _iso(end)})


def _slips(world: World) -> Iterator[Finding]:
    """A measure begins before what it requires is to be done, or what it requires was struck."""
    for measure in world.measures.values():
        if measure.state not in strategy.RUNNING:
            continue
        for link in measure.dependencies:
            before = world.measures.get(link.code)
            if link.kind not in {"requires", "follows"} or before is None:
                continue
            start, end = measure.period.start, before.period.end
            is_done = before.state in strategy.EVALUABLE or before.state in strategy.DONE
            slips = start is not None and end is not None and end >= start and not is_done
            if slips or before.state in {"struck", "paused"}:
                facts = {"before": before.code, "start": _iso(start), "end": _iso(end)}
                yield Finding(f"{measure.code}/{before.code}", measure.code, "", facts)


def _unfunded(world: World) -> Iterator[Finding]:
    soon = world.today + timedelta(days=world.terms.funding_days)
    for measure in world.measures.values():
        start = measure.period.start
        missing = [item for item in measure.funding.items if item.state in UNSECURED]
        if measure.state in strategy.BEFORE_START and start is not None and start <= soon and missing:
            yield Finding(measure.code, measure.code, "", {"start": _iso(start), "open": len(missing)})


def _unevaluated(world: World) -> Iterator[Finding]:
    for measure in world.measures.values():
        due = measure.evaluate_on
        if due is None or due >= world.today or measure.code in world.evaluated:
            continue
        if measure.state in strategy.EVALUABLE:
            yield Finding(measure.code, measure.code, "", {"due": _iso(due)})


RULES: tuple[WarningRule, ...] = (
    WarningRule(
        "off_track", _("Soll wird verfehlt"),
        _("Setzt sich der Verlauf fort, wird das Soll bis %(due)s verfehlt."), _with_outlook(Outlook.OFF_TRACK),
    ),
    WarningRule(
        "at_risk", _("Soll ist gefährdet"),
        _("Setzt sich der Verlauf fort, ist offen, ob das Soll bis %(due)s erreicht wird."),
        _with_outlook(Outlook.AT_RISK),
    ),
    WarningRule(
        "overdue_value", _("Wert ist überfällig"),
        _("Der letzte Wert ist vom %(on)s, ein neuer war bis %(expected)s zu erwarten."), _overdue_values,
    ),
    WarningRule(
        "overdue_measure", _("Maßnahme ist überfällig"),
        _("Die Maßnahme sollte bis %(end)s fertig sein und ist noch nicht umgesetzt."), _overdue_measures,
    ),
    WarningRule(
        "revised_value", _("Wert wurde berichtigt"),
        _("Ein Wert, an dem ein Soll hängt, wurde von %(old)s auf %(new)s berichtigt."),
    ),
    WarningRule(
        "dependency_slip", _("Voraussetzung verschiebt sich"),
        _("Die Maßnahme beginnt am %(start)s, aber ihre Voraussetzung %(before)s endet erst am %(end)s oder entfällt."),
        _slips,
    ),
    WarningRule(
        "funding_open", _("Finanzierung ist offen"),
        _("Die Maßnahme beginnt am %(start)s, und ihre Finanzierung ist nicht gesichert."), _unfunded,
    ),
    WarningRule(
        "missing_evaluation", _("Bewertung fehlt"),
        _("Die Bewertung war für den %(due)s vorgesehen und fehlt."), _unevaluated,
    ),
)  # fmt: skip
RULES_BY_KEY: Mapping[str, WarningRule] = {rule.key: rule for rule in RULES}


def evaluated_measures() -> frozenset[str]:
    """The measures with a confirmed evaluation."""
    found = Evaluation.objects.filter(state=EvaluationState.CONFIRMED, is_example=False)
    return frozenset(found.values_list("measure", flat=True))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
