"""How much of the way from the base value to the SOLL is done, and how much should be: gap closing, pure.

g = (x_t − x_0) / (x_T − x_0), e = (t − t_0) / (T − t_0), and g / e beside thresholds. Unlike growth rates this works
with 0, with a target of 0 and with a change of sign. Where base and aim are the same, there is no gap: hold the line.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stadt.apps.steering.targets import Soll


class Pace(StrEnum):
    """How fast the gap closes. HOLDS and SLIPS are for a base that lies in the range already."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    AWAY = "away"
    HOLDS = "holds"
    SLIPS = "slips"
    UNKNOWN = "unknown"


class Missing(StrEnum):
    """Why no pace is known."""

    NO_BASE = "no_base"
    NO_DUE = "no_due"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which ratio g / e on a pace counts. The usual three, kept as data: a city may set others."""

    on_track: float = 0.95
    at_risk: float = 0.6
    off_track: float = 0.0

    def __post_init__(self) -> None:
        if not self.on_track > self.at_risk > self.off_track:
            raise ValueError("The thresholds fall from on track to off track.")

    def pace_of(self, ratio: float) -> Pace:
        """The pace for a ratio of closed to expected gap."""
        if ratio >= self.on_track:
            return Pace.ON_TRACK
        if ratio >= self.at_risk:
            return Pace.AT_RISK
        return Pace.OFF_TRACK if ratio >= self.off_track else Pace.AWAY


@dataclass(frozen=True, slots=True)
class Progress:
    """What was found. `closed` and `expected` are shares of the whole gap: 1 is all of it, below 0 the gap grew.

    `base` and `aim` are x_0 and x_T as they are measured. `missing` says why the pace is unknown.
    """

    pace: Pace
    closed: float | None = None
    expected: float | None = None
    ratio: float | None = None
    base: float | None = None
    aim: float | None = None
    missing: Missing | None = None


def progress_of(soll: Soll, value: float, on: date, thresholds: Thresholds | None = None) -> Progress:
    """How far a value of a day is on the way to the SOLL.

    The aim x_T is the bound of the final range that the base has to come to. With a path the expected share is the
    path's of that day, on the same side; without one it grows evenly from base to evaluation, and stays 1 afterwards.

    Args:
        soll: with base, its day and the day of evaluation; otherwise the pace is unknown.
        value: in the indicator's unit.
        on: the day that the value is for.
        thresholds: the usual ones when None.
    """
    if soll.base is None or soll.base_on is None:
        return Progress(Pace.UNKNOWN, missing=Missing.NO_BASE)
    base = soll.measured(soll.base)
    aim = soll.final.nearest(base)
    now = soll.measured(value)
    if aim == base:
        wanted = soll.judged_on(on) or soll.final
        pace = Pace.HOLDS if wanted.contains(now) else Pace.SLIPS
        return Progress(pace, base=base, aim=aim)
    if soll.due is None or soll.due <= soll.base_on:
        return Progress(Pace.UNKNOWN, base=base, aim=aim, missing=Missing.NO_DUE)
    closed = (now - base) / (aim - base)
    expected = _expected(soll, base, aim, on)
    if expected <= 0:
        return Progress(Pace.UNKNOWN, closed, expected, None, base, aim, Missing.TOO_EARLY)
    ratio = closed / expected
    return Progress((thresholds or Thresholds()).pace_of(ratio), closed, expected, ratio, base, aim)


def _expected(soll: Soll, base: float, aim: float, on: date) -> float:
    assert soll.base_on is not None  # noqa: S101 - asked by the caller
    assert soll.due is not None  # noqa: S101
    passed = (on - soll.base_on).days / (soll.due - soll.base_on).days
    even = min(max(passed, 0.0), 1.0)
    wanted = soll.range_on(on) if soll.path else None
    side = (wanted.low if aim > base else wanted.high) if wanted else None
    return even if side is None else (side - base) / (aim - base)
