"""Numbers and dates are written as readers of the active language expect them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from stadt.web import formats

AFTERNOON = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


def test_german_numbers_have_a_decimal_comma_and_dots_between_thousands() -> None:
    assert formats.number(1234567.891, 2) == "1.234.567,89"


def test_english_numbers_have_a_decimal_point() -> None:
    with translation.override("en"):
        assert formats.number(1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (3.0, "3"), (3.14159, "3,14"), (31.4159, "31,4"), (314.159, "314")]
)
def test_digits_fit_the_size_of_a_number(value: float, text: str) -> None:
    assert formats.number(value) == text


def test_negative_numbers_have_a_true_minus_and_zero_has_none() -> None:
    assert formats.number(-2.5, 1) == "−2,5"
    assert formats.number(-0.04, 1) == "0,0"


def test_a_missing_number_is_a_dash_and_never_zero() -> None:
    assert formats.number(None) == "–"
    assert formats.percent(None) == "–"


def test_a_share_is_written_in_percent_with_a_narrow_space() -> None:
    assert formats.percent(0.125, 1) == "12,5\u202f%"


def test_times_are_shown_in_berlin_in_winter_and_summer() -> None:
    assert formats.clock(AFTERNOON) == "14:05"
    assert formats.clock(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "14:05"


def test_a_moment_late_in_the_evening_of_utc_belongs_to_the_next_day() -> None:
    assert formats.day(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == "22.11.2026"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.moment(datetime(2026, 11, 21, 13, 5))  # noqa: DTZ001 - the case under test


def test_day_and_moment_follow_the_language() -> None:
    assert formats.moment(AFTERNOON) == "21.11.2026, 14:05 Uhr"
    with translation.override("en"):
        assert formats.day(date(2026, 11, 21)) == "21 Nov 2026"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=20), "gerade eben"),
        (timedelta(minutes=1), "vor 1 Minute"),
        (timedelta(minutes=59), "vor 59 Minuten"),
        (timedelta(hours=5), "vor 5 Stunden"),
        (timedelta(days=2), "vor 2 Tagen"),
        (timedelta(days=30), "22.10.2026"),
    ],
)
def test_the_past_is_told_in_fitting_units(passed: timedelta, text: str) -> None:
    assert formats.ago(AFTERNOON - passed, now=AFTERNOON) == text


def test_a_moment_in_the_future_is_told_as_it_is() -> None:
    assert formats.ago(AFTERNOON + timedelta(hours=1), now=AFTERNOON) == "21.11.2026, 15:05 Uhr"
