"""What is told when figures change."""

from dataclasses import dataclass
from datetime import datetime

from stadt.core.events import Event


@dataclass(frozen=True)
class FigureStored(Event):
    """A period's value was stored: computed, or confirmed. `period` is the kind, `starts_at` when the period begins."""

    key: str
    period: str
    starts_at: datetime


@dataclass(frozen=True)
class FigureRevised(Event):
    """A value that had been told was replaced; `old` and `new` are None where there was or is no number."""

    key: str
    value_id: int
    old: float | None
    new: float | None
