"""Figures of the office as tables and charts: what is open, and how well a period went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext

from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.queries import Load, Quality
from stadt.core.people.models import User
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import BERLIN, ago
from stadt.web.tables import CellKind, TableColumn

PERIODS = (30, 90, 365)
"""Days back that one can look at."""


@dataclass(frozen=True, slots=True)
class Table:
    """What `{% table %}` and `{% stadt_chart %}` show of the same figures."""

    columns: Sequence[TableColumn]
    rows: Sequence[Mapping[str, Any]]
    chart: Chart | None


def period_of(days: int, today: date) -> tuple[datetime, datetime]:
    """The last whole days until now, from local midnight."""
    since = datetime.combine(today - timedelta(days=days), time.min, BERLIN)
    return since, datetime.combine(today + timedelta(days=1), time.min, BERLIN)


def load_table(loads: Sequence[Load], teams: Mapping[int, str], people: Mapping[int, User]) -> Table:
    """Open and overdue cases by team and person, most first; the chart adds a team's people up."""
    named = sorted(loads, key=lambda one: (-one.overdue, -one.open))
    rows = [
        {
            "team": _team(teams, one.organisation_id),
            "person": _person(people, one.assignee_id),
            "open": one.open,
            "overdue": one.overdue,
            "oldest": ago(one.oldest),
        }
        for one in named
    ]
    columns = (
        TableColumn("person", gettext("Wer")),
        TableColumn("team", gettext("Team")),
        TableColumn("open", gettext("offen"), CellKind.NUMBER),
        TableColumn("overdue", gettext("davon überfällig"), CellKind.NUMBER),
        TableColumn("oldest", gettext("ältester Eingang")),
    )
    return Table(columns, rows, _load_chart(loads, teams))


def _load_chart(loads: Sequence[Load], teams: Mapping[int, str]) -> Chart | None:
    sums: dict[int | None, list[int]] = {}
    for one in loads:
        both = sums.setdefault(one.organisation_id, [0, 0])
        both[0] += one.open - one.overdue
        both[1] += one.overdue
    if len(sums) < 2:
        return None
    most_first = sorted(sums.items(), key=lambda item: -sum(item[1]))
    rows = [(_team(teams, key), in_time, late) for key, (in_time, late) in most_first]
    return Chart(
        gettext("Offene Vorgänge nach Team"),
        ChartKind.STACKED_BAR,
        (
            ChartColumn(gettext("Team"), ColumnKind.CATEGORY),
            ChartColumn(gettext("in der Frist"), digits=0),
            ChartColumn(gettext("überfällig"), digits=0),
        ),
        rows,
    )


def quality_table(found: Sequence[Quality], title: str, name_of: Callable[[Quality], str]) -> Table:
    """Received, closed, in time, median days and reopened, by what `name_of` says."""
    rows = [
        {
            "name": name_of(one),
            "opened": one.opened,
            "closed": one.closed,
            "in_time": 100 * one.in_time / one.with_deadline if one.with_deadline else None,
            "median": one.median_days,
            "reopened": one.reopened,
        }
        for one in sorted(found, key=lambda one: -one.closed)
    ]
    columns = (
        TableColumn("name", title),
        TableColumn("opened", gettext("eingegangen"), CellKind.NUMBER),
        TableColumn("closed", gettext("abgeschlossen"), CellKind.NUMBER),
        TableColumn("in_time", gettext("in der Frist"), CellKind.NUMBER, "%", 0),
        TableColumn("median", gettext("Tage bis zum Abschluss (Median)"), CellKind.NUMBER, digits=1),
        TableColumn("reopened", gettext("wieder geöffnet"), CellKind.NUMBER),
    )
    shares = [
        (name_of(one), 100 * one.in_time / one.with_deadline)
        for one in sorted(found, key=lambda one: -one.closed)
        if one.with_deadline
    ][:12]
    chart = None
    if len(shares) > 1:
        chart = Chart(
            gettext("In der Frist abgeschlossen: %(by)s") % {"by": title},
            ChartKind.BAR,
            (
                ChartColumn(title, ColumnKind.CATEGORY),
                ChartColumn(gettext("in der Frist"), unit="%", digits=0),
            ),
            shares,
        )
    return Table(columns, rows, chart)


def units_in_words(types: Sequence[CaseType]) -> list[str]:
    """In which days deadlines count: one sentence where all types agree, else one for each kind of days."""
    named: dict[str, list[str]] = {"working": [], "calendar": []}
    for one in types:
        for unit in dict.fromkeys(deadline.unit for deadline in one.deadlines):
            named[unit].append(titled(one))
    working, calendar = named["working"], named["calendar"]
    if not calendar:
        return [gettext("Die Frist zählt Arbeitstage.")]
    if not working:
        return [gettext("Die Frist zählt alle Tage des Kalenders.")]
    return [
        gettext("Die Frist zählt Arbeitstage bei: %(types)s.") % {"types": ", ".join(working)},
        gettext("Sie zählt alle Tage des Kalenders bei: %(types)s.") % {"types": ", ".join(calendar)},
    ]


def _person(people: Mapping[int, User], number_of: int | None) -> str:
    found = people.get(number_of or 0)
    return found.get_full_name() if found else gettext("noch niemand")


def _team(teams: Mapping[int, str], number_of: int | None) -> str:
    return teams.get(number_of or 0) or gettext("Stadt, ohne Team")
