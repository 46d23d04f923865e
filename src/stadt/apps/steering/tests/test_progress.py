"""Progress by gap closing (notes §7)."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stadt.apps.steering.progress import Missing, Pace, Thresholds, progress_of
from stadt.apps.steering.targets import Measuring, PathPoint, Range, Soll

START, HALF, DUE = date(2024, 1, 1), date(2026, 1, 1), date(2028, 1, 1)
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def soll(low: float | None, high: float | None, base: float | None = None, **more: object) -> Soll:
    return Soll(Range(low, high), DUE, base=base, base_on=START, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "base", "value", "closed", "pace"),
    [
        (60, None, 40, 50, 0.5, Pace.ON_TRACK),
        (60, None, 40, 47, 0.35, Pace.AT_RISK),
        (60, None, 40, 42, 0.1, Pace.OFF_TRACK),
        (60, None, 40, 39, -0.05, Pace.AWAY),
        (None, 0, 8, 4, 0.5, Pace.ON_TRACK),  # a target of 0
        (10, None, 0, 5, 0.5, Pace.ON_TRACK),  # a base of 0
        (5, None, -5, 0, 0.5, Pace.ON_TRACK),  # a change of sign, at a value of 0
        (None, -5, 5, 4.9, 0.01, Pace.OFF_TRACK),
        (20, 30, 50, 40, 0.5, Pace.ON_TRACK),  # from above into a range with two sides
        (60, None, 40, 70, 1.5, Pace.ON_TRACK),  # beyond the aim
    ],
)
def test_half_way_in_time_should_be_half_way_in_value(
    low: float | None, high: float | None, base: float, value: float, closed: float, pace: Pace
) -> None:
    found = progress_of(soll(low, high, base), value, HALF)
    assert found.closed == pytest.approx(closed)
    assert found.expected == pytest.approx(731 / 1461)
    assert found.pace is pace


@pytest.mark.parametrize(("value", "pace"), [(21, Pace.HOLDS), (30, Pace.HOLDS), (19.9, Pace.SLIPS)])
def test_a_base_inside_the_range_means_hold_the_line(value: float, pace: Pace) -> None:
    """x_T = x_0: there is no gap to close, the range alone decides."""
    found = progress_of(soll(20, 30, 25), value, HALF)
    assert (found.pace, found.ratio) == (pace, None)


def test_the_tolerance_holds_the_line_too() -> None:
    assert progress_of(soll(20, 30, 25, tolerance=1.0), 19.5, HALF).pace is Pace.HOLDS


def test_equal_pay_comes_nearer_from_both_sides() -> None:
    wanted = soll(None, 0.0, 0.8, measuring=Measuring.FROM_ONE)
    assert progress_of(wanted, 0.9, HALF).closed == pytest.approx(0.5)
    assert progress_of(wanted, 1.1, HALF).closed == pytest.approx(0.5)


def test_with_a_path_the_path_says_what_to_expect() -> None:
    late = soll(60, None, 40, path=(PathPoint(START, Range(40, None)), PathPoint(HALF, Range(42, None))))
    found = progress_of(late, 42, HALF)
    assert found.expected == pytest.approx(0.1)
    assert found.pace is Pace.ON_TRACK


def test_after_the_day_of_evaluation_the_whole_gap_is_expected() -> None:
    assert progress_of(soll(60, None, 40), 50, date(2035, 1, 1)).expected == 1


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        (progress_of(soll(60, None), 50, HALF), Missing.NO_BASE),
        (progress_of(Soll(Range(60, None), None, base=40, base_on=START), 50, HALF), Missing.NO_DUE),
        (progress_of(soll(60, None, 40), 41, START), Missing.TOO_EARLY),
    ],
)
def test_what_is_not_known_stays_unknown(found: object, missing: Missing) -> None:
    assert found.pace is Pace.UNKNOWN  # type: ignore[attr-defined]
    assert found.missing is missing  # type: ignore[attr-defined]


def test_thresholds_are_data_and_must_fall() -> None:
    strict = Thresholds(on_track=1.0, at_risk=0.9, off_track=0.5)
    assert progress_of(soll(60, None, 40), 49.9, HALF, strict).pace is Pace.AT_RISK
    with pytest.raises(ValueError, match="fall"):
        Thresholds(0.5, 0.6, 0)


@given(numbers, numbers, numbers, numbers, st.sampled_from([-3.0, 0.5, 2.0]))
def test_neither_unit_nor_origin_nor_direction_changes_the_progress(
    base: float, aim: float, value: float, shift: float, factor: float
) -> None:
    assume(abs(aim - base) > 1e-3)
    first = progress_of(soll(aim, aim, base), value, HALF)
    moved = [shift + factor * number for number in (base, aim, value)]
    second = progress_of(soll(moved[1], moved[1], moved[0]), moved[2], HALF)
    assert first.closed is not None
    assert second.closed == pytest.approx(first.closed, rel=1e-3, abs=1e-3)


@given(numbers, numbers, numbers)
def test_nearer_to_the_range_is_never_a_worse_pace(base: float, aim: float, value: float) -> None:
    assume(abs(aim - base) > 1e-3)
    order = [Pace.AWAY, Pace.OFF_TRACK, Pace.AT_RISK, Pace.ON_TRACK]
    before = progress_of(soll(aim, aim, base), value, HALF).pace
    after = progress_of(soll(aim, aim, base), value + (aim - base) / 4, HALF).pace
    assert order.index(after) >= order.index(before)
