"""How a value stands to its SOLL, in the five steps of the strategy's evaluation (M-12); pure."""

from dataclasses import dataclass
from enum import StrEnum

from stadt.apps.steering.targets import Range


class State(StrEnum):
    """The five steps. A value whose interval crosses a bound is only probably inside or outside."""

    IN_RANGE = "in_range"
    PROBABLY_IN = "probably_in"
    PROBABLY_OUTSIDE = "probably_outside"
    OUTSIDE = "outside"
    NOT_ASSESSABLE = "not_assessable"


class Reason(StrEnum):
    """Why a value cannot be judged."""

    NONE = ""
    NO_TARGET = "no_target"
    BEFORE_PATH = "before_path"
    NO_FIGURE = "no_figure"
    NO_VALUE = "no_value"
    SIMULATED = "simulated"
    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    OTHER_DEFINITION = "other_definition"


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` in the indicator's unit; a value that was counted in full is its own interval."""

    low: float
    high: float
    level: float | None = None
    method: str = ""


def judge(value: float, interval: Interval, wanted: Range) -> State:
    """Which of the four assessable steps holds.

    Args:
        value: the IST as it is compared (see `Soll.measured`).
        interval: its interval, likewise; it need not hold the value.
        wanted: the range of the day, with its tolerance.
    """
    bottom, top = wanted.bounds
    low, high = min(interval.low, value), max(interval.high, value)
    if wanted.contains(value):
        return State.IN_RANGE if bottom <= low and high <= top else State.PROBABLY_IN
    return State.PROBABLY_OUTSIDE if low <= top and high >= bottom else State.OUTSIDE
