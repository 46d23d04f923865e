"""Reads of published reports: lists, one report, what changed. All as the reading role, over the projection alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from stadt.apps.issues.shown.models import READABLE
from stadt.core.database.reading import read_public
from stadt.core.errors import NotFound
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

MOST_COUNTED = 10_000
"""Counts stop here: nobody pages further, and a count of everything would cost more than the list itself."""
COLUMNS = ", ".join(name for name in READABLE if name != "words")
AREA_COLUMNS = {PlaceKind.DISTRICT: "district_id", PlaceKind.QUARTER: "quarter_id"}
ROWS_AT_ONCE = 5_000
MOMENTS = (
    ("received_since", "received_at", ">="),
    ("received_until", "received_at", "<="),
    ("changed_since", "changed_at", ">="),
    ("changed_until", "changed_at", "<="),
)
STEPS = f"""
WITH found AS (
    SELECT reference, number, at
    FROM (
        SELECT reference, (step.place - 1)::int AS number,
               coalesce((step.told->>'at')::timestamptz, (step.told->>'on')::timestamptz) AS at
        FROM issues_publicissue CROSS JOIN LATERAL jsonb_array_elements(history) WITH ORDINALITY AS step(told, place)
        WHERE changed_at >= %(since)s AND received_at <= %(until)s
    ) AS steps
    WHERE number > 0 AND at BETWEEN %(since)s AND %(until)s AND (at, reference, number) > (%(at)s, %(reference)s, %(number)s)
    ORDER BY at, reference, number LIMIT %(limit)s
)
SELECT {COLUMNS}, number, at FROM found JOIN issues_publicissue USING (reference) ORDER BY at, reference, number
"""  # noqa: S608 - constants; rows made before steps had moments count by their day until the nightly job

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A published report, as `PublicIssue` keeps it."""

    reference: str
    type_key: str
    category: str
    face: str
    is_closed: bool
    text: str
    lon: float | None
    lat: float | None
    street: str
    district_id: int | None
    quarter_id: int | None
    agency: str
    received_on: date
    received_at: datetime
    changed_at: datetime
    planned_for: date | None
    closed_on: date | None
    closed_at: datetime | None
    reason: str
    photos: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, str]]
    weight: int
    not_fixed: int
    reopened: int
    working_days: int | None
    in_time: bool | None
    merged_into: str
    is_example: bool

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, or None for a report without a place."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


StepKey = tuple[datetime, str, int]
"""Moment, reference and number of a step: the order in which steps are told."""


@dataclass(frozen=True, slots=True)
class PublicStep:
    """The step with this number (from 1; the receipt is 0) in the history of a published report."""

    number: int
    at: datetime
    issue: Issue

    @property
    def key(self) -> StepKey:
        """What the next page goes on after."""
        return self.at, self.issue.reference, self.number


@dataclass(frozen=True, slots=True)
class IssueQuery:
    """What to look for. Empty and None mean: all. `since` and `until` bound the day of receipt, both included.

    `received_since` and `received_until` bound its moment, `changed_since` and `changed_until` bound the latest public change. `is_recent_since`: only what is open, or was closed on that day or later. `after` is the last row of the page before
    (day of receipt and reference). `named` are categories whose own words the search meets.
    """

    words: str = ""
    named: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()
    area: Area | None = None
    since: date | None = None
    until: date | None = None
    is_recent_since: date | None = None
    received_since: datetime | None = None
    received_until: datetime | None = None
    changed_since: datetime | None = None
    changed_until: datetime | None = None
    box: Box | None = None
    after: tuple[date, str] | None = None


@dataclass(frozen=True, slots=True)
class IssuePage:
    """Rows newest first, the key of the next page, how many match in each face, and whether one is an example.

    `total` stops at `MOST_COUNTED`; `faces` then sum up to it and are no use for shares.
    """

    rows: Sequence[Issue]
    after: tuple[date, str] | None
    total: int
    faces: Mapping[str, int]

    @property
    def is_bounded(self) -> bool:
        """Whether there are at least as many as were counted."""
        return self.total >= MOST_COUNTED


