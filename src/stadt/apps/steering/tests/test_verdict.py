"""The five steps of a verdict (M-12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.steering.targets import Range
from stadt.apps.steering.verdict import Interval, State, judge

numbers = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "low", "high", "state"),
    [
        (15, 14, 16, State.IN_RANGE),
        (15, 10, 20, State.IN_RANGE),
        (15, 9, 16, State.PROBABLY_IN),
        (11, 8, 30, State.PROBABLY_IN),
        (21, 19, 23, State.PROBABLY_OUTSIDE),
        (9, 5, 10, State.PROBABLY_OUTSIDE),
        (25, 21, 29, State.OUTSIDE),
        (5, 1, 9.99, State.OUTSIDE),
    ],
)
def test_the_interval_decides_how_sure_a_verdict_is(
    value: float, low: float, high: float, state: State
) -> None:
    assert judge(value, Interval(low, high), Range(10, 20)) is state


def test_vision_zero_gets_a_valid_verdict() -> None:
    """Row 9: target 0, no death in a year; the Poisson bound 3.69 says that the risk may still be above 0."""
    zero = Range(None, 0)
    assert judge(0, Interval(0, 3.689, 0.95, "Poisson"), zero) is State.PROBABLY_IN
    assert judge(0, Interval(0, 0), zero) is State.IN_RANGE
    assert judge(2, Interval(0.24, 7.22, 0.95, "Poisson"), zero) is State.OUTSIDE


@pytest.mark.parametrize(("value", "state"), [(3, State.IN_RANGE), (2.9, State.OUTSIDE)])
def test_a_value_counted_in_full_is_inside_or_outside(value: float, state: State) -> None:
    assert judge(value, Interval(value, value), Range(3, None)) is state


@given(numbers, numbers, numbers, numbers, numbers)
def test_a_wider_interval_never_makes_surer(
    value: float, low: float, high: float, a: float, b: float
) -> None:
    low, high = sorted((low, high))
    wanted = Range(*sorted((a, b)))
    sure = judge(value, Interval(value, value), wanted)
    found = judge(value, Interval(low, high), wanted)
    if sure is State.IN_RANGE:
        assert found in {State.IN_RANGE, State.PROBABLY_IN}
    else:
        assert found in {State.PROBABLY_OUTSIDE, State.OUTSIDE}


@given(numbers, numbers, numbers)
def test_a_verdict_says_whether_the_value_lies_inside(value: float, a: float, b: float) -> None:
    wanted = Range(*sorted((a, b)))
    inside = judge(value, Interval(value, value), wanted) is State.IN_RANGE
    assert inside is wanted.contains(value)
