"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class TargetDecided(Event):
    """A target was decided and counts from its day on."""

    target_id: int
    code: str


@dataclass(frozen=True)
class EvaluationConfirmed(Event):
    """A second person confirmed how a measure turned out."""

    evaluation_id: int
    measure: str


@dataclass(frozen=True)
class WarningRaised(Event):
    """Something goes wrong."""

    warning_id: int
    rule: str


@dataclass(frozen=True)
class WarningAnswered(Event):
    """Somebody said what is done about a warning."""

    warning_id: int
