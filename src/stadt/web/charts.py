"""What a template hands to `{% stadt_chart %}`: a table with typed columns and how it wants to be drawn."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | datetime | date | None


class ChartKind(enum.StrEnum):
    """How the numbers are drawn; STACKED_AREA and STACKED_BAR add the columns up, so only for additive values."""

    LINE = "line"
    BAR = "bar"
    STACKED_BAR = "stacked-bar"
    AREA = "area"
    STACKED_AREA = "stacked-area"
    DOT = "dot"


class ColumnKind(enum.StrEnum):
    """What a column holds: aware date-times, dates, words or numbers."""

    TIME = "time"
    DATE = "date"
    CATEGORY = "category"
    NUMBER = "number"


@dataclass(frozen=True)
class ChartColumn:
    """A column of the chart's table: `unit` as written on screen ("µg/m³"), `digits` after the comma."""

    title: str
    kind: ColumnKind = ColumnKind.NUMBER
    unit: str = ""
    digits: int | None = None

    @property
    def heading(self) -> str:
        """Return the title with its unit, as it stands over the column."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class ReferenceLine:
    """A horizontal line with a word: a limit, a target (SOLL) or a mean, in the unit of the values."""

    value: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A chart and its table.

    The first column is the horizontal axis, every further column is one series (all in the same unit); a row is as
    long as `columns`, and a missing value is None (a gap, never zero). `summary` says in a sentence what is to be
    seen; it stands above the chart and is its description for screen readers. With `data_url` the element fetches
    `{"rows": [[…]], "simulated": bool}` again every `refresh` seconds.
    """

    title: str
    kind: ChartKind
    columns: Sequence[ChartColumn]
    rows: Sequence[Sequence[Cell]]
    summary: str = ""
    source: str = ""
    source_url: str = ""
    simulated: bool = False
    lines: Sequence[ReferenceLine] = ()
    data_url: str = ""
    refresh: int = 0

    def __post_init__(self) -> None:
        if len(self.columns) < 2:
            raise ValueError("A chart needs a column for its axis and at least one series.")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"Every row of the chart '{self.title}' needs {len(self.columns)} cells.")

    @property
    def axis(self) -> ChartColumn:
        """Return the column of the horizontal axis."""
        return self.columns[0]

    @property
    def series(self) -> Sequence[ChartColumn]:
        """Return the columns that are drawn."""
        return self.columns[1:]
