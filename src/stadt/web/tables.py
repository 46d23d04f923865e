"""What a template hands to `{% table %}`: columns with a kind, rows of cells, and cells that are more than text."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stadt.web.maps import State


class CellKind(enum.StrEnum):
    """How a column's cells are written; numbers stand on the right with aligned digits."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    CODE = "code"


@dataclass(frozen=True)
class TableColumn:
    """A column: `key` names the cell in a mapping or the attribute of a row object; the first column heads its row."""

    key: str
    title: str
    kind: CellKind = CellKind.TEXT
    unit: str = ""
    digits: int | None = None


@dataclass(frozen=True)
class LinkCell:
    """A cell that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True)
class StateCell:
    """A cell shown as a badge: a word with its icon and colour."""

    text: str
    state: State = State.NEUTRAL


@dataclass(frozen=True)
class ShownCell:
    """A cell with its column, ready for the template."""

    column: TableColumn
    value: Any
    is_head: bool

    @property
    def form(self) -> str:
        """Return 'link', 'state', 'empty' or the column's kind."""
        if isinstance(self.value, LinkCell):
            return "link"
        if isinstance(self.value, StateCell):
            return "state"
        if self.value is None or self.value == "":
            return "empty"
        return str(self.column.kind)


def shown_rows(columns: Sequence[TableColumn], rows: Iterable[Any]) -> list[list[ShownCell]]:
    """Return the cells row by row; a row is a mapping, a sequence in the order of the columns, or an object."""
    return [
        [ShownCell(column, _cell(row, column, place), place == 0) for place, column in enumerate(columns)]
        for row in rows
    ]


def _cell(row: Any, column: TableColumn, place: int) -> Any:
    if isinstance(row, Mapping):
        return row.get(column.key)
    if isinstance(row, Sequence):
        return row[place]
    return getattr(row, column.key)
