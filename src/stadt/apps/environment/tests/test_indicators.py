"""The indicators are computed from the published hourly means, and say how firm they are."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stadt.apps.environment.indicators import AIR_QUALITY_INDEX, PM10_MEAN, PM25_MEAN
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind, Quality

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Published:
    """Sources whose one snapshot answers with these rows."""

    def __init__(self, *rows: tuple[Any, ...]) -> None:
        self.rows = list(rows)
        self.parameters: tuple[Any, ...] = ()

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        assert dataset == "environment.measurements"
        self.parameters = parameters
        return self.rows

    def query(self, title: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        raise AssertionError("nothing but the snapshot is read")


def compute(indicator: Indicator, sources: Published, at: datetime = NOON) -> Figure:
    return indicator.compute(Period.containing(indicator.period, at, BERLIN), None, sources)


def test_the_index_is_the_mean_over_all_station_hours() -> None:
    rows = Published(("a", 5.0, 3.0, 9.0, False), ("a", 28.0, 3.0, 9.0, False), ("b", 5.0, None, 31.0, False))
    figure = compute(AIR_QUALITY_INDEX, rows)
    assert figure.value == pytest.approx(7 / 3)
    assert (figure.numerator, figure.denominator) == (7, 3)
    assert not figure.simulated


def test_the_index_is_simulated_when_any_hour_was() -> None:
    figure = compute(AIR_QUALITY_INDEX, Published(("a", 5.0, 3.0, 9.0, False), ("b", 5.0, 3.0, 9.0, True)))
    assert figure.simulated


def test_without_a_valid_hour_there_is_no_value_and_a_reason() -> None:
    figure = compute(AIR_QUALITY_INDEX, Published(("a", None, None, None, False)))
    assert figure.value is None
    assert figure.reason


def test_only_hours_of_the_day_so_far_are_asked_for() -> None:
    sources = Published()
    compute(AIR_QUALITY_INDEX, sources)
    assert sources.parameters == (datetime(2026, 11, 20, 0, 0, tzinfo=BERLIN), NOON)


@pytest.mark.parametrize(("indicator", "count"), [(PM10_MEAN, 4), (PM25_MEAN, 4)])
def test_the_annual_mean_divides_sum_by_count(indicator: Indicator, count: int) -> None:
    figure = compute(indicator, Published((50.0, count, 1, True)))
    assert (figure.value, figure.numerator, figure.denominator, figure.simulated) == (12.5, 50.0, 4, True)
    assert indicator.period is PeriodKind.YEAR


def test_a_year_with_few_hours_is_marked_as_incomplete() -> None:
    assert compute(PM10_MEAN, Published((50.0, 4, 1, False))).quality is Quality.INCOMPLETE


def test_a_year_with_most_hours_is_provisional_and_final_when_it_is_over() -> None:
    period = Period.containing(PeriodKind.YEAR, NOON, BERLIN)
    hours = (period.as_of - period.start) // timedelta(hours=1)
    full = Published((10.0 * hours, hours, 1, False))
    assert PM10_MEAN.compute(period, None, full).quality is Quality.PROVISIONAL
    closed = period.closed()
    hours = (closed.end - closed.start) // timedelta(hours=1)
    assert PM10_MEAN.compute(closed, None, Published((1.0, hours, 1, False))).quality is Quality.FINAL


def test_a_year_without_hours_has_no_value() -> None:
    figure = compute(PM25_MEAN, Published((None, 0, 0, None)))
    assert (figure.value, bool(figure.reason)) == (None, True)
