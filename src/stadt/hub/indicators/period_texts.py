"""Periods as people and files write them: `2025`, `2025-H1`, `Q3 2025`, `2025-07`, `2025-W12`, `14.07.2025`, `2023–2025`."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stadt.hub.indicators.periods import FIRST_YEAR, LAST_YEAR, YEARS, Period, PeriodKind

YEAR = r"(?P<y>\d{4})"
FORMS: dict[PeriodKind, tuple[str, ...]] = {
    PeriodKind.DAY: (rf"{YEAR}-(?P<m>\d\d)-(?P<d>\d\d)", rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.{YEAR}"),
    PeriodKind.WEEK: (rf"{YEAR}-?W(?P<n>\d\d)", rf"KW ?(?P<n>\d{{1,2}})[ ./]{YEAR}"),
    PeriodKind.MONTH: (rf"{YEAR}-(?P<m>\d\d)", rf"(?P<m>\d{{1,2}})[./]{YEAR}"),
    PeriodKind.QUARTER: (rf"{YEAR}-?Q(?P<n>[1-4])", rf"Q(?P<n>[1-4])[ ./]{YEAR}"),
    PeriodKind.HALF_YEAR: (rf"{YEAR}-?H(?P<n>[12])", rf"H(?P<n>[12])[ ./]{YEAR}"),
    PeriodKind.YEAR: (YEAR,),
}
RANGE = re.compile(r"(?P<first>\d{4})\s*[-–/]\s*(?P<last>\d{4})")
# What a workbook makes of a year or a first day.
MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")


def read_period(text: str, kind: PeriodKind, zone: ZoneInfo) -> Period:
    """The whole period that a text names, as of its end.

    Raises:
        ValueError: it is no period of this kind, or lies outside the years 1900 to 2200.
    """
    words = MIDNIGHT.sub("", text.strip())
    if kind in YEARS and kind is not PeriodKind.YEAR:
        return _years(words, kind, zone)
    for form in FORMS[kind]:
        if found := re.fullmatch(form, words, re.ASCII):
            parts = {name: int(number) for name, number in found.groupdict().items()}
            first = _first_day(kind, parts)
            if not FIRST_YEAR <= first.year <= LAST_YEAR:
                break
            noon = datetime(first.year, first.month, first.day, 12, tzinfo=zone)
            return Period.containing(kind, noon, zone).closed()
    raise ValueError(f"{text!r} is no {kind}.")


def written_period(period: Period) -> str:
    """The text that `read_period` reads, in the form of ISO 8601 where it has one."""
    start = period.start
    match period.kind:
        case PeriodKind.DAY:
            return start.date().isoformat()
        case PeriodKind.WEEK:
            year, week, _day = start.isocalendar()
            return f"{year}-W{week:02d}"
        case PeriodKind.MONTH:
            return f"{start.year}-{start.month:02d}"
        case PeriodKind.QUARTER:
            return f"{start.year}-Q{start.month // 3 + 1}"
        case PeriodKind.HALF_YEAR:
            return f"{start.year}-H{start.month // 6 + 1}"
        case PeriodKind.YEAR:
            return str(start.year)
    return f"{start.year}-{start.year + period.kind.years - 1}"


def _years(words: str, kind: PeriodKind, zone: ZoneInfo) -> Period:
    found = RANGE.fullmatch(words)
    if not found:
        raise ValueError(f"{words!r} is no {kind}.")
    first, last = int(found["first"]), int(found["last"])
    if last - first + 1 != kind.years or not FIRST_YEAR <= first <= LAST_YEAR:
        raise ValueError(f"{words!r} is no {kind}.")
    return Period.ending(kind, last, zone)


def _first_day(kind: PeriodKind, parts: dict[str, int]) -> date:
    year, number = parts["y"], parts.get("n", 1)
    if kind is PeriodKind.WEEK:
        return date.fromisocalendar(year, number, 1) + timedelta(days=3)
    months = {PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6}.get(kind, 0)
    return date(year, (number - 1) * months + parts.get("m", 1), parts.get("d", 1))
