"""How often an indicator is to be surveyed: ISO 8601 durations in years, months, weeks and days."""

import re
from calendar import monthrange
from datetime import date, timedelta

DURATION = re.compile(r"P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?")


def later(day: date, duration: str) -> date | None:
    """The day that lies a duration such as `P1Y` after another; None for what is no such duration, or beyond the calendar."""
    match = DURATION.fullmatch(duration)
    if match is None or duration == "P":
        return None
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    month = day.month - 1 + months + 12 * years
    year, month = day.year + month // 12, month % 12 + 1
    if not 1 <= year <= 9998:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(days=days, weeks=weeks)
