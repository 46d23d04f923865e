"""A measure's period in words: from when, until when, and how exactly that is known."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from stadt.apps.strategy.record.content import Period, Phase, Precision
from stadt.web.formats import day as on_screen

EDGE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(~?)")
FIRST_QUARTER = 33
"""ISO 8601-2 counts the quarters of a year from 33 to 36."""


def in_words(period: Period) -> str:
    """`ab 2021, ohne festes Ende` for `2021 - ff`; what could not be read stands as it is printed."""
    if period.depends_on:
        return gettext("sobald feststeht: %(event)s") % {"event": period.depends_on}
    if period.is_undated and not period.phases:
        return gettext("noch offen")
    if not period.is_understood and not period.phases:
        return period.text or gettext("nicht genannt")
    first, last = _edges(period)
    return _joined(period, first, last)


def phase_in_words(phase: Phase) -> str:
    """`Analyse: bis 4. Quartal 2019`."""
    start = _moment(phase.start, phase.precision) if phase.start else ""
    end = _moment(phase.end, phase.precision) if phase.end else ""
    span = _span(start, end) or gettext("ohne Zeitangabe")
    return f"{phase.title}: {span}" if phase.title else span


def _joined(period: Period, first: str, last: str) -> str:
    if period.is_ongoing and not first and not last:
        return gettext("laufend, ohne festes Ende")
    if period.is_ongoing and not last:
        return gettext("laufend seit %(start)s, ohne festes Ende") % {"start": first}
    if first and not last:
        return gettext("ab %(start)s, ohne festes Ende") % {"start": first}
    return _span(first, last) or period.text or gettext("nicht genannt")


def _span(first: str, last: str) -> str:
    if first and last:
        return first if first == last else gettext("%(start)s bis %(end)s") % {"start": first, "end": last}
    if last:
        return gettext("bis %(end)s") % {"end": last}
    return gettext("ab %(start)s") % {"start": first} if first else ""


def _edges(period: Period) -> tuple[str, str]:
    """Both ends as exactly as the text names each: the dates alone no longer say that."""
    first, _, last = period.edtf.partition("/")
    start = _edge(first, period.start, period.precision)
    end = _edge(last or first, period.end, period.precision)
    return start, end


def _edge(edtf: str, day: date | None, precision: Precision) -> str:
    if day is None:
        return ""
    match = EDGE.fullmatch(edtf.strip())
    if match is None:
        return _moment(day, precision)
    if match[3]:
        exact: Precision = "day"
    elif match[2] and int(match[2]) >= FIRST_QUARTER:
        exact = "quarter"
    elif match[2]:
        exact = "quarter" if precision == "quarter" else "month"
    else:
        exact = "year"
    told = _moment(day, exact)
    return gettext("etwa %(moment)s") % {"moment": told} if match[4] else told


def _moment(day: date, precision: Precision) -> str:
    if precision == "day":
        return on_screen(day)
    if precision == "month":
        return f"{_month(day.month)} {day.year}"
    if precision == "quarter":
        return gettext("%(quarter)s. Quartal %(year)s") % {
            "quarter": (day.month - 1) // 3 + 1,
            "year": day.year,
        }
    return str(day.year)


def _month(number: int) -> str:
    return date_format(date(2000, number, 1), "F")
