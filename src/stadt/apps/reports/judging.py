"""What steering and the bodies say of an indicator: SOLL, verdict, decisions; and how verdicts add up for a measure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stadt.apps.reports.snapshot import Decision, Indicator, State, Target, Verdict

# From the worst to the best; what is not assessable says nothing and comes last.
ORDER: tuple[State, ...] = ("outside", "probably_outside", "probably_in", "in_range")


@dataclass(frozen=True, slots=True)
class Judgement:
    """SOLL and verdict of one indicator."""

    target: Target | None
    verdict: Verdict | None


def judge(codes: Iterable[str]) -> Mapping[str, Judgement]:
    """SOLL and verdict by printed code; codes without either are left out."""
    return {}


def decisions(codes: Sequence[str] | None) -> list[Decision]:
    """The public decisions about these codes, all of them for None, newest first."""
    return []


def sum_up(indicators: Iterable[Indicator]) -> tuple[State, bool]:
    """A measure stands where the worst of its assessed indicators stands; and whether one of them is simulated."""
    judged = [item for item in indicators if item.verdict and item.verdict.state in ORDER]
    for state in ORDER:
        if any(item.verdict and item.verdict.state == state for item in judged):
            return state, any(item.is_simulated for item in judged)
    return "not_assessable", False
