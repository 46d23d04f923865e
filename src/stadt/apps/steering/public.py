"""What other apps may ask: targets, verdicts and warnings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stadt.apps.steering import gate, lines, queries, strategy, verdicts
from stadt.apps.steering.forecast import Outlook
from stadt.apps.steering.models import EarlyWarning, Target
from stadt.apps.steering.progress import Pace
from stadt.apps.steering.verdict import Reason, State
from stadt.apps.steering.verdicts import Verdict
from stadt.apps.steering.words import range_words, reason_sentence, step_word
from stadt.core.people.actor import Actor

__all__ = [
    "Evaluated",
    "Outlook",
    "Pace",
    "Reason",
    "State",
    "Target",
    "Verdict",
    "evaluation_of",
    "list_targets",
    "list_verdicts",
    "open_warnings",
    "range_words",
    "reason_sentence",
    "step_word",
    "target_of",
    "verdict_of",
    "verdicts_of_measure",
]

verdict_of = verdicts.verdict_of
list_verdicts = verdicts.list_verdicts
list_targets = lines.list_targets


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A confirmed evaluation: `outcome` is a state of the strategy's life cycle."""

    id: int
    measure: str
    outcome: str
    on: date
    confirmed_at: datetime
    digest: str


def verdicts_of_measure(code: str, day: date | None = None) -> list[Verdict]:
    """The verdicts on a measure's main indicators, on all its indicators where none is marked as main."""
    main = list(gate.rule_of(code).main) or strategy.main_indicators(code)
    found = strategy.find_measure(code)
    every = [link.code for link in found.indicators] if found else []
    return verdicts.verdicts_of_measure(code, main or every, day)


def target_of(code: str, day: date | None = None) -> Target | None:
    """The city's own target of an indicator that holds on a day (today), decided ones before examples."""
    verdict = verdicts.verdict_of(code, day)
    return Target.objects.filter(pk=verdict.target_id).first() if verdict.target_id else None


def open_warnings(actor: Actor, code: str | None = None) -> Sequence[EarlyWarning]:
    """The warnings that wait for an answer, of one measure or indicator or of all; none without `steering.see`."""
    return queries.list_warnings(actor, code)


def evaluation_of(measure: str) -> Evaluated | None:
    """The last confirmed evaluation of a measure; never an example."""
    found = queries.confirmed_evaluation(measure)
    if found is None or found.decided_at is None:
        return None
    digest = bytes(found.digest).hex()
    return Evaluated(found.pk, measure, str(found.outcome), found.evaluated_on, found.decided_at, digest)
