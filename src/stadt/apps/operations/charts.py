"""The charts of operations: readings, requests, errors and room, from samples."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from stadt.apps.operations.models import Sample
from stadt.web import formats
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind

GIB = 2**30
MIB = 2**20
# As many points as a screen can show and a table can carry.
MOST_POINTS = 100
DAYS_BY_THE_HOUR = 7


def all_charts(
    samples: Sequence[Sample], traffic: Sequence[tuple[datetime, int, int]], days: int
) -> list[Chart]:
    """The charts that have at least two points."""
    thinned = thin(samples)
    counted = traffic if days <= DAYS_BY_THE_HOUR else by_day(traffic)
    unit = _("Stunde") if days <= DAYS_BY_THE_HOUR else _("Kalendertag")
    charts = (
        readings(thinned, days),
        requests(counted, unit),
        errors(counted, unit),
        disk(thinned),
        database(thinned),
    )
    return [chart for chart in charts if chart is not None and len(chart.rows) > 1]


def thin(samples: Sequence[Sample]) -> list[Sample]:
    """Every n-th sample, so that about a hundred are left, always with the newest."""
    step = max(1, -(-len(samples) // MOST_POINTS))
    return list(reversed(list(reversed(samples))[::step]))


def readings(samples: Sequence[Sample], days: int) -> Chart | None:
    """Readings a minute between one sample and the next; none where readings were deleted or samples are missing."""
    longest = timedelta(minutes=15) * max(1, days)
    rows = []
    for earlier, later in pairwise(samples):
        passed, count = later.at - earlier.at, later.readings - earlier.readings
        is_known = count >= 0 and passed <= longest
        rows.append([later.at, round(count / (passed / timedelta(minutes=1)), 1) if is_known else None])
    known = [row[1] for row in rows if isinstance(row[1], float)]
    if not known:
        return None
    return Chart(
        title=_("Messwerte je Minute"),
        kind=ChartKind.AREA,
        columns=[ChartColumn(_("Zeit"), ColumnKind.TIME), ChartColumn(_("Messwerte je Minute"), digits=1)],
        rows=rows,
        summary=_("Zuletzt %(last)s Messwerte je Minute, höchstens %(most)s.")
        % {"last": formats.number(known[-1], 1), "most": formats.number(max(known), 1)},
    )


def by_day(traffic: Sequence[tuple[datetime, int, int]]) -> list[tuple[datetime, int, int]]:
    """Requests and errors of each local day, told by its beginning."""
    days: dict[datetime, tuple[int, int]] = {}
    for hour, requests_, errors_ in traffic:
        day = formats.local(hour).replace(hour=0)
        before = days.get(day, (0, 0))
        days[day] = (before[0] + requests_, before[1] + errors_)
    return [(day, *counts) for day, counts in days.items()]


def requests(traffic: Sequence[tuple[datetime, int, int]], unit: str) -> Chart:
    """Answered requests of each hour or day."""
    total = sum(count for _hour, count, _errors in traffic)
    return Chart(
        title=_("Anfragen je %(unit)s") % {"unit": unit},
        kind=ChartKind.BAR,
        columns=[ChartColumn(unit, ColumnKind.TIME), ChartColumn(_("Anfragen"), digits=0)],
        rows=[[hour, count] for hour, count, _errors in traffic],
        summary=_("%(total)s beantwortete Anfragen in diesem Zeitraum.") % {"total": formats.number(total)},
    )


def errors(traffic: Sequence[tuple[datetime, int, int]], unit: str) -> Chart:
    """Answers from 500 on in each hour or day."""
    total = sum(count for _hour, _requests, count in traffic)
    return Chart(
        title=_("Fehler je %(unit)s") % {"unit": unit},
        kind=ChartKind.BAR,
        columns=[ChartColumn(unit, ColumnKind.TIME), ChartColumn(_("Fehler der Plattform"), digits=0)],
        rows=[[hour, count] for hour, _requests, count in traffic],
        summary=_("%(total)s Anfragen endeten mit einem Fehler der Plattform.")
        % {"total": formats.number(total)},
    )


def disk(samples: Sequence[Sample]) -> Chart | None:
    """Free room of the city's disk."""
    if not samples:
        return None
    now = samples[-1]
    return Chart(
        title=_("Freier Platz auf dem Datenträger der Stadt"),
        kind=ChartKind.LINE,
        columns=[ChartColumn(_("Zeit"), ColumnKind.TIME), ChartColumn(_("frei"), unit="GB", digits=1)],
        rows=[[sample.at, round(sample.disk_free / GIB, 2)] for sample in samples],
        summary=_("Jetzt sind %(free)s von %(total)s GB frei.")
        % {"free": formats.number(now.disk_free / GIB, 1), "total": formats.number(now.disk_total / GIB, 1)},
    )


def database(samples: Sequence[Sample]) -> Chart | None:
    """Size of the database."""
    if not samples:
        return None
    return Chart(
        title=_("Größe der Datenbank"),
        kind=ChartKind.LINE,
        columns=[ChartColumn(_("Zeit"), ColumnKind.TIME), ChartColumn(_("Größe"), unit="MB", digits=0)],
        rows=[[sample.at, round(sample.database_bytes / MIB, 1)] for sample in samples],
        summary=_("Von %(first)s auf %(last)s MB.")
        % {
            "first": formats.number(samples[0].database_bytes / MIB, 0),
            "last": formats.number(samples[-1].database_bytes / MIB, 0),
        },
    )
