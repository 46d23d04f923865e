"""What published reports say of a place: how many are open, how long they take, which kinds there are. Counts, no people."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from stadt.apps.issues.shown.queries import IssueQuery, conditions
from stadt.core.database.reading import read_public
from stadt.hub.places.queries import Area

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
MONTHS_SHOWN = 13
FEWEST = 10
"""Below this many closed reports no median and no share is told: one more or less would turn it over."""
FIGURES = """
count(*) FILTER (WHERE NOT is_closed) AS open,
count(*) FILTER (WHERE received_on >= %(month)s) AS received,
count(*) FILTER (WHERE face = 'done' AND closed_on >= %(month)s) AS done,
count(*) FILTER (WHERE received_on >= %(year)s) AS received_year,
count(*) FILTER (WHERE face = 'done' AND closed_on >= %(year)s) AS done_year,
count(*) FILTER (WHERE closed_on >= %(year)s AND working_days IS NOT NULL) AS timed,
percentile_cont(0.5) WITHIN GROUP (ORDER BY working_days) FILTER (WHERE closed_on >= %(year)s) AS median,
count(*) FILTER (WHERE closed_on >= %(year)s AND in_time) AS in_time,
count(*) FILTER (WHERE closed_on >= %(year)s AND in_time IS NOT NULL) AS with_deadline,
count(*) FILTER (WHERE closed_on >= %(year)s AND reopened > 0) AS reopened,
coalesce(bool_or(is_example), false) AS is_example
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a set of reports on a day: 30 days back (`received`, `done`), a year back (all others).

    `median_days` (working days) and `share_in_time` (0 to 1) are None below `FEWEST` closed reports; `timed` and
    `with_deadline` say how many there were. `key` is the category's or the area's, empty for all.
    """

    key: str
    open: int
    received: int
    done: int
    received_year: int
    done_year: int
    timed: int
    median_days: float | None
    in_time: int
    with_deadline: int
    reopened: int
    is_example: bool

    @property
    def share_in_time(self) -> float | None:
        """The share, where it rests on enough."""
        return self.in_time / self.with_deadline if self.with_deadline >= FEWEST else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of the last year and nothing open."""
        return not (self.open or self.received_year or self.done_year)


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Reports received and done in a calendar month (`month` is its first day)."""

    month: date
    received: int
    done: int


def nothing(key: str) -> Figures:
    """The figures where there is no report at all."""
    return Figures(key, 0, 0, 0, 0, 0, 0, None, 0, 0, 0, is_example=False)


def figures(area: Area | None, today: date) -> Figures:
    """The figures of an area, or of the whole city."""
    where, values = conditions(_of_a_year(area, today))
    [row] = read_public(
        f"SELECT '' AS key, {FIGURES} FROM issues_publicissue WHERE {where}",  # noqa: S608 - constants
        values | _since(today),
    )
    return _figures(row)


def figures_by(column: str, area: Area | None, today: date) -> list[Figures]:
    """The figures for each value of `category`, `district_id` or `quarter_id`, the most reports of a year first.

    Raises:
        ValueError: another column.
    """
    if column not in {"category", "district_id", "quarter_id"}:
        raise ValueError(f"{column} is nothing to group by")
    where, values = conditions(_of_a_year(area, today))
    rows = read_public(
        f"SELECT coalesce({column}::text, '') AS key, {FIGURES} FROM issues_publicissue WHERE {where}"  # noqa: S608 - constants
        " GROUP BY 1 ORDER BY received_year DESC, open DESC, 1 LIMIT 200",
        values | _since(today),
    )
    return [_figures(row) for row in rows]


def by_month(area: Area | None, today: date) -> list[MonthCount]:
    """Received and done in each of the last thirteen calendar months, oldest first; months without any are there too."""
    first = _months_back(today, MONTHS_SHOWN - 1)
    where, values = conditions(IssueQuery(area=area))
    values |= {"first": first, "today": today}
    rows = read_public(
        "SELECT month::date AS month, sum(received)::int AS received, sum(done)::int AS done FROM ("  # noqa: S608 - constants
        " SELECT date_trunc('month', received_on) AS month, 1 AS received, 0 AS done FROM issues_publicissue"
        f" WHERE {where} AND received_on BETWEEN %(first)s AND %(today)s UNION ALL"
        " SELECT date_trunc('month', closed_on), 0, 1 FROM issues_publicissue"
        f" WHERE {where} AND face = 'done' AND closed_on BETWEEN %(first)s AND %(today)s) AS counted GROUP BY 1",
        values,
    )
    found = {row["month"]: row for row in rows}
    months = [_months_back(today, back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    return [
        MonthCount(month, found[month]["received"], found[month]["done"])
        if month in found
        else MonthCount(month, 0, 0)
        for month in months
    ]


def today_counts(today: date) -> dict[str, int | bool]:
    """What the start page tells: open now, received in seven days, done in seven days."""
    week = today - timedelta(days=7)
    [row] = read_public(
        "SELECT (SELECT count(*) FROM issues_publicissue WHERE NOT is_closed AND merged_into = '') AS open,"
        " (SELECT count(*) FROM issues_publicissue WHERE received_on > %(week)s AND merged_into = '') AS received,"
        " (SELECT count(*) FROM issues_publicissue WHERE face = 'done' AND closed_on > %(week)s AND merged_into = '') AS done,"
        " (SELECT EXISTS (SELECT FROM issues_publicissue WHERE is_example)) AS is_example",
        {"week": week},
    )
    return row


def _figures(row: dict[str, Any]) -> Figures:
    median = row.pop("median")
    is_enough = row["timed"] >= FEWEST and median is not None
    return replace(Figures(median_days=None, **row), median_days=float(median) if is_enough else None)


def _of_a_year(area: Area | None, today: date) -> IssueQuery:
    """All that the figures count: open ones, and what was closed in a year, so that old ones cost nothing."""
    return IssueQuery(area=area, is_recent_since=today - YEAR)


def _since(today: date) -> dict[str, date]:
    return {"month": today - MONTH, "year": today - YEAR}


def _months_back(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)
