"""What a SOLL is: ranges, paths and distances (M-11)."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.steering.targets import Measuring, PathPoint, Range, Soll

START, DUE = date(2024, 1, 1), date(2028, 1, 1)
numbers = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (2, 1), (math.nan, 1), (0, math.inf), (-math.inf, None)]
)
def test_a_range_that_says_nothing_is_refused(low: float | None, high: float | None) -> None:
    with pytest.raises(ValueError, match=r"range|bound|number"):
        Range(low, high)


@pytest.mark.parametrize(
    ("low", "high", "inside", "outside"),
    [
        (0, 0, [0], [-1e-9, 1]),
        (None, 0, [-5, 0], [0.1]),
        (30, None, [30, 1e9], [29.9]),
        (-2, 3, [-2, 3], [3.1]),
    ],
)
def test_bounds_belong_to_the_range_and_zero_is_a_target(
    low: float | None, high: float | None, inside: list[float], outside: list[float]
) -> None:
    """M-11: one side may be open; 0 is a target like any other."""
    found = Range(low, high)
    assert all(found.contains(value) for value in inside)
    assert not any(found.contains(value) for value in outside)


def test_a_path_runs_in_straight_lines_between_its_points() -> None:
    """M-11: the interpolation rule, side by side and by days."""
    path = (PathPoint(START, Range(10, 20)), PathPoint(date(2026, 1, 1), Range(20, None)))
    soll = Soll(Range(40, 60), DUE, path)
    assert soll.range_on(START - timedelta(days=1)) is None
    assert soll.range_on(START) == Range(10, 20)
    middle = soll.range_on(date(2025, 1, 1))
    assert middle is not None
    assert middle.low == pytest.approx(10 + 10 * 366 / 731)
    assert middle.high is None
    assert soll.range_on(date(2027, 1, 1)) == Range(30, None)
    assert soll.range_on(DUE) == soll.range_on(date(2040, 1, 1)) == Range(40, 60)


def test_without_a_path_the_range_holds_on_every_day() -> None:
    soll = Soll(Range(None, 0), DUE)
    assert soll.range_on(date.min) == soll.range_on(date.max) == Range(None, 0)


def test_between_at_most_and_at_least_the_earlier_point_holds() -> None:
    soll = Soll(Range(5, None), DUE, (PathPoint(START, Range(None, 9)),))
    assert soll.range_on(date(2027, 12, 31)) == Range(None, 9)


@pytest.mark.parametrize(
    "path",
    [
        (PathPoint(DUE, Range(1, 2)),),
        (PathPoint(START, Range(1, 2)), PathPoint(START, Range(1, 2))),
        (PathPoint(date(2025, 1, 1), Range(1, 2)), PathPoint(START, Range(1, 2))),
    ],
)
def test_a_path_out_of_order_is_refused(path: tuple[PathPoint, ...]) -> None:
    with pytest.raises(ValueError, match="path"):
        Soll(Range(1, 2), DUE, path)


def test_a_path_needs_a_day_of_evaluation() -> None:
    with pytest.raises(ValueError, match="path"):
        Soll(Range(1, 2), None, (PathPoint(START, Range(1, 2)),))


def test_a_ratio_is_measured_by_its_distance_from_one() -> None:
    """§3.2 no. 7: equal pay is 1, and neither less nor more is better."""
    soll = Soll(Range(None, 0.05), DUE, measuring=Measuring.FROM_ONE)
    assert soll.measured(0.97) == pytest.approx(soll.measured(1.03))
    assert soll.measured_interval(0.9, 1.2) == pytest.approx((0.0, 0.2))
    assert soll.measured_interval(0.8, 0.9) == pytest.approx((0.1, 0.2))


@given(numbers, numbers, st.floats(0, 1e6), numbers)
def test_a_tolerance_only_adds(low: float, high: float, tolerance: float, value: float) -> None:
    low, high = sorted((low, high))
    found = Range(low, high)
    assert found.widened(tolerance).contains(value) or not found.contains(value)


@given(numbers, numbers, numbers)
def test_the_nearest_value_lies_inside_and_keeps_what_is_inside(
    low: float, high: float, value: float
) -> None:
    low, high = sorted((low, high))
    found = Range(low, high)
    assert found.contains(found.nearest(value))
    assert (found.nearest(value) == value) is found.contains(value)
