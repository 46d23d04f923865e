"""Intervals of figures that come from samples and counts: Wilson, Poisson (exact), mean of a sample.

Pure functions over numbers. An interval says how far the true value may lie from what was seen by chance alone; it says
nothing about wrong measuring, and a share of a complete register has none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, fmean, stdev

from scipy.special import gammaincinv, stdtrit

LEVEL = 0.95
PERCENT = 100.0


class Method(StrEnum):
    """How an interval was found; stored with the value."""

    NONE = ""
    WILSON = "wilson"
    POISSON = "poisson"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` in the unit of the figure, both included, at a confidence `level` between 0 and 1."""

    low: float
    high: float
    level: float
    method: Method

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """How far the bounds lie apart."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; `interval` is None where the input carries none."""

    value: float
    interval: Interval | None


def wilson(n: float, d: float, level: float = LEVEL, *, scale: float = PERCENT) -> Interval:
    """The score interval of a share of which `n` of `d` were counted, in percent (or in `scale`).

    Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212. Never below 0 nor above `scale`; of 0 counted, the upper bound
    lies above 0.

    Raises:
        ValueError: d is not above 0, n does not lie between 0 and d, or the level not between 0 and 1.
    """
    _check_level(level)
    if not (math.isfinite(d) and d > 0):
        raise ValueError("A share needs something to divide by.")
    if not 0 <= n <= d:
        raise ValueError("A part is at least 0 and at most the whole.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = n / d
    whole = 1 + z * z / d
    middle = (p + z * z / (2 * d)) / whole
    half = z / whole * math.sqrt(p * (1 - p) / d + z * z / (4 * d * d))
    low = 0.0 if n == 0 else max(0.0, min(p, middle - half))
    high = 1.0 if n == d else min(1.0, max(p, middle + half))
    return Interval(low * scale, high * scale, level, Method.WILSON)


def poisson(count: int, exposure: float = 1.0, per: float = 1.0, level: float = LEVEL) -> Interval:
    """The exact interval of a rate: `count` events over an `exposure` (people, years), told `per` so many.

    Source: Garwood, Biometrika 28 (1936) 437–442. Of 0 events the lower bound is 0 and the upper one above 0.

    Raises:
        ValueError: a negative or broken count, an exposure or a `per` that is not above 0, or a wrong level.
    """
    _check_level(level)
    if count < 0 or count != int(count):
        raise ValueError("Events are counted in whole numbers from 0.")
    if not (math.isfinite(exposure) and exposure > 0 and math.isfinite(per) and per > 0):
        raise ValueError("A rate needs an exposure above 0.")
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    high = float(gammaincinv(count + 1, 1 - tail))
    return Interval(low / exposure * per, high / exposure * per, level, Method.POISSON)


def sample_mean(values: Sequence[float], level: float = LEVEL) -> Interval:
    """The interval of the mean of independent values, by Student's t.

    Raises:
        ValueError: fewer than two values, one that is no number, or a wrong level.
    """
    if len(values) < 2:
        raise ValueError("A spread needs at least two values.")
    if not all(math.isfinite(value) for value in values):
        raise ValueError("Every value of a sample is a number.")
    return sample_mean_of(fmean(values), stdev(values), len(values), level)


def sample_mean_of(mean: float, deviation: float, n: int, level: float = LEVEL) -> Interval:
    """As `sample_mean`, from the mean, the standard deviation (with n - 1) and the number of values."""
    _check_level(level)
    if n < 2 or not math.isfinite(mean) or not (math.isfinite(deviation) and deviation >= 0):
        raise ValueError("A spread needs at least two values and a deviation from 0.")
    half = t_quantile((1 + level) / 2, n - 1) * deviation / math.sqrt(n)
    return Interval(mean - half, mean + half, level, Method.MEAN)


def share(n: float, d: float, level: float | None = LEVEL) -> Estimate:
    """100·n/d in percent; with a `level` n and d are counts of a sample and the interval is Wilson's.

    Raises:
        ValueError: as `wilson`; d = 0 is refused.
    """
    if level is not None:
        return Estimate(PERCENT * n / d if d else 0.0, wilson(n, d, level))
    if not (math.isfinite(d) and d > 0):
        raise ValueError("A share needs something to divide by.")
    return Estimate(PERCENT * n / d, None)


def rate(count: int, population: float, per: float = 100_000.0, level: float = LEVEL) -> Estimate:
    """Events per so many people (or another exposure), with the exact Poisson interval."""
    interval = poisson(count, population, per, level)
    return Estimate(count / population * per, interval)


def t_quantile(p: float, df: float) -> float:
    """Below which value Student's t with `df` degrees of freedom lies with probability p (0 < p < 1, df ≥ 1)."""
    if not 0 < p < 1 or not df >= 1:
        raise ValueError("A quantile needs 0 < p < 1 and at least one degree of freedom.")
    return float(stdtrit(df, p))


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1.")
