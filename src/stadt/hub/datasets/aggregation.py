"""Rows put together: groups by columns or by day, month and year, and what is counted, added up and averaged in each."""
# ruff: noqa: S608 - declared columns and understood conditions only

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from stadt.core.city import current
from stadt.hub.datasets.conditions import LONGEST_SHOWN, refused
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.selection import Selection
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.lake.exports import csv_line, row_json
from stadt.hub.lake.positions import placed_table
from stadt.hub.lake.tables import Field, Kind

MOST_GROUPINGS = 4
MOST_MEASURES = 10
COUNT = "count"
NUMERIC = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})
DATED = frozenset({ColumnType.DATE, ColumnType.TIME})
# ISO 8601 with as much as the period says.
PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
FUNCTIONS = {"sum": "sum", "mean": "avg", "median": "median", "min": "min", "max": "max"}


@dataclass(frozen=True, slots=True)
class Result:
    """A column of the result: its name and kind, its SQL, and how it is written once the groups are made."""

    field: Field
    sql: str
    form: str = ""

    @property
    def name(self) -> str:
        """Name in the result."""
        return self.field.name

    @property
    def shown(self) -> str:
        """SQL over the result; texts of days are made for each group, not for each row."""
        name = quoted(self.name)
        return f"strftime({name}, {literal(self.form)}) AS {name}" if self.form else name


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What was asked for, understood."""

    groups: tuple[Result, ...]
    measures: tuple[Result, ...]
    sort: tuple[tuple[str, bool], ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """All columns of the result."""
        return (*self.groups, *self.measures)


@dataclass(frozen=True, slots=True)
class Groups:
    """A page of groups as finished text, and how many there are in all."""

    rows: list[str]
    total: int


def understand_aggregation(
    columns: Sequence[Column], *, group_by: str, aggregate: str, sort: str
) -> Aggregation:
    """Check what was asked.

    Args:
        group_by: columns separated by commas, dates and times with `:day`, `:month` or `:year` (of the city's time zone).
        aggregate: `count`, or `<column>:<count|sum|mean|median|min|max>`, separated by commas; empty: `count`.
        sort: names of the result, `-name` for the other way round; empty: by the groups.

    Raises:
        Invalid: naming the parameter that cannot be accepted.
    """
    known = {column.name: column for column in columns}
    groups = tuple(_grouping(known, item) for item in _items("group_by", group_by, MOST_GROUPINGS))
    measures = tuple(_measure(known, item) for item in _items("aggregate", aggregate or COUNT, MOST_MEASURES))
    names = [item.name for item in (*groups, *measures)]
    if len(set(names)) < len(names):
        raise refused("aggregate", gettext("nennt etwas zweimal"))
    found = []
    for item in _items("sort", sort, len(names)):
        name = item.removeprefix("-")
        if name not in names:
            raise refused(
                "sort",
                gettext("im Ergebnis gibt es kein „%(name)s“; es gibt %(known)s")
                % {"name": name[:LONGEST_SHOWN], "known": ", ".join(names)},
            )
        found.append((name, item.startswith("-")))
    return Aggregation(groups, measures, tuple(found))


def read_groups(
    snapshot: SnapshotInfo, selection: Selection, asked: Aggregation, *, offset: int, as_csv: bool
) -> Groups:
    """A page of groups, each as a JSON object or a line of CSV; all rows are one group where nothing groups them.

    Raises:
        Unavailable: the query took too long or needs too much memory.
    """
    cells = ", ".join(f"{item.sql} AS {quoted(item.name)}" for item in asked.results)
    grouping = f" GROUP BY {', '.join(item.sql for item in asked.groups)}" if asked.groups else ""
    order = [
        f"{quoted(name)} {'DESC' if descending else 'ASC'} NULLS LAST" for name, descending in asked.sort
    ]
    order += [f"{quoted(item.name)} NULLS LAST" for item in asked.groups]
    fields = [item.field for item in asked.results]
    text = csv_line(fields) if as_csv else row_json(fields)
    shown = ", ".join(item.shown for item in asked.results)
    page = f" ORDER BY {', '.join(order)}" if order else ""
    rows = engine().ask(
        f"SELECT {text}, whole FROM (SELECT {shown}, count(*) OVER () AS whole FROM"
        f" (SELECT {cells} FROM data{selection.where}{grouping}) {page}"
        f" LIMIT {selection.limit} OFFSET {int(offset)})",
        selection.values,
        view=placed_table(
            snapshot.paths, snapshot.fields, box=selection.box.sides if selection.box else None
        ),
    )
    return Groups([str(text) for text, _whole in rows], int(rows[0][1]) if rows else 0)


def _items(parameter: str, text: str, most: int) -> list[str]:
    items = [item.strip() for item in text.split(",")] if text else []
    if len(items) > most:
        raise refused(parameter, gettext("nennt mehr als %(most)s") % {"most": most})
    return items


def _grouping(known: Mapping[str, Column], item: str) -> Result:
    name, colon, period = item.partition(":")
    column = _column("group_by", known, name)
    if not colon:
        return Result(Field(name, Kind[column.type.name]), quoted(name))
    if column.type not in DATED or period not in PERIODS:
        raise refused(
            "group_by",
            gettext("„%(item)s“: Tage und Zeitpunkte lassen sich nach day, month und year zusammenfassen")
            % {"item": item[:LONGEST_SHOWN]},
        )
    moment = quoted(name)
    if column.type is ColumnType.TIME:
        moment = f"(({moment} AT TIME ZONE 'UTC') AT TIME ZONE {literal(current().timezone)})"
    start = f"date_trunc('{period}', {moment})"
    return Result(Field(f"{name}_{period}", Kind.TEXT), start, PERIODS[period])


def _measure(known: Mapping[str, Column], item: str) -> Result:
    if item == COUNT:
        return Result(Field(COUNT, Kind.INTEGER), "count(*)")
    name, _, function = item.partition(":")
    column = _column("aggregate", known, name)
    label = f"{name}_{function}"
    if function == COUNT:
        return Result(Field(label, Kind.INTEGER), f"count({quoted(name)})")
    allowed = FUNCTIONS if column.type in NUMERIC else {"min", "max"} if column.type in DATED else ()
    if function not in allowed:
        raise refused(
            "aggregate",
            gettext("„%(item)s“ geht nicht; für „%(name)s“ gibt es %(known)s")
            % {"item": item[:LONGEST_SHOWN], "name": name, "known": ", ".join([COUNT, *allowed])},
        )
    is_kept = function in {"min", "max"}
    kind = Kind[column.type.name] if is_kept else Kind.NUMBER
    return Result(Field(label, kind), f"{FUNCTIONS[function]}({quoted(name)}){'' if is_kept else '::DOUBLE'}")


def _column(parameter: str, known: Mapping[str, Any], name: str) -> Column:
    column = known.get(name)
    if not isinstance(column, Column) or column.type is ColumnType.GEOMETRY:
        raise refused(
            parameter,
            gettext("es gibt keine Spalte „%(name)s“, die sich zusammenfassen lässt")
            % {"name": name[:LONGEST_SHOWN]},
        )
    return column
