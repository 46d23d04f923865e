"""Deadlines against days counted by hand on the calendar of North Rhine-Westphalia."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.civic.cases.clock import Calendar, Pause, due, paused_days

BERLIN = ZoneInfo("Europe/Berlin")
NRW = Calendar(BERLIN, "NW")
NOWHERE = Calendar(BERLIN, None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def due_day(start: str, days: int, unit: str = "working", *pauses: Pause, calendar: Calendar = NRW) -> str:
    found = due(at(start), days, unit, pauses, calendar)  # type: ignore[arg-type]
    assert found is not None
    assert found.astimezone(BERLIN).strftime("%H:%M:%S") == "23:59:59"
    return found.astimezone(BERLIN).date().isoformat()


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T00:00", 1, "2026-03-03"),  # Monday; the day itself does not count
        ("2026-03-02T23:59", 1, "2026-03-03"),
        ("2026-03-06T12:00", 1, "2026-03-09"),  # Friday to Monday
        ("2026-03-07T12:00", 1, "2026-03-09"),  # Saturday
        ("2026-06-03T12:00", 1, "2026-06-05"),  # over Fronleichnam, Thursday 4 June 2026
        ("2024-10-31T12:00", 1, "2024-11-04"),  # over Allerheiligen, Friday 1 November 2024, and the weekend
        ("2026-12-23T12:00", 1, "2026-12-24"),  # Heiligabend is a working day
        ("2026-12-23T12:00", 2, "2026-12-28"),  # Friday 25 and Saturday 26 December, Sunday
        ("2026-12-30T12:00", 1, "2026-12-31"),  # Silvester is a working day
        ("2026-12-30T12:00", 2, "2027-01-04"),  # Neujahr is a Friday
        ("2026-04-02T12:00", 1, "2026-04-07"),  # Karfreitag and Ostermontag
        ("2026-10-30T12:00", 1, "2026-11-02"),  # no Reformationstag in NRW; Allerheiligen is a Sunday
        ("2026-03-27T12:00", 3, "2026-04-01"),  # over the day of 23 hours
        ("2026-10-23T12:00", 3, "2026-10-28"),  # over the day of 25 hours
    ],
)
def test_working_days_as_counted_by_hand(start: str, days: int, end: str) -> None:
    assert due_day(start, days) == end


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T12:00", 7, "2026-03-09"),
        ("2026-03-02T12:00", 5, "2026-03-09"),  # Saturday moves to Monday (§ 193 BGB)
        ("2026-05-28T12:00", 7, "2026-06-05"),  # Fronleichnam moves to Friday
        ("2026-12-18T12:00", 7, "2026-12-28"),
    ],
)
def test_a_deadline_of_days_ends_on_a_working_day(start: str, days: int, end: str) -> None:
    assert due_day(start, days, "calendar") == end


def test_another_state_works_on_fronleichnam() -> None:
    assert due_day("2026-06-03T12:00", 1, calendar=NOWHERE) == "2026-06-04"


def test_days_on_whose_end_the_citizen_was_asked_do_not_count() -> None:
    asked = Pause(at("2026-03-03T10:00"), at("2026-03-05T09:00"))  # Tuesday and Wednesday
    assert due_day("2026-03-02T12:00", 3, "working", asked) == "2026-03-09"


def test_a_question_answered_the_same_day_changes_nothing() -> None:
    asked = Pause(at("2026-03-03T10:00"), at("2026-03-03T15:00"))
    assert due_day("2026-03-02T12:00", 3, "working", asked) == "2026-03-05"


def test_an_open_question_leaves_the_end_open_and_one_after_it_does_not() -> None:
    assert due(at("2026-03-02T12:00"), 3, "working", [Pause(at("2026-03-04T10:00"))], NRW) is None
    assert due_day("2026-03-02T12:00", 3, "working", Pause(at("2026-03-06T10:00"))) == "2026-03-05"


def test_a_pause_across_the_end_moves_it() -> None:
    asked = Pause(at("2026-03-05T10:00"), at("2026-03-12T10:00"))
    assert due_day("2026-03-02T12:00", 3, "working", asked) == "2026-03-12"
    assert paused_days([asked], at("2026-03-20T00:00"), NRW) == 7


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001


@given(moments, st.integers(1, 60))
def test_exactly_so_many_working_days_lie_between(start: datetime, days: int) -> None:
    end = due(start, days, "working", [], NRW)
    assert end is not None
    assert NRW.working_days(start, end) == days
    assert NRW.working_days(end, start) == -days


@given(moments, moments)
def test_working_days_are_counted_as_day_by_day(first: datetime, last: datetime) -> None:
    first, last = min(first, last), min(max(first, last), min(first, last) + timedelta(days=400))
    day, count = NRW.local_day(first), 0
    while day < NRW.local_day(last):
        day += timedelta(days=1)
        count += NRW.is_working(day)
    assert NRW.working_days(first, last) == count


@given(moments, st.integers(1, 30), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_never_makes_a_deadline_earlier(start: datetime, days: int, after: int, length: int) -> None:
    pause = Pause(start + timedelta(days=after), start + timedelta(days=after + length))
    plain, paused = due(start, days, "working", [], NRW), due(start, days, "working", [pause], NRW)
    assert plain is not None
    assert paused is not None
    assert plain <= paused <= plain + timedelta(days=length + 14)


def test_heiligabend_and_silvester_are_working_days() -> None:
    assert [NRW.is_working(date(2026, 12, day)) for day in (24, 25, 31)] == [True, False, True]
