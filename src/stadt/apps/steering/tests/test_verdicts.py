"""Verdicts put together from a kept target and the platform's values (M-11, M-12, M-15, M-16)."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from stadt.apps.steering.forecast import Outlook, Unknown
from stadt.apps.steering.picture import picture_of
from stadt.apps.steering.progress import Pace
from stadt.apps.steering.public import list_verdicts, target_of, verdict_of, verdicts_of_measure
from stadt.apps.steering.targets import Measuring, Range, Soll
from stadt.apps.steering.tests.town import CODE, DAY, KEYS, MEASURE, SECOND, Town
from stadt.apps.steering.verdict import Reason, State
from stadt.apps.steering.verdicts import Forecast
from stadt.hub.indicators.states import ValueState


def test_without_target_nothing_is_assessable(town: Town) -> None:
    town.give(50.0)
    found = verdict_of(CODE)
    assert (found.state, found.reason) == (State.NOT_ASSESSABLE, Reason.NO_TARGET)
    assert target_of(CODE) is None


def test_a_value_in_range_with_its_whole_interval(town: Town) -> None:
    town.give(65.0, first=2025, interval=(61.0, 69.0))
    town.decided()
    found = verdict_of(CODE, DAY)
    assert (found.state, found.reason, found.value, found.on) == (
        State.IN_RANGE,
        Reason.NONE,
        65.0,
        date(2025, 12, 31),
    )


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"value": None, "state": ValueState.SUPPRESSED}, Reason.SUPPRESSED),
        ({"value": None, "state": ValueState.NOT_COLLECTED}, Reason.NOT_COLLECTED),
        ({"value": None, "state": ValueState.NOT_AVAILABLE}, Reason.NOT_AVAILABLE),
        ({"value": None, "state": ValueState.NOT_APPLICABLE}, Reason.NOT_APPLICABLE),
        ({"simulated": True}, Reason.SIMULATED),
        ({"version": 2}, Reason.OTHER_DEFINITION),
    ],
)
def test_what_cannot_be_judged_says_why(town: Town, more: dict[str, object], reason: Reason) -> None:
    """M-03, M-04: missing is a state; a value under another definition is not compared."""
    town.give(65.0, first=2025)
    town.decided()
    town.values[KEYS[CODE]] = [replace(value, **more) for value in town.values[KEYS[CODE]]]  # type: ignore[arg-type]
    found = verdict_of(CODE, DAY)
    assert (found.state, found.reason) == (State.NOT_ASSESSABLE, reason)


def test_a_simulated_value_is_shown_as_a_preview_only(town: Town) -> None:
    town.give(65.0, first=2025, simulated=True)
    town.decided()
    found = verdict_of(CODE, DAY)
    assert (found.state, found.preview, found.simulated) == (State.NOT_ASSESSABLE, State.IN_RANGE, True)


def test_one_simulated_value_does_not_bend_the_forecast(town: Town) -> None:
    town.give(10.0, 11.0, 12.0, 13.0, first=2021)
    town.values[KEYS[CODE]][1] = replace(town.values[KEYS[CODE]][1], value=900.0, simulated=True)
    town.decided()
    trend = verdict_of(CODE, DAY).forecast.trend
    assert trend is not None
    assert trend.points == 3
    assert trend.per_year == pytest.approx(1.0, abs=0.01)


def test_a_running_period_is_no_value_yet(town: Town) -> None:
    """No death by January is no year without a death."""
    town.give(3.0, 0.0, first=2025)
    running = town.values[KEYS[CODE]][1]
    town.values[KEYS[CODE]][1] = replace(running, as_of=datetime(2026, 6, 1, tzinfo=UTC))
    town.decided(low=None, high=0.0)
    found = verdict_of(CODE)
    assert (found.state, found.value, found.on) == (State.OUTSIDE, 3.0, date(2025, 12, 31))


def test_vision_zero(town: Town) -> None:
    town.give(0.0, first=2025, interval=(0.0, 3.689))
    town.decided(low=None, high=0.0)
    assert verdict_of(CODE, DAY).state is State.PROBABLY_IN


def test_a_path_judges_the_value_by_its_own_day(town: Town) -> None:
    town.give(30.0, first=2025)
    town.decided(path=((date(2024, 12, 31), 20.0, None), (date(2026, 12, 31), 40.0, None)))
    found = verdict_of(CODE, DAY)
    assert (found.state, found.wanted) == (State.IN_RANGE, Range(30.0, None))


def test_on_the_day_of_evaluation_the_final_range_counts(town: Town) -> None:
    """M-13: a value from before that day is judged by what was promised for it, not by the way there."""
    town.give(38.0, first=2025)
    town.decided(low=50.0, due=date(2026, 6, 30), path=((date(2025, 6, 30), 20.0, None),))
    before, then = verdict_of(CODE, date(2026, 6, 29)), verdict_of(CODE, date(2026, 6, 30))
    assert before.state is State.IN_RANGE
    assert (then.state, then.wanted) == (State.OUTSIDE, Range(50.0, None))


def test_a_path_that_has_not_begun_gives_no_verdict(town: Town) -> None:
    town.give(30.0, first=2020)
    town.decided(path=((date(2024, 12, 31), 20.0, None),))
    assert verdict_of(CODE, DAY).reason is Reason.BEFORE_PATH


def test_equal_pay_is_one(town: Town) -> None:
    town.give(0.97, first=2025)
    town.decided(low=None, high=0.05, measuring=Measuring.FROM_ONE)
    assert verdict_of(CODE, DAY).state is State.IN_RANGE
    town.give(1.06, first=2025)
    assert verdict_of(CODE, DAY).state is State.OUTSIDE


@pytest.mark.parametrize(
    ("numbers", "outlook"),
    [
        ((40.0, 45.0, 50.0, 55.0, 60.0), Outlook.ON_TRACK),
        ((40.0, 41.0, 42.0, 43.0, 44.0), Outlook.OFF_TRACK),
        ((40.0, 60.0, 40.0, 60.0, 41.0), Outlook.AT_RISK),
        ((40.0, 45.0), Outlook.UNKNOWN),
    ],
)
def test_the_outlook_follows_the_forecast(town: Town, numbers: tuple[float, ...], outlook: Outlook) -> None:
    town.give(*numbers, first=2021)
    town.decided()
    assert verdict_of(CODE, DAY).outlook is outlook


def test_without_forecast_the_progress_speaks(town: Town) -> None:
    """Row 10: fewer than three values are no forecast, the gap still closes or not."""
    town.give(40.0, 41.0, first=2024)
    town.decided(base_value=40.0, base_on=date(2024, 12, 31))
    found = verdict_of(CODE, DAY)
    assert found.forecast.unknown is Unknown.FEW_POINTS
    assert (found.progress.pace, found.outlook) == (Pace.OFF_TRACK, Outlook.OFF_TRACK)


def test_after_the_day_of_evaluation_nothing_is_foretold(town: Town) -> None:
    town.give(40.0, 45.0, 50.0, first=2021)
    town.decided(due=date(2025, 12, 31))
    assert verdict_of(CODE, DAY).forecast.unknown is Unknown.PAST


def test_a_trend_does_not_cross_a_break(town: Town) -> None:
    """M-04."""
    town.give(10.0, 11.0, 12.0, 90.0, first=2021)
    for place in range(3):
        town.values[KEYS[CODE]][place] = replace(town.values[KEYS[CODE]][place], version=0)
    town.decided()
    assert verdict_of(CODE, DAY).forecast.unknown is Unknown.FEW_POINTS


def test_a_measure_is_judged_by_its_own_target_before_the_citys(town: Town) -> None:
    town.give(50.0, first=2025)
    town.decided()
    assert [one.state for one in verdicts_of_measure(MEASURE, DAY)] == [State.OUTSIDE]
    town.decided(measure=MEASURE, low=45.0)
    assert [one.state for one in verdicts_of_measure(MEASURE, DAY)] == [State.IN_RANGE]
    assert verdict_of(CODE, DAY).state is State.OUTSIDE


def test_a_funders_target_is_no_condition_of_the_city(town: Town) -> None:
    town.give(50.0, first=2025)
    town.decided(low=45.0, frame="Fördergeber")
    assert [one.reason for one in verdicts_of_measure(MEASURE, DAY)] == [Reason.NO_TARGET]
    assert [one.frame for one in list_verdicts(DAY)] == ["Fördergeber"]


def test_nobody_measures_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.decided(code=SECOND)
    monkeypatch.setattr("stadt.apps.steering.strategy.own_keys", lambda _code: ())
    assert verdict_of(SECOND, DAY).reason is Reason.NO_FIGURE


@pytest.mark.parametrize(
    "numbers",
    [
        (),
        (5.0,),
        (5.0, 5.0),
        (0.0, 0.0),
        (-3.0, 4.0),
        (1e12, 1.0),
        (1e-9, 2e-9),
        (100.0, math.nextafter(100.0, 0.0)),
    ],
)
@pytest.mark.parametrize("soll", [Soll(Range(None, 0.0)), Soll(Range(2.0, None), date(2030, 1, 1)), None])
def test_every_series_can_be_drawn(town: Town, numbers: tuple[float, ...], soll: Soll | None) -> None:
    town.give(*numbers, first=2021)
    from stadt.apps.steering.ist import series_of

    picture = picture_of(soll, series_of(KEYS[CODE]), Forecast(), None)
    if picture is None:
        assert not numbers
        return
    assert all(picture.top <= dot.y <= picture.bottom for dot in picture.dots)
    assert all(picture.left <= dot.x <= picture.right for dot in picture.dots)
    assert 1 <= len(picture.y_ticks) <= 12
