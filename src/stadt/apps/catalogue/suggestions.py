"""The first picture of a dataset, chosen from its columns by rules: a line over time, bars by year or by kind."""
# ruff: noqa: S608 - declared columns only

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from stadt.apps.catalogue.remembered import remembered
from stadt.core.errors import Unavailable
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.indicators.units import on_screen
from stadt.hub.lake.engine import engine, quoted
from stadt.hub.opendata.records import Record
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import number

MOST_BARS = 15
MOST_KINDS = 30
YEAR = re.compile(r"(^|_)(jahr|year)(_|$)")
# Numbers that name something or place it, and measure nothing.
NAMING = re.compile(
    r"(^|_)(id|nr|nummer|number|plz|ags|ars|code|key|lat|lon|breite|laenge|x|y|ost|nord|lfd)(_|$)"
)
# What does not add up: shares, means and indices.
AVERAGED = re.compile(r"anteil|quote|rate|mittel|durchschnitt|index|mean|share|avg|median|prozent|dichte")
AVERAGED_UNITS = frozenset({"%", "Cel", "dB", "dB[SPL]", "1"})
NUMERIC = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})

Rows = Sequence[Sequence[Any]]


def suggest_chart(record: Record) -> Chart | None:
    """Bars by year, by kind, or of how many rows there are of each kind; None where no rule fits.

    The rules look at names, types, units and at how many values differ, so the same snapshot always gets the same chart.
    """
    snapshot = record.snapshot
    if snapshot is None or snapshot.row_count < 2:
        return None
    profile = snapshot.profile.get("columns", {})
    year = next((column for column in snapshot.columns if _is_year(column, profile)), None)
    measure = next((column for column in snapshot.columns if _is_measure(column, profile)), None)
    kinds = [column for column in snapshot.columns if _is_kind(column, profile, snapshot)]
    kinds.sort(
        key=lambda column: profile[column.name]["distinct"] == snapshot.row_count
    )  # names after real kinds
    kind = kinds[0] if kinds else None
    try:
        if year is not None and measure is not None:
            return _by_year(record, snapshot, year, measure)
        if kind is not None:
            return _by_kind(record, snapshot, kind, measure)
    except Unavailable:
        return None
    return None


def _is_year(column: Column, profile: Mapping[str, Any]) -> bool:
    found = profile.get(column.name, {})
    low, high = found.get("minimum"), found.get("maximum")
    return (
        column.type is ColumnType.INTEGER
        and bool(YEAR.search(column.name))
        and isinstance(low, int)
        and isinstance(high, int)
        and 1800 <= low < high <= 2200
    )


def _is_measure(column: Column, profile: Mapping[str, Any]) -> bool:
    found = profile.get(column.name, {})
    return (
        column.type in NUMERIC
        and not YEAR.search(column.name)
        and not NAMING.search(column.name)
        and (found.get("distinct") or 0) > 1
    )


def _is_kind(column: Column, profile: Mapping[str, Any], snapshot: SnapshotInfo) -> bool:
    distinct = profile.get(column.name, {}).get("distinct") or 0
    return column.type is ColumnType.TEXT and 2 <= distinct <= min(MOST_KINDS, snapshot.row_count)


def is_averaged(column: Column) -> bool:
    """Whether sums of the column say nothing."""
    return column.unit in AVERAGED_UNITS or "/" in column.unit or bool(AVERAGED.search(column.name))


def _by_year(record: Record, snapshot: SnapshotInfo, year: Column, measure: Column) -> Chart | None:
    function, word = ("avg", gettext("Mittel")) if is_averaged(measure) else ("sum", gettext("Summe"))
    rows = _asked(
        snapshot,
        f"SELECT {quoted(year.name)}::VARCHAR, {function}({quoted(measure.name)})::DOUBLE FROM data"
        f" WHERE {quoted(year.name)} IS NOT NULL GROUP BY {quoted(year.name)} ORDER BY {quoted(year.name)} LIMIT 200",
    )
    is_single = len(rows) == snapshot.row_count
    title = gettext("%(measure)s nach Jahren") % {"measure": gettext(measure.heading)}
    return _chart(record, title if is_single else f"{title} ({word})", ChartKind.BAR, year, measure, rows)


def _by_kind(record: Record, snapshot: SnapshotInfo, kind: Column, measure: Column | None) -> Chart | None:
    name = quoted(kind.name)
    if measure is None:
        value, word = "count(*)", gettext("Anzahl der Zeilen")
        title = gettext("Zeilen nach %(kind)s") % {"kind": gettext(kind.heading)}
    else:
        is_mean = is_averaged(measure)
        value = f"{'avg' if is_mean else 'sum'}({quoted(measure.name)})::DOUBLE"
        word = gettext("Mittel") if is_mean else gettext("Summe")
        is_single = snapshot.profile["columns"][kind.name]["distinct"] == snapshot.row_count
        words = {"measure": gettext(measure.heading), "kind": gettext(kind.heading)}
        title = gettext("%(measure)s nach %(kind)s") % words
        title = title if is_single else f"{title} ({word})"
    rows = _asked(
        snapshot,
        f"SELECT {name}, {value} AS value FROM data WHERE {name} IS NOT NULL GROUP BY 1"
        f" HAVING value IS NOT NULL ORDER BY value DESC, 1 LIMIT {MOST_BARS}",
    )
    return _chart(
        record, title, ChartKind.BAR, kind, measure or Column("rows", ColumnType.INTEGER, word), rows
    )


def _asked(snapshot: SnapshotInfo, sql: str) -> Rows:
    return remembered(snapshot, sql, lambda: engine().ask(sql, view=snapshot.view))


def _chart(
    record: Record, title: str, kind: ChartKind, axis: Column, measure: Column, rows: Rows
) -> Chart | None:
    told = [(str(name), value) for name, value in rows if value is not None]
    if len(told) < 2:
        return None
    unit = on_screen(measure.unit)
    lowest, highest = min(told, key=lambda row: row[1]), max(told, key=lambda row: row[1])
    return Chart(
        title=title,
        kind=kind,
        columns=(
            ChartColumn(gettext(axis.heading), ColumnKind.CATEGORY),
            ChartColumn(gettext(measure.heading), unit=unit),
        ),
        rows=told,
        summary=gettext("Am meisten: %(high)s mit %(most)s; am wenigsten: %(low)s mit %(least)s.")
        % {
            "high": highest[0],
            "most": f"{number(highest[1])} {unit}".strip(),
            "low": lowest[0],
            "least": f"{number(lowest[1])} {unit}".strip(),
        },
        source=record.publisher,
        simulated=record.is_simulated,
    )
