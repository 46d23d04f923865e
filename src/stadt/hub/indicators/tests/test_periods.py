"""Periods from a day to five years: without gaps, over leap years, and over the two days with another length."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.hub.indicators.periods import YEARS, Period, PeriodKind

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2110, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MULTI = sorted(YEARS)


def local(period: Period) -> tuple[date, date]:
    """First day and first day after."""
    assert period.start.hour == period.end.hour == 0
    return period.start.date(), period.end.date()


@given(st.sampled_from(list(PeriodKind)), MOMENTS)
def test_each_moment_lies_in_one_period_and_the_one_before_ends_where_it_begins(
    kind: PeriodKind, moment: datetime
) -> None:
    period = Period.containing(kind, moment, BERLIN)
    assert period.start <= moment < period.end
    before, last = period.before(), period.start - timedelta(microseconds=1)
    assert before.end.astimezone(UTC) == period.start.astimezone(UTC)
    assert before.start <= last < before.end
    assert Period.containing(kind, last.astimezone(UTC), BERLIN).start == before.start
    assert Period.containing(kind, period.end.astimezone(UTC), BERLIN).start == period.end


@given(st.sampled_from(MULTI), st.integers(1950, 2150))
def test_a_window_of_years_ends_with_the_year_named_and_moves_by_its_length(
    kind: PeriodKind, year: int
) -> None:
    period = Period.ending(kind, year, BERLIN)
    assert local(period) == (date(year - YEARS[kind] + 1, 1, 1), date(year + 1, 1, 1))
    assert period.is_over
    assert local(period.before()) == local(Period.ending(kind, year - YEARS[kind], BERLIN))


@pytest.mark.parametrize(
    ("kind", "day", "first", "after"),
    [
        (PeriodKind.DAY, date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 1)),
        (PeriodKind.WEEK, date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 30)),
        (PeriodKind.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 4)),
        (PeriodKind.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
        (PeriodKind.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (PeriodKind.HALF_YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 1)),
        (PeriodKind.YEAR, date(2028, 2, 29), date(2028, 1, 1), date(2029, 1, 1)),
        (PeriodKind.TWO_YEARS, date(2027, 1, 1), date(2026, 1, 1), date(2028, 1, 1)),
        (PeriodKind.THREE_YEARS, date(2027, 12, 31), date(2025, 1, 1), date(2028, 1, 1)),
        (PeriodKind.FIVE_YEARS, date(2029, 12, 31), date(2025, 1, 1), date(2030, 1, 1)),
    ],
)
def test_periods_begin_and_end_on_the_days_of_the_calendar(
    kind: PeriodKind, day: date, first: date, after: date
) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
    assert local(Period.containing(kind, noon, BERLIN)) == (first, after)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_and_its_week_have_an_hour_less_or_more_when_the_clock_is_changed(
    day: date, hours: int
) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
    for kind, whole in ((PeriodKind.DAY, hours), (PeriodKind.WEEK, 6 * 24 + hours)):
        period = Period.containing(kind, noon, BERLIN)
        assert period.end.astimezone(UTC) - period.start.astimezone(UTC) == timedelta(hours=whole)


def test_the_last_microsecond_of_a_year_belongs_to_it_in_local_time() -> None:
    moment = datetime(2025, 12, 31, 22, 59, 59, 999_999, tzinfo=UTC)
    for kind in MULTI:
        assert Period.containing(kind, moment, BERLIN).start.year <= 2025
        later = Period.containing(kind, moment + timedelta(microseconds=1), BERLIN)
        assert later.start.year == 2026 - 2026 % YEARS[kind]


@pytest.mark.parametrize("kind", [PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.HALF_YEAR])
def test_only_periods_of_years_end_with_a_year(kind: PeriodKind) -> None:
    with pytest.raises(ValueError, match="does not end with a year"):
        Period.ending(kind, 2026, BERLIN)
