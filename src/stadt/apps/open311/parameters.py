"""Reads the parameters of a request; what is empty counts as not given (specification, Optional Arguments)."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from stadt.apps.open311.errors import UnknownThing, wrong
from stadt.core.city import current

SPAN = timedelta(days=90)
MOST_ROWS = 1000
FARTHEST_ROW = 10_000
MOST_IDS = 100
LARGEST_RADIUS = 20_000.0
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 30, tzinfo=UTC)


def check_jurisdiction(given: str) -> None:
    """This endpoint serves one city, so the parameter may be left out. Raises UnknownThing for another city's."""
    if given and given.lower().removeprefix("www.") not in jurisdictions():
        raise UnknownThing("jurisdiction_id was not found.")


def jurisdictions() -> frozenset[str]:
    """The names this city answers to: the platform's host, the city's key and its official municipality key."""
    host = (urlsplit(settings.STADT.url).hostname or "").lower().removeprefix("www.")
    return frozenset(name for name in (host, current().key.lower(), current().ags) if name)


def listed(given: str, parameter: str, most: int = MOST_IDS) -> tuple[str, ...]:
    """The values between commas. Raises WrongRequest for too many."""
    found = tuple(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
    if len(found) > most:
        raise wrong(parameter, f"names more than {most} values.")
    return found


def moment_of(given: str, parameter: str) -> datetime | None:
    """A moment in W3's form (ISO 8601 with time zone), a day for its first moment in the city; None when not given.

    Raises:
        WrongRequest: naming the parameter.
    """
    if not given:
        return None
    text = given
    if len(text) > 19 and text[-6] == " ":  # a plus sign that was not encoded arrives as a space
        text = f"{text[:-6]}+{text[-5:]}"
    try:
        if len(text) == 10:
            found = datetime.combine(
                date.fromisoformat(text), datetime.min.time(), timezone.get_default_timezone()
            )
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong(parameter, "must be in W3 format, e.g. 2010-01-01T00:00:00Z.") from None
    if found.tzinfo is None:
        raise wrong(parameter, "must name its time zone, e.g. 2010-01-01T00:00:00Z.")
    if not 1971 <= found.year <= 2198:
        raise wrong(parameter, "is out of range.")
    return found


def span_of(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """The range to search: 90 days at most, the latest 90 days when nothing was given (specification, GET requests)."""
    if start and end:
        if start > end:
            raise wrong("start_date", "is later than end_date.")
        if end - start > SPAN + timedelta(hours=2):  # a span of 90 local days may be an hour longer
            raise wrong("end_date", "is more than 90 days after start_date.")
        return start, end
    if start:
        return start, start + SPAN
    last = end or timezone.now()
    return last - SPAN, last


def page_of(parameters: Mapping[str, str]) -> tuple[int, int]:
    """Number (from 1) and size of the page. Raises WrongRequest."""
    size = whole_number(parameters.get("page_size", ""), "page_size", MOST_ROWS, 1, MOST_ROWS)
    page = whole_number(parameters.get("page", ""), "page", 1, 1, FARTHEST_ROW)
    if page * size > FARTHEST_ROW:
        raise wrong("page", f"lies behind the first {FARTHEST_ROW} requests; ask for a shorter span instead.")
    return page, size


def whole_number(given: str, parameter: str, otherwise: int, least: int, most: int) -> int:
    """A number within bounds. Raises WrongRequest."""
    if not given:
        return otherwise
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and least <= int(given) <= most):
        raise wrong(parameter, f"must be a whole number from {least} to {most}.")
    return int(given)


def degrees(parameters: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude of `lat` and `long`, None when neither was given. Raises WrongRequest."""
    given = parameters.get("lat", ""), parameters.get("long", "")
    if not any(given):
        return None
    if not all(given):
        raise wrong("lat" if given[1] else "long", "must be sent as well: lat and long go together.")
    lat, lon = (
        number(value, name, limit)
        for value, name, limit in zip(given, ("lat", "long"), (90, 180), strict=True)
    )
    return lon, lat


def number(given: str, parameter: str, limit: float) -> float:
    """A finite number whose size is at most `limit`. Raises WrongRequest."""
    try:
        found = float(given) if len(given) <= 40 and "_" not in given else math.nan
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > limit:
        raise wrong(parameter, f"must be a number from {-limit:g} to {limit:g}.")
    return found
