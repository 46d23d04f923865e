"""Where a series is going: a weighted straight line with a prediction interval, and growth per year beside it; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stadt.apps.steering.targets import Range, Soll
from stadt.hub.indicators.statistics import t_quantile

FEWEST_POINTS = 3
YEAR = 365.2425
LEVEL = 0.95
LEAST_DAYS = 365


class Method(StrEnum):
    """How the line was laid: all values count the same, or newer ones more (half after `half_life` days)."""

    LINEAR = "linear"
    LINEAR_RECENT = "linear_recent"


class Unknown(StrEnum):
    """Why there is no forecast."""

    FEW_POINTS = "few_points"
    ONE_DAY = "one_day"
    NO_DUE = "no_due"
    PAST = "past"


class Outlook(StrEnum):
    """Whether the SOLL will be reached (M-16)."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a day; `weight` is above 0 and says how much it counts beside the others."""

    on: date
    value: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The line's value on a day and the interval in which one new value lies with the probability `level`.

    `is_capped`: part of it lay outside the valid range of the indicator and was cut.
    """

    on: date
    value: float
    low: float
    high: float
    level: float
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through points: `per_year` is its slope, `points` how many it was laid through."""

    method: Method
    points: int
    origin: date
    centre: float
    mean: float
    slope: float
    spread: float
    weight: float
    scatter: float
    first: date
    last: date

    @property
    def per_year(self) -> float:
        """How much the line rises in a year."""
        return self.slope * YEAR

    def estimate(self, on: date, valid: Range | None = None, level: float = LEVEL) -> Estimate:
        """The line on a day with its prediction interval: two-sided, t distribution with n − 2 degrees of freedom.

        Source: weighted least squares, the standard error of a new observation of weight 1 (as in Draper and Smith,
        Applied Regression Analysis, 1.4). `valid` is what the indicator can be at all, such as 0 to 100 %.
        """
        away = (on - self.origin).days - self.centre
        value = self.mean + self.slope * away
        error = math.sqrt(self.scatter * (1 + 1 / self.weight + away**2 / self.spread))
        reach = t_quantile((1 + level) / 2, self.points - 2) * error
        found = (value, value - reach, value + reach)
        if valid is None:
            return Estimate(on, *found, level)
        cut = (valid.nearest(found[0]), valid.nearest(found[1]), valid.nearest(found[2]))
        return Estimate(on, *cut, level, is_capped=cut != found)


def trend_of(points: Sequence[Point], half_life: float | None = None) -> Trend | Unknown:
    """The straight line through values of days, least squares by weight.

    Args:
        points: in any order; several of one day are allowed.
        half_life: days after which a value counts half as much as the newest; None: all count by their own weight only.

    Raises:
        ValueError: a value is no finite number, or a weight or the half-life is not above 0.
    """
    if half_life is not None and half_life <= 0:
        raise ValueError("A half-life is above 0 days.")
    if any(not math.isfinite(point.value) or not 0 < point.weight < math.inf for point in points):
        raise ValueError("A point has a finite value and a weight above 0.")
    if len(points) < FEWEST_POINTS:
        return Unknown.FEW_POINTS
    days = [point.on for point in points]
    first, last = min(days), max(days)
    if first == last:
        return Unknown.ONE_DAY
    weights = [_weight(point, last, half_life) for point in points]
    whole = math.fsum(weights)
    x = [float((day - first).days) for day in days]
    centre = math.fsum(w * at for w, at in zip(weights, x, strict=True)) / whole
    mean = math.fsum(w * point.value for w, point in zip(weights, points, strict=True)) / whole
    spread = math.fsum(w * (at - centre) ** 2 for w, at in zip(weights, x, strict=True))
    slope = (
        math.fsum(
            w * (at - centre) * (point.value - mean) for w, at, point in zip(weights, x, points, strict=True)
        )
        / spread
    )
    residuals = [point.value - mean - slope * (at - centre) for at, point in zip(x, points, strict=True)]
    scatter = math.fsum(w * r**2 for w, r in zip(weights, residuals, strict=True)) / (len(points) - 2)
    method = Method.LINEAR if half_life is None else Method.LINEAR_RECENT
    return Trend(method, len(points), first, centre, mean, slope, spread, whole, scatter, first, last)


def outlook_of(soll: Soll, estimate: Estimate) -> Outlook:
    """Whether the forecast for the day of evaluation lies in the SOLL: wholly, partly or not at all."""
    wanted = soll.judged_on(estimate.on)
    if wanted is None:
        return Outlook.UNKNOWN
    low, high = soll.measured_interval(estimate.low, estimate.high)
    if wanted.contains(low) and wanted.contains(high):
        return Outlook.ON_TRACK
    bottom, top = wanted.bounds
    return Outlook.AT_RISK if low <= top and high >= bottom else Outlook.OFF_TRACK


def growth_per_year(points: Sequence[Point]) -> float | None:
    """The mean growth per year from the first to the last value (CAGR), 0.05 for 5 %.

    None where it says nothing: less than a year, or a first or last value that is 0 or below, since a growth from
    0 or across 0 is no number. That is why the gap, and not the growth, decides.
    """
    ordered = sorted(points, key=lambda point: point.on)
    if not ordered or (ordered[-1].on - ordered[0].on).days < LEAST_DAYS:
        return None
    first, last = ordered[0], ordered[-1]
    if first.value <= 0 or last.value <= 0:
        return None
    return math.pow(last.value / first.value, YEAR / (last.on - first.on).days) - 1


def _weight(point: Point, last: date, half_life: float | None) -> float:
    if half_life is None:
        return point.weight
    return max(point.weight * math.pow(0.5, (last - point.on).days / half_life), 1e-12)
