"""Deadlines: working days with the state's holidays, pauses while the citizen is asked, and what is left.

Counting follows §§ 187 to 193 BGB: the day of the event does not count, a deadline ends with the end of its last day, and
that is the next working day where it would be a Saturday, a Sunday or a holiday. 24 and 31 December are no holidays. A day
on whose end the case was waiting for the citizen does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from stadt.civic.cases.catalogue import Unit
from stadt.civic.rules.free_days import SATURDAY, free_days, subdivision_of
from stadt.core.city import current

DAY = timedelta(days=1)
LONGEST_DAYS = 4000
"""Where counting gives up; a deadline of more than ten years is none."""


class Pause(NamedTuple):
    """The case was waiting for the citizen; without `end` it still is."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a place: Monday to Friday without the holidays of its state."""

    zone: ZoneInfo
    subdivision: str | None

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in free_days(self.subdivision)

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last second of a local day, whether it has 23, 24 or 25 hours."""
        return datetime.combine(day, time(23, 59, 59), self.zone)

    def working_days(self, first: datetime, last: datetime) -> int:
        """Working days after the day of `first` up to the day of `last`; negative when `last` is earlier."""
        start, end = self.local_day(first), self.local_day(last)
        low, high = min(start, end), max(start, end)
        weeks, left = divmod((high - low).days, 7)
        count = weeks * 5 + sum(
            (low + DAY * (weeks * 7 + n)).weekday() < SATURDAY for n in range(1, left + 1)
        )
        for year in range(low.year, high.year + 1):
            count -= sum(low < day <= high for day in _days_of_year(self.subdivision, year))
        return count if end >= start else -count


def calendar_of_city() -> Calendar:
    """The calendar of this installation's city."""
    city = current()
    return _calendar(city.timezone, city.state)


def due(
    start: datetime, days: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar
) -> datetime | None:
    """When a deadline of so many days ends (in UTC or whatever zone the city has, an aware time).

    None while the clock stands still before the deadline ended, and for deadlines beyond ten years.
    """
    day, left = calendar.local_day(start), days
    for _ in range(LONGEST_DAYS):
        day += DAY
        if _is_waiting(calendar.end_of(day), pauses):
            if pauses[-1].end is None and calendar.end_of(day) >= pauses[-1].start:
                return None
            continue
        is_working = calendar.is_working(day)
        if left > 0:
            left -= is_working if unit == "working" else 1
        if left <= 0 and is_working:
            return calendar.end_of(day)
    return None


def paused_days(pauses: Sequence[Pause], now: datetime, calendar: Calendar) -> int:
    """Days on whose end the case was waiting, until today."""
    return sum(
        max((calendar.local_day(pause.end or now) - calendar.local_day(pause.start)).days, 0)
        for pause in pauses
    )


def _is_waiting(moment: datetime, pauses: Sequence[Pause]) -> bool:
    return any(pause.start <= moment and (pause.end is None or pause.end > moment) for pause in pauses)


@cache
def _calendar(zone: str, state: str) -> Calendar:
    return Calendar(ZoneInfo(zone), subdivision_of(state))


@cache
def _days_of_year(subdivision: str | None, year: int) -> tuple[date, ...]:
    """The holidays of a year that are no Saturdays or Sundays."""
    days = holidays.country_holidays("DE", subdiv=subdivision, years=year)
    return tuple(day for day in sorted(days) if day.year == year and day.weekday() < SATURDAY)
