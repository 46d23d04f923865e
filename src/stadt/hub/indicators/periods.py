"""The stretches of local time that values are for: from a day to five years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class PeriodKind(StrEnum):
    """The stretch of local time that a value is for; those of several years hold the mean of rare events."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TWO_YEARS = "two_years"
    THREE_YEARS = "three_years"
    FIVE_YEARS = "five_years"

    @property
    def years(self) -> int:
        """How many calendar years it spans; 0 for the shorter ones."""
        return YEARS.get(self, 0)

    @property
    def months(self) -> int:
        """How many calendar months it spans; 0 for day and week."""
        return MONTHS.get(self, 12 * self.years)


YEARS = {
    PeriodKind.YEAR: 1,
    PeriodKind.TWO_YEARS: 2,
    PeriodKind.THREE_YEARS: 3,
    PeriodKind.FIVE_YEARS: 5,
}
MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6}
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside are typing errors."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of local time: from `start` to before `end` (aware); `as_of` is the moment the computation is for, at
    most `end`. A computation reads the clock nowhere else, so that it can be repeated."""

    kind: PeriodKind
    start: datetime
    end: datetime
    as_of: datetime

    @classmethod
    def containing(cls, kind: PeriodKind, moment: datetime, zone: ZoneInfo) -> Period:
        """The period in which an aware moment lies, as of that moment.

        Weeks begin on Monday (ISO 8601). Periods of several years lie on a fixed grid: the first year is divisible by
        their length (2025–2029); `ending` gives the others, as moving means need them.
        """
        local = moment.astimezone(zone)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if kind is PeriodKind.DAY:
            start = day
        elif kind is PeriodKind.WEEK:
            start = day - timedelta(days=day.weekday())
        elif kind.years:
            start = day.replace(year=day.year - day.year % kind.years, month=1, day=1)
        else:
            start = day.replace(month=(day.month - 1) // kind.months * kind.months + 1, day=1)
        return cls(kind, start, _after(kind, start), moment)

    @classmethod
    def ending(cls, kind: PeriodKind, year: int, zone: ZoneInfo) -> Period:
        """The whole period of one or several years whose last year this is, as of its end.

        Raises:
            ValueError: a kind shorter than a year.
        """
        if not kind.years:
            raise ValueError(f"{kind} does not end with a year.")
        start = datetime(year - kind.years + 1, 1, 1, tzinfo=zone)
        end = _after(kind, start)
        return cls(kind, start, end, end)

    def before(self) -> Period:
        """The whole period of the same length right before this one, as of its end."""
        zone = self.start.tzinfo
        if not isinstance(zone, ZoneInfo):
            raise TypeError("A period's start is in a local zone.")
        if self.kind.years:
            return self.ending(self.kind, self.start.year - 1, zone)
        return self.containing(self.kind, self.start - timedelta(hours=1), zone).closed()

    def closed(self) -> Period:
        """The same period seen from its end."""
        return replace(self, as_of=self.end)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be added to the period."""
        return self.as_of >= self.end


def _after(kind: PeriodKind, start: datetime) -> datetime:
    """The first moment after the period of a kind that begins at this local midnight."""
    if kind is PeriodKind.DAY:
        return start + timedelta(days=1)
    if kind is PeriodKind.WEEK:
        return start + timedelta(days=7)
    years, month = divmod(start.month - 1 + kind.months, 12)
    return start.replace(year=start.year + years, month=month + 1)
