"""From a chart to its element's template: the table it is read from and the settings its script needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stadt.web import formats
from stadt.web.charts import Cell, Chart, ChartColumn, ColumnKind

HEIGHTS = frozenset({"small", "medium", "tall"})


@dataclass(frozen=True)
class ShownValue:
    """A cell of the chart's table: the exact value for the script, the written one for people."""

    exact: str
    text: str


def chart_context(chart: Chart, height: str) -> dict[str, Any]:
    """Return what `web/components/chart.html` needs; raises ValueError for an unknown height."""
    if height not in HEIGHTS:
        raise ValueError(f"A chart is {', '.join(sorted(HEIGHTS))}, not '{height}'.")
    return {
        "chart": chart,
        "height": height,
        "rows": [_shown_row(chart.columns, row) for row in chart.rows],
        "settings": json.dumps(_settings(chart), ensure_ascii=False, separators=(",", ":")),
    }


def _settings(chart: Chart) -> dict[str, Any]:
    return {
        "kind": str(chart.kind),
        "columns": [
            {
                "title": str(column.title),
                "kind": str(column.kind),
                "unit": column.unit,
                "digits": column.digits,
            }
            for column in chart.columns
        ],
        "lines": [{"value": line.value, "label": str(line.label)} for line in chart.lines],
    }


def _shown_row(columns: Sequence[ChartColumn], row: Sequence[Cell]) -> list[ShownValue]:
    return [_shown(column, cell) for column, cell in zip(columns, row, strict=True)]


def _shown(column: ChartColumn, cell: Cell) -> ShownValue:
    if cell is None:
        return ShownValue("", "–")
    if isinstance(cell, datetime):
        return ShownValue(
            cell.isoformat(), formats.moment(cell) if column.kind is ColumnKind.TIME else formats.day(cell)
        )
    if isinstance(cell, date):
        return ShownValue(cell.isoformat(), formats.day(cell))
    if isinstance(cell, str):
        return ShownValue(cell, cell)
    return ShownValue(str(cell), formats.number(cell, column.digits))
