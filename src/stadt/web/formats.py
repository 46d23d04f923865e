"""Numbers and dates as people read them: in the active language, times in Europe/Berlin."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

BERLIN = ZoneInfo("Europe/Berlin")
MINUS = "−"
NARROW_SPACE = "\u202f"

Numeric = int | float | Decimal


def number(value: Numeric | None, digits: int | None = None) -> str:
    """Write a number: "1.234,5" in German, "1,234.5" in English; an en dash for None.

    Without `digits` whole numbers have none, others two below 10, one below 100, else none.
    """
    if value is None:
        return "–"
    if digits is None:
        digits = _fitting_digits(value)
    text = f"{abs(value):,.{digits}f}"
    if translation.get_language() != "en":
        text = text.translate(str.maketrans(",.", ".,"))
    is_negative = value < 0 and any(character in "123456789" for character in text)
    return MINUS + text if is_negative else text


def _fitting_digits(value: Numeric) -> int:
    size = abs(float(value))
    if size.is_integer():
        return 0
    return 2 if size < 10 else 1 if size < 100 else 0


def percent(share: Numeric | None, digits: int | None = None) -> str:
    """Write a share between 0 and 1 in percent: "12,5 %"."""
    if share is None:
        return "–"
    return number(share * 100, digits) + ("%" if translation.get_language() == "en" else NARROW_SPACE + "%")


def local(value: datetime) -> datetime:
    """Return an aware date-time in Europe/Berlin; raises ValueError for a naive one."""
    if timezone.is_naive(value):
        raise ValueError("A naive date-time cannot be shown: its zone is unknown.")
    return value.astimezone(BERLIN)


def day(value: date | datetime | None) -> str:
    """Write a day: "21.11.2026" in German, "21 Nov 2026" in English."""
    if value is None:
        return "–"
    shown = local(value) if isinstance(value, datetime) else value
    return date_format(shown, "j M Y") if translation.get_language() == "en" else shown.strftime("%d.%m.%Y")


def clock(value: datetime | None) -> str:
    """Write the time of day in Europe/Berlin: "14:05"."""
    return "–" if value is None else local(value).strftime("%H:%M")


def moment(value: datetime | None) -> str:
    """Write day and time: "21.11.2026, 14:05 Uhr"."""
    if value is None:
        return "–"
    return gettext("%(day)s, %(clock)s Uhr") % {"day": day(value), "clock": clock(value)}


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Write how long ago something was: "vor 3 Minuten"; the day itself after a week; the moment itself for the future."""
    if value is None:
        return "–"
    passed = (now or timezone.now()) - value
    if passed < timedelta(0):
        return moment(value)
    if passed < timedelta(minutes=1):
        return gettext("gerade eben")
    if passed < timedelta(hours=1):
        return _counted(passed, 60, "minutes")
    if passed < timedelta(days=1):
        return _counted(passed, 3600, "hours")
    if passed < timedelta(days=7):
        return _counted(passed, 86400, "days")
    return day(value)


def _counted(passed: timedelta, seconds: int, unit: str) -> str:
    count = int(passed.total_seconds() // seconds)
    if unit == "minutes":
        return ngettext("vor %(count)s Minute", "vor %(count)s Minuten", count) % {"count": count}
    if unit == "hours":
        return ngettext("vor %(count)s Stunde", "vor %(count)s Stunden", count) % {"count": count}
    return ngettext("vor %(count)s Tag", "vor %(count)s Tagen", count) % {"count": count}
