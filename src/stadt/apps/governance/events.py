"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class DecisionTaken(Event):
    """A body decided; everybody may read the decision."""

    number: int
