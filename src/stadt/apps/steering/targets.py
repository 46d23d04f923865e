"""What a SOLL is, without any table: a range with perhaps one open side, a path by dates, a tolerance, and what counts as distance."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Measuring(StrEnum):
    """What is compared with the range.

    VALUE: the value itself. FROM_ONE: how far a ratio is from 1, |x − 1|, such as women's pay divided by men's.
    """

    VALUE = "value"
    FROM_ONE = "from_one"


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, in the indicator's unit; None: that side is open, never both.

    Raises:
        ValueError: both sides are open, one is no finite number, or they stand in the wrong order.
    """

    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("A range needs a lower or an upper bound.")
        if any(side is not None and not math.isfinite(side) for side in (self.low, self.high)):
            raise ValueError("A bound of a range is a finite number.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("The lower bound of a range is at most its upper bound.")

    @property
    def bounds(self) -> tuple[float, float]:
        """Both bounds, an open side as infinity."""
        return (
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )

    def contains(self, value: float) -> bool:
        """Whether a value lies inside; the bounds do."""
        low, high = self.bounds
        return low <= value <= high

    def nearest(self, value: float) -> float:
        """The value of the range that is nearest to a value: itself when it lies inside."""
        low, high = self.bounds
        return min(max(value, low), high)

    def widened(self, tolerance: float) -> "Range":
        """The range with the tolerance added on each side that is closed."""
        return Range(
            None if self.low is None else self.low - tolerance,
            None if self.high is None else self.high + tolerance,
        )


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The range that a path asks for on a day."""

    on: date
    range: Range


@dataclass(frozen=True, slots=True)
class Soll:
    """What is aimed at, in the indicator's unit.

    Attributes:
        final: the range on the day of evaluation and from then on.
        due: the day of evaluation; None: not set, then the range holds on every day.
        path: ranges on earlier days, oldest first; empty: the final range holds on every day.
        base: the value that one starts from, and `base_on` its day; None: not known.
        tolerance: how much a value may miss the range and still count as inside; at least 0.
        measuring: what is compared with the range. With FROM_ONE ranges and tolerance are distances from 1.

    Raises:
        ValueError: the path is not in order, or does not end before the day of evaluation.
    """

    final: Range
    due: date | None = None
    path: tuple[PathPoint, ...] = ()
    base: float | None = None
    base_on: date | None = None
    tolerance: float = 0.0
    measuring: Measuring = Measuring.VALUE

    def __post_init__(self) -> None:
        days = [point.on for point in self.path]
        if days != sorted(set(days)):
            raise ValueError("The points of a path stand in the order of their days, one for each day.")
        if days and (self.due is None or days[-1] >= self.due):
            raise ValueError("A path ends before the day of evaluation.")
        if self.tolerance < 0 or not math.isfinite(self.tolerance):
            raise ValueError("A tolerance is a number of at least 0.")

    def measured(self, value: float) -> float:
        """The number that is compared with the range."""
        return abs(value - 1) if self.measuring is Measuring.FROM_ONE else value

    def measured_interval(self, low: float, high: float) -> tuple[float, float]:
        """The interval that is compared with the range; an interval around 1 begins at a distance of 0."""
        if self.measuring is Measuring.VALUE:
            return low, high
        ends = (abs(low - 1), abs(high - 1))
        return (0.0 if low <= 1 <= high else min(ends)), max(ends)

    def range_on(self, day: date) -> Range | None:
        """The range that holds on a day, without the tolerance; None before the path begins.

        Between two points each side runs in a straight line by days; a side that is open at one of the two points is
        open between them. Between the last point and the day of evaluation the same holds towards the final range.
        """
        if not self.path or self.due is None or day >= self.due:
            return self.final
        points = [*self.path, PathPoint(self.due, self.final)]
        if day < points[0].on:
            return None
        later = next(place for place, point in enumerate(points) if point.on > day)
        earlier = points[later - 1]
        return earlier.range if earlier.on == day else _between(earlier, points[later], day)

    def judged_on(self, day: date) -> Range | None:
        """The range of a day with the tolerance: what a value is judged by."""
        found = self.range_on(day)
        return None if found is None else found.widened(self.tolerance)


def _between(earlier: PathPoint, later: PathPoint, day: date) -> Range:
    share = (day - earlier.on).days / (later.on - earlier.on).days
    sides = [
        None if a is None or b is None else a + (b - a) * share
        for a, b in ((earlier.range.low, later.range.low), (earlier.range.high, later.range.high))
    ]
    if sides == [None, None]:  # from "at least" to "at most": the earlier one holds until the later one does
        return earlier.range
    return Range(*sides)
