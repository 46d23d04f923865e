"""Forecasts against figures that statsmodels 0.15.0 and SciPy 1.17.1 computed (WLS, `obs_ci` at 95 %)."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.steering.forecast import (
    Estimate,
    Outlook,
    Point,
    Trend,
    Unknown,
    growth_per_year,
    outlook_of,
    trend_of,
)
from stadt.apps.steering.targets import PathPoint, Range, Soll

DAYS = [date(2020 + year, 7, 1) for year in range(6)]
VALUES = [41.2, 43.0, 42.1, 45.9, 47.4, 46.8]
AT = date(2028, 7, 1)


def line(points: list[Point], half_life: float | None = None) -> Trend:
    found = trend_of(points, half_life)
    assert isinstance(found, Trend)
    return found


def points(
    values: list[float] = VALUES, days: list[date] = DAYS, weights: list[float] | None = None
) -> list[Point]:
    return [
        Point(day, value, w) for day, value, w in zip(days, values, weights or [1] * len(days), strict=True)
    ]


MONTHS = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]


@pytest.mark.parametrize(
    ("given_points", "half_life", "at", "per_year", "expected"),
    [
        (points(), None, AT, 1.2858033211903375, (51.47309026968364, 45.8978063812646, 57.048374158102675)),
        (
            points(weights=[1, 1, 2, 2, 4, 4.5]), None, AT,
            1.266904708094089, (51.3561609773629, 44.44086177163912, 58.271460183086674),
        ),
        (points(), 730.0, AT, 1.211722605231532, (51.108807202951176, 46.27135468642228, 55.946259719480075)),
        (
            points([3.0, 1.5, -0.5, -1.0], MONTHS), None, date(2024, 12, 31),
            -16.989429316338345, (-12.751117364674714, -21.811027124877377, -3.691207604472053),
        ),
    ],
    ids=["equal", "weighted", "recent", "through zero"],
)  # fmt: skip
def test_the_line_and_its_interval_are_those_of_statsmodels(
    given_points: list[Point], half_life: float | None, at: date, per_year: float, expected: tuple[float, ...]
) -> None:
    trend = line(given_points, half_life)
    found = trend.estimate(at)
    assert trend.per_year == pytest.approx(per_year, rel=1e-9)
    assert (found.value, found.low, found.high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("few", [[], points()[:1], points()[:2]])
def test_fewer_than_three_values_are_no_forecast(few: list[Point]) -> None:
    """Notes §7: unknown, never a line through two points."""
    assert trend_of(few) is Unknown.FEW_POINTS


def test_three_values_of_one_day_are_no_forecast() -> None:
    assert trend_of([Point(AT, value) for value in (1.0, 2.0, 3.0)]) is Unknown.ONE_DAY


@pytest.mark.parametrize(("value", "weight"), [(math.nan, 1), (math.inf, 1), (1, 0), (1, -1), (1, math.nan)])
def test_what_is_no_number_is_refused(value: float, weight: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        trend_of([*points(), Point(AT, value, weight)])


def test_a_share_is_never_forecast_above_all_of_it() -> None:
    rising = line(points([80, 90, 95, 99, 99, 99]))
    found = rising.estimate(date(2040, 1, 1), Range(0, 100))
    assert found.value == found.high == 100
    assert found.is_capped
    assert not rising.estimate(DAYS[-1]).is_capped


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=20), st.integers(-4000, 4000))
def test_the_forecast_lies_in_its_interval_and_in_the_valid_range(values: list[float], ahead: int) -> None:
    days = [date(2015, 1, 1) + timedelta(days=30 * step) for step in range(len(values))]
    found = line(points(values, days)).estimate(days[-1] + timedelta(days=ahead), Range(0, 100))
    assert 0 <= found.low <= found.value <= found.high <= 100


@given(st.floats(-100, 100), st.floats(-10, 10), st.integers(3, 12), st.integers(0, 3000))
def test_a_straight_series_is_continued_straight(base: float, slope: float, count: int, ahead: int) -> None:
    days = [date(2015, 1, 1) + timedelta(days=100 * step) for step in range(count)]
    found = line(points([base + slope * step for step in range(count)], days))
    at = days[-1] + timedelta(days=ahead)
    assert found.estimate(at).value == pytest.approx(base + slope * (count - 1 + ahead / 100), abs=1e-6)


def test_the_order_of_the_values_does_not_matter() -> None:
    assert line(points()[::-1]).estimate(AT).low == pytest.approx(line(points()).estimate(AT).low)


@pytest.mark.parametrize(
    ("low", "high", "outlook"),
    [
        (55, 60, Outlook.ON_TRACK),
        (45, 52, Outlook.OFF_TRACK),
        (None, 56.5, Outlook.AT_RISK),
        (56.5, None, Outlook.AT_RISK),
        (70, None, Outlook.OFF_TRACK),
        (None, 40, Outlook.OFF_TRACK),
    ],
)
def test_the_outlook_compares_the_whole_interval(
    low: float | None, high: float | None, outlook: Outlook
) -> None:
    """M-16."""
    assert outlook_of(Soll(Range(low, high), AT), Estimate(AT, 56, 55, 57, 0.95)) is outlook


def test_before_its_path_begins_there_is_no_outlook() -> None:
    soll = Soll(Range(1, 2), AT, (PathPoint(date(2027, 1, 1), Range(1, 2)),))
    assert outlook_of(soll, Estimate(DAYS[0], 1, 1, 1, 0.95)) is Outlook.UNKNOWN


@pytest.mark.parametrize(
    ("values", "expected"),
    [([100.0, 110.25], 0.05), ([5.0, 5.0], 0.0), ([0.0, 3.0], None), ([-2.0, 3.0], None), ([3.0, 0.0], None)],
)
def test_growth_is_told_only_where_it_is_a_number(values: list[float], expected: float | None) -> None:
    """Row 10: the same series through gap and growth; growth has no answer for 0 and a change of sign."""
    found = growth_per_year(points(values, [date(2020, 1, 1), date(2022, 1, 1)]))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-4))


def test_a_month_is_no_year_of_growth() -> None:
    assert growth_per_year(points([1.7, 2.0], [date(2026, 10, 30), date(2026, 11, 28)])) is None
