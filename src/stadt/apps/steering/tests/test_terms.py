"""Deadlines in working days, hours for mails, and the city's own settings."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.steering.terms import Terms, easter, read_terms
from stadt.core.errors import ConfigurationError


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25), (2285, 3, 22)],
)
def test_easter_is_on_its_published_day(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    found = easter(year)
    assert found.isoweekday() == 7
    assert date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 11, 28), False),
        (date(2026, 4, 3), False),
        (date(2026, 4, 7), True),
        (date(2026, 5, 14), False),
        (date(2026, 10, 3), False),
    ],
)
def test_weekends_and_holidays_are_no_working_days(day: date, works: bool) -> None:
    assert Terms().is_working_day(day) is works


def test_a_deadline_counts_working_days() -> None:
    """Ten working days from Friday before Christmas 2026."""
    assert Terms().after_working_days(date(2026, 12, 18), 10) == date(2027, 1, 5)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_a_deadline_ends_on_a_working_day_and_never_too_early(day: date, count: int) -> None:
    end = Terms().after_working_days(day, count)
    assert Terms().is_working_day(end)
    assert (end - day).days >= count


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 11, 30, 7, 0), True),  # noqa: DTZ001 - local hours
        (datetime(2026, 11, 30, 6, 59), False),  # noqa: DTZ001
        (datetime(2026, 11, 30, 18, 0), False),  # noqa: DTZ001
        (datetime(2026, 11, 29, 12, 0), False),  # noqa: DTZ001
    ],
)
def test_nobody_is_written_to_at_night_or_on_sunday(moment: datetime, may: bool) -> None:
    assert Terms().may_mail(moment) is may


def test_a_city_adds_its_holidays_and_deadlines() -> None:
    found = read_terms({"answer_days": 5, "holidays": ["11-01", "easter+60", "2026-12-24"]})
    assert found.answer_days == 5
    assert not found.is_working_day(date(2026, 12, 24))
    assert not found.is_working_day(date(2026, 6, 4))
    assert not found.is_working_day(date(2026, 12, 25))


@pytest.mark.parametrize(
    "document",
    [
        {"antwort": 3},
        {"answer_days": 0},
        {"answer_days": "drei"},
        {"mail_from": 18, "mail_until": 7},
        {"holidays": ["13-40"]},
        {"holidays": ["easter+x"]},
        {"on_track": 0.5},
        {"half_life_days": -1},
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(document: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r"steering\.toml"):
        read_terms(document)
