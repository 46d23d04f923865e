"""What somebody may ask of a dataset's rows: columns, an order, filters, a page; all names and operators from a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from stadt.hub.datasets.conditions import (
    LONGEST_SHOWN,
    MOST_FILTERS,
    ORDERED,
    Box,
    Condition,
    refused,
    understand_box,
    understand_filters,
    value_of,
)
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.lake.engine import quoted

__all__ = [
    "FARTHEST",
    "MOST_FILTERS",
    "MOST_ROWS",
    "Ordering",
    "Selection",
    "listed_names",
    "understand",
    "value_of",
]

MOST_ROWS = 10_000
FARTHEST = 1_000_000
MOST_KEYS = 5


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column to sort by; missing values stand last either way."""

    column: Column
    descending: bool

    @property
    def sql(self) -> str:
        """As it stands after ORDER BY."""
        return f"{quoted(self.column.name)} {'DESC' if self.descending else 'ASC'} NULLS LAST"


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of rows; `columns` are those to be shown, in the order of the dataset."""

    columns: tuple[Column, ...]
    limit: int
    offset: int
    sort: tuple[Ordering, ...]
    conditions: tuple[Condition, ...]
    box: Box | None = None

    @property
    def filters(self) -> tuple[Condition | Box, ...]:
        """The filters and the box."""
        return (*self.conditions, self.box) if self.box else self.conditions

    @property
    def where(self) -> str:
        """SQL from WHERE on, or nothing."""
        return f" WHERE {' AND '.join(item.sql for item in self.filters)}" if self.filters else ""

    @property
    def order(self) -> str:
        """SQL from ORDER BY on, or nothing: the order of the files."""
        return f" ORDER BY {', '.join(item.sql for item in self.sort)}" if self.sort else ""

    @property
    def values(self) -> list[Any]:
        """The values of the filters, in their order."""
        return [value for item in self.filters for value in item.parameters]


def understand(
    columns: Sequence[Column],
    *,
    limit: int = 100,
    offset: int = 0,
    sort: str = "",
    filters: Sequence[str] = (),
    bbox: str = "",
    select: str = "",
) -> Selection:
    """Check what was asked.

    Args:
        sort: columns separated by commas, each `column` or `-column` for the other way round; at most five.
        filters: see `understand_filters`.
        bbox: `west,south,east,north` in degrees, or empty.
        select: columns separated by commas; empty for all.

    Raises:
        Invalid: naming the parameter that cannot be accepted.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise refused("limit", gettext("muss von 1 bis %(most_rows)s gehen") % {"most_rows": MOST_ROWS})
    if not 0 <= offset <= FARTHEST:
        raise refused("offset", gettext("muss von 0 bis %(farthest)s gehen") % {"farthest": FARTHEST})
    known = {column.name: column for column in columns}
    geometry = next((column for column in columns if column.type is ColumnType.GEOMETRY), None)
    names = set(listed_names("select", known, select)) if select else known.keys()
    return Selection(
        tuple(column for column in columns if column.name in names),
        limit,
        offset,
        _order(known, sort),
        understand_filters(known, filters),
        understand_box(geometry, bbox),
    )


def listed_names(field: str, known: Mapping[str, Column], text: str) -> list[str]:
    """Names of columns separated by commas, each once. Raises Invalid."""
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise refused(field, gettext("es gibt keine Spalte „%(name)s“") % {"name": name[:LONGEST_SHOWN]})
    if len(set(names)) < len(names):
        raise refused(field, gettext("nennt eine Spalte zweimal"))
    return names


def _order(known: Mapping[str, Column], text: str) -> tuple[Ordering, ...]:
    if not text:
        return ()
    items = [item.strip() for item in text.split(",")]
    if len(items) > MOST_KEYS:
        raise refused("sort", gettext("höchstens %(most)s Spalten") % {"most": MOST_KEYS})
    found = []
    for item in items:
        column = known.get(item.removeprefix("-"))
        if column is None or column.type not in ORDERED | {ColumnType.BOOLEAN}:
            raise refused(
                "sort",
                gettext("es gibt keine sortierbare Spalte „%(name)s“")
                % {"name": item.removeprefix("-")[:LONGEST_SHOWN]},
            )
        found.append(Ordering(column, item.startswith("-")))
    if len({item.column.name for item in found}) < len(found):
        raise refused("sort", gettext("nennt eine Spalte zweimal"))
    return tuple(found)
