"""Intervals: equal to independent references, in order, around the figure, and narrower the more is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from stadt.hub.indicators.statistics import (
    Interval,
    poisson,
    rate,
    sample_mean,
    share,
    t_quantile,
    wilson,
)

COUNTS = st.integers(0, 5000)
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.02532, 5.572),
        (2, 0.2422, 7.225),
        (5, 1.6235, 11.668),
        (10, 4.795, 18.390),
        (100, 81.36, 121.63),
    ],
)
def test_exact_limits_of_a_count_are_those_of_the_printed_tables(count: int, low: float, high: float) -> None:
    """Garwood's 95 % limits as every table of the Poisson distribution prints them."""
    interval = poisson(count)
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=2e-4)


@given(COUNTS, st.floats(0.1, 1e7), LEVELS)
def test_poisson_equals_statsmodels(count: int, exposure: float, level: float) -> None:
    low, high = confint_poisson(count, exposure, method="exact-c", alpha=1 - level)
    interval = poisson(count, exposure, level=level)
    assert (interval.low, interval.high) == pytest.approx((max(0.0, float(low)), float(high)), rel=1e-8)


@given(st.integers(1, 10_000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), LEVELS)
def test_wilson_equals_statsmodels(pair: tuple[int, int], level: float) -> None:
    low, high = proportion_confint(*pair, alpha=1 - level, method="wilson")
    interval = wilson(*pair, level, scale=1)
    assert (interval.low, interval.high) == pytest.approx((float(low), float(high)), rel=1e-8, abs=1e-12)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), LEVELS)
def test_the_mean_of_a_sample_equals_scipy(values: list[float], level: float) -> None:
    interval = sample_mean(values, level)
    mean, error = sum(values) / len(values), float(stats.sem(values))
    half = error * float(stats.t.ppf((1 + level) / 2, len(values) - 1))
    assert (interval.low, interval.high) == pytest.approx((mean - half, mean + half), rel=1e-7, abs=1e-6)


@pytest.mark.parametrize(
    ("p", "df", "printed"),
    [
        (0.95, 1, 6.314),
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 5, 2.571),
        (0.995, 10, 3.169),
        (0.975, 30, 2.042),
        (0.975, 120, 1.980),
    ],
)
def test_quantiles_of_student_are_those_of_the_printed_tables(p: float, df: int, printed: float) -> None:
    assert t_quantile(p, df) == pytest.approx(printed, abs=5e-4)
    assert t_quantile(1 - p, df) == pytest.approx(-printed, abs=5e-4)


@given(st.integers(1, 10_000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), LEVELS)
def test_a_share_lies_inside_its_bounds_and_more_cases_narrow_them(
    pair: tuple[int, int], level: float
) -> None:
    n, d = pair
    found = share(n, d, level)
    assert isinstance(found.interval, Interval)
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 100
    assert wilson(4 * n, 4 * d, level).width < found.interval.width


@given(COUNTS, LEVELS)
def test_a_rate_lies_inside_its_bounds_and_more_exposure_narrows_them(count: int, level: float) -> None:
    found = rate(count, 259_645, level=level)
    assert found.interval is not None
    assert 0 <= found.interval.low <= found.value <= found.interval.high
    assert poisson(count * 4, 4 * 259_645, 100_000, level).width < found.interval.width


def test_nothing_counted_still_has_an_upper_bound_above_zero() -> None:
    """Notes §6 row 8: no road death in one year does not prove a rate of 0."""
    assert poisson(0, 259_645, 100_000).low == 0
    assert poisson(0, 259_645, 100_000).high == pytest.approx(1.4207, rel=1e-3)
    assert wilson(0, 40).high > 0
    assert wilson(40, 40).low < 100


def test_one_death_moves_the_rate_as_the_notes_say() -> None:
    """Notes §3.2.8: in a city of 259,645 one road death is about 0.39 per 100,000."""
    assert rate(1, 259_645).value == pytest.approx(0.385, abs=0.001)


def test_a_complete_register_has_a_share_and_no_interval() -> None:
    assert share(3, 4, None).interval is None
    assert share(3, 4, None).value == 75


@pytest.mark.parametrize(
    "call",
    [
        lambda: wilson(1, 0),
        lambda: wilson(3, 2),
        lambda: wilson(-1, 2),
        lambda: wilson(1, 2, 1.0),
        lambda: wilson(1, math.nan),
        lambda: share(1, 0),
        lambda: share(0, 0, None),
        lambda: poisson(-1),
        lambda: poisson(1.5),  # type: ignore[arg-type]
        lambda: poisson(1, 0),
        lambda: rate(1, -5),
        lambda: sample_mean([1.0]),
        lambda: sample_mean([1.0, math.inf]),
        lambda: t_quantile(1, 3),
    ],
)
def test_what_makes_no_sense_is_refused(call: object) -> None:
    with pytest.raises(ValueError, match=r"\."):
        call()  # type: ignore[operator]
