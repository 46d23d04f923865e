"""What steering and the bodies say of an indicator: SOLL, verdict, decisions; and how verdicts add up for a measure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stadt.apps.governance import public as governance
from stadt.apps.reports.papers.blocks import plain
from stadt.apps.reports.snapshot import Decision, Indicator, State, Target, Verdict
from stadt.apps.steering import public as steering

STATES: dict[str, State] = {
    "in_range": "in_range",
    "probably_in": "probably_in",
    "probably_outside": "probably_outside",
    "outside": "outside",
    "not_assessable": "not_assessable",
}
# From the worst to the best; what is not assessable says nothing.
ORDER: tuple[State, ...] = ("outside", "probably_outside", "probably_in", "in_range")


@dataclass(frozen=True, slots=True)
class Judgement:
    """SOLL and verdict of one indicator."""

    target: Target | None
    verdict: Verdict | None


def judge(codes: Iterable[str]) -> Mapping[str, Judgement]:
    """SOLL and verdict by printed code; codes without a decided SOLL are left out.

    Of several SOLL values of a code the city's own for the whole strategy and the whole city counts, else the first.
    """
    wanted, found = set(codes), dict[str, Judgement]()
    for verdict in sorted(steering.list_verdicts(), key=_is_special):
        if verdict.code in wanted and verdict.code not in found:
            found[verdict.code] = _judgement(verdict)
    return found


def _is_special(verdict: steering.Verdict) -> bool:
    return bool(verdict.measure or verdict.frame or verdict.series or verdict.place_id)


def _judgement(verdict: steering.Verdict) -> Judgement:
    goal = verdict.final  # what is to be reached by `due`; on a path the range of today is another
    target = None
    if goal is not None:
        target = Target(low=goal.low, high=goal.high, due=verdict.due, is_example=verdict.is_example)
    return Judgement(
        target,
        Verdict(
            state=STATES[str(verdict.state)],
            reason=plain(steering.reason_sentence(verdict)),
            is_simulated=verdict.simulated or verdict.is_example,
        ),
    )


def decisions(codes: Sequence[str] | None) -> list[Decision]:
    """The public decisions that hold about these codes, all of them for None, newest first."""
    facts = [fact for fact in governance.list_decisions() if fact.corrected_by is None]
    return [_decision(fact) for fact in facts if codes is None or set(codes) & set(fact.subjects)]


def _decision(fact: governance.DecisionFact) -> Decision:
    return Decision(
        number=str(fact.number),
        body=plain(fact.body),
        decided_on=fact.decided_on,
        kind=str(fact.kind),
        kind_title=str(fact.kind.label),
        title=plain(fact.title),
        codes=fact.subjects,
        reason=plain(fact.public_text),
        paper=plain(fact.paper_number),
        link=fact.paper_url,
        is_example=fact.is_example,
    )


def sum_up(indicators: Iterable[Indicator]) -> tuple[State, bool]:
    """A measure stands where the worst of its assessed indicators stands; and whether one of them is simulated."""
    judged = [item for item in indicators if item.verdict and item.verdict.state in ORDER]
    for state in ORDER:
        if any(item.verdict and item.verdict.state == state for item in judged):
            return state, any(item.is_simulated for item in judged)
    return "not_assessable", False
