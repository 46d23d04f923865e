"""What a rule may call beside CEL's own functions. Dates are texts like 2026-11-29; what cannot be told is null."""

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import shapely
from django.utils import timezone

from stadt.civic.rules.free_days import SATURDAY, free_days, subdivision_of
from stadt.core.city import current
from stadt.hub.places.queries import find_area, outline_of

MOST_WORKDAYS = 2000


def today() -> str:
    """Today in the city, as a date's text."""
    return timezone.localdate().isoformat()


def age(born: Any, on: Any = None) -> int | None:
    """Whole years from a date of birth to today, or to the day `on`. Who was born on 29 February becomes older on
    1 March in other years (§ 188 BGB)."""
    first, last = _date(born), timezone.localdate() if on is None else _date(on)
    if first is None or last is None or first > last:
        return None
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def days(first: Any, last: Any) -> int | None:
    """Days from one date to another; negative when the second is earlier."""
    start, end = _date(first), _date(last)
    return None if start is None or end is None else (end - start).days


def workday(start: Any, count: Any) -> str | None:
    """The date `count` working days after a date (Monday to Friday without the state's holidays)."""
    day = _date(start)
    if (
        day is None
        or isinstance(count, bool)
        or not isinstance(count, int)
        or not 0 <= count <= MOST_WORKDAYS
    ):
        return None
    free = free_days(subdivision_of(current().state))
    try:
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < SATURDAY and day not in free
    except OverflowError:
        return None
    return day.isoformat()


def within(place: Any, area: Any) -> bool | None:
    """Whether a place (`lon`, `lat`) lies in the area with this key; null when either is unknown."""
    if not isinstance(place, Mapping) or not isinstance(area, str):
        return None
    lon, lat, found = place.get("lon"), place.get("lat"), find_area(area)
    if found is None or not _is_number(lon) or not _is_number(lat):
        return None
    return bool(outline_of(found).covers(shapely.Point(lon, lat)))


def empty(value: Any) -> bool:
    """Whether nothing was answered: null, an empty text, an empty list."""
    return value is None or value == "" or value == [] or value == {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _date(value: Any) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "age": age,
    "days": days,
    "empty": empty,
    "today": today,
    "within": within,
    "workday": workday,
}