def list_public(query: IssueQuery, limit: int = 20) -> IssuePage:
    """A page of reports, newest first. Two statements."""
    where, values = conditions(query)
    faces = {
        str(row["face"]): int(row["n"])
        for row in read_public(
            f"SELECT face, count(*) AS n FROM (SELECT face FROM issues_publicissue WHERE {where} LIMIT %(most)s) AS found"  # noqa: S608 - constants
            " GROUP BY face",
            {**values, "most": MOST_COUNTED},
        )
    }
    rows = list_rows(query, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    after = (rows[-1].received_on, rows[-1].reference) if more else None
    return IssuePage(rows, after, sum(faces.values()), faces)


def list_rows(query: IssueQuery, limit: int) -> list[Issue]:
    """The rows of a page alone, without counting."""
    where, values = conditions(query)
    if query.after:
        where += " AND (received_on < %(after_on)s OR (received_on = %(after_on)s AND reference > %(after)s))"
        where += " AND received_on <= %(after_on)s"  # the same again, for the index
        values |= {"after_on": query.after[0], "after": query.after[1]}
    statement = (
        f"SELECT {COLUMNS} FROM issues_publicissue WHERE {where}"  # noqa: S608 - constants
        " ORDER BY received_on DESC, reference LIMIT %(limit)s"
    )
    return [as_issue(row) for row in read_public(statement, {**values, "limit": limit})]


def find_public(reference: str) -> Issue | None:
    """The published report with this reference, one that was merged into another too."""
    statement = f"SELECT {COLUMNS} FROM issues_publicissue WHERE reference = %s"  # noqa: S608 - a constant
    rows = read_public(statement, [reference.strip().upper()[:20].replace("\x00", "")])
    return as_issue(rows[0]) if rows else None


def get_public(reference: str) -> Issue:
    """As `find_public`. Raises NotFound for what is not published, whether it exists or not."""
    found = find_public(reference)
    if found is None:
        raise NotFound(gettext("Unter dieser Nummer ist keine Meldung veröffentlicht."))
    return found


def list_steps(
    since: datetime, until: datetime, after: StepKey | None = None, limit: int = 1_000
) -> list[PublicStep]:
    """What happened to published reports after they came in, between two moments (both included), oldest first.

    `after` is the key of the last one that is known already. One statement, whatever the number of reports.
    """
    at, reference, number = after or (since, "", -1)
    rows = read_public(
        STEPS,
        {"since": since, "until": until, "at": at, "reference": reference, "number": number, "limit": limit},
    )
    return [PublicStep(row.pop("number"), row.pop("at"), as_issue(row)) for row in rows]


def list_changed(query: IssueQuery, limit: int) -> list[Issue]:
    """What changed last, for feeds and for "latest" lists."""
    where, values = conditions(query)
    statement = (
        f"SELECT {COLUMNS} FROM issues_publicissue WHERE {where}"  # noqa: S608 - constants
        " ORDER BY changed_at DESC, reference LIMIT %(limit)s"
    )
    return [as_issue(row) for row in read_public(statement, {**values, "limit": limit})]


def all_public() -> Iterator[Issue]:
    """Every published report by reference, merged ones too, read in bounded portions."""
    last = ""
    while True:
        statement = (
            f"SELECT {COLUMNS} FROM issues_publicissue WHERE reference > %s"  # noqa: S608 - a constant
            " ORDER BY reference LIMIT %s"
        )
        rows = read_public(statement, [last, ROWS_AT_ONCE])
        for row in rows:
            yield as_issue(row)
        if len(rows) < ROWS_AT_ONCE:
            return
        last = str(rows[-1]["reference"])


def as_issue(row: Mapping[str, Any]) -> Issue:
    """A row with the columns of `COLUMNS`. Django's connection gives JSON as text."""
    lists = {
        name: json.loads(row[name]) if isinstance(row[name], str) else row[name]
        for name in ("photos", "history")
    }
    return Issue(**{**row, **lists})


def conditions(query: IssueQuery) -> tuple[str, dict[str, Any]]:
    """The WHERE of a query and its parameters; what was merged into another report is never met."""
    parts, values = ["merged_into = ''"], dict[str, Any]()
    if query.words:
        parts.append(
            "(words @@ websearch_to_tsquery('german', %(words)s) OR category = ANY(%(named)s) OR reference = %(reference)s)"
        )
        values |= {"words": query.words, "named": list(query.named), "reference": query.words.upper()}
    if query.categories:
        parts.append("category = ANY(%(categories)s)")
        values["categories"] = list(query.categories)
    if query.faces:
        parts.append("face = ANY(%(faces)s)")
        values["faces"] = list(query.faces)
    if query.area is not None and query.area.kind in AREA_COLUMNS:
        parts.append(f"{AREA_COLUMNS[PlaceKind(query.area.kind)]} = %(area)s")
        values["area"] = query.area.id
    for name, sign in (("since", ">="), ("until", "<=")):
        if (day := getattr(query, name)) is not None:
            parts.append(f"received_on {sign} %({name})s")
            values[name] = day
    for name, column, sign in MOMENTS:
        if (moment := getattr(query, name)) is not None:
            parts.append(f"{column} {sign} %({name})s")
            values[name] = moment
    if query.is_recent_since is not None:
        parts.append("(NOT is_closed OR closed_on >= %(recent)s)")
        values["recent"] = query.is_recent_since
    if query.box is not None:
        parts.append("lon BETWEEN %(west)s AND %(east)s AND lat BETWEEN %(south)s AND %(north)s")
        values |= dict(zip(("west", "south", "east", "north"), query.box, strict=True))
    return " AND ".join(parts), values


def starting_after(query: IssueQuery, after: tuple[date, str] | None) -> IssueQuery:
    """The same question from a later page on."""
    return replace(query, after=after)
