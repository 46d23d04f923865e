"""What somebody may ask of a dataset's rows: a page, an order, filters; all names and operators from a list."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.lake.engine import quoted

MOST_ROWS = 1000
FARTHEST = 1_000_000
MOST_FILTERS = 10
LONGEST_SHOWN = 60
WIDEST_INTEGER = 2**63

COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
CONTAINS = "contains"
ORDERED = frozenset(
    {ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIME, ColumnType.TEXT}
)
TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was understood: a column, an operator of the list, and a value of the column's type."""

    column: Column
    operator: str
    value: Any

    @property
    def sql(self) -> str:
        """The condition with `?` for its value."""
        name = quoted(self.column.name)
        if self.operator == CONTAINS:
            return f"contains(lower({name}), lower(?))"
        return f"{name} {COMPARISONS[self.operator]} ?"


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of rows."""

    limit: int
    offset: int
    sort: Column | None
    descending: bool
    conditions: tuple[Condition, ...]

    @property
    def where(self) -> str:
        """SQL from WHERE on, or nothing."""
        return f" WHERE {' AND '.join(item.sql for item in self.conditions)}" if self.conditions else ""

    @property
    def order(self) -> str:
        """SQL from ORDER BY on, or nothing: the order of the files."""
        if self.sort is None:
            return ""
        return f" ORDER BY {quoted(self.sort.name)} {'DESC' if self.descending else 'ASC'} NULLS LAST"

    @property
    def values(self) -> list[Any]:
        """The values of the conditions, in their order."""
        return [item.value for item in self.conditions]


def understand(
    columns: Sequence[Column],
    *,
    limit: int = 100,
    offset: int = 0,
    sort: str = "",
    filters: Sequence[str] = (),
) -> Selection:
    """Check what was asked.

    Args:
        sort: a column, or `-column` for the other way round.
        filters: `<column>:<operator>:<value>` with eq, ne, lt, le, gt, ge, or contains (text only).

    Raises:
        Invalid: naming the parameter that cannot be accepted.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise _invalid("limit", gettext("muss von 1 bis %(most_rows)s gehen") % {"most_rows": MOST_ROWS})
    if not 0 <= offset <= FARTHEST:
        raise _invalid("offset", gettext("muss von 0 bis %(farthest)s gehen") % {"farthest": FARTHEST})
    if len(filters) > MOST_FILTERS:
        raise _invalid(
            "filter", gettext("höchstens %(most_filters)s Filter") % {"most_filters": MOST_FILTERS}
        )
    known = {column.name: column for column in columns}
    ordering = None
    if sort:
        ordering = known.get(sort.removeprefix("-"))
        if ordering is None or ordering.type not in ORDERED | {ColumnType.BOOLEAN}:
            raise _invalid(
                "sort",
                gettext("es gibt keine sortierbare Spalte „%(name)s“") % {"name": sort.removeprefix("-")},
            )
    conditions = tuple(_condition(known, place, text) for place, text in enumerate(filters))
    return Selection(limit, offset, ordering, sort.startswith("-"), conditions)


def _condition(known: dict[str, Column], place: int, text: str) -> Condition:
    field = f"filter[{place}]"
    name, _, rest = text.partition(":")
    operator, colon, value = rest.partition(":")
    if not colon:
        raise _invalid(field, gettext("hat nicht die Form spalte:vergleich:wert"))
    column = known.get(name)
    if column is None or column.type is ColumnType.GEOMETRY:
        raise _invalid(
            field, gettext("es gibt keine Spalte „%(name)s“, nach der gefiltert werden kann") % {"name": name}
        )
    allowed = {"eq", "ne"}
    if column.type in ORDERED:
        allowed |= COMPARISONS.keys()
    if column.type is ColumnType.TEXT:
        allowed |= {CONTAINS}
    if operator not in allowed:
        raise _invalid(
            field,
            gettext("„%(operator)s“ ist kein Vergleich für „%(name)s“; es gibt %(known)s")
            % {"operator": operator, "name": name, "known": ", ".join(sorted(allowed))},
        )
    try:
        return Condition(column, operator, value_of(column.type, value))
    except (ValueError, OverflowError):
        raise _invalid(
            field,
            gettext("„%(value)s“ passt nicht zur Spalte „%(name)s“ (%(type)s)")
            % {"value": value[:LONGEST_SHOWN], "name": name, "type": column.type},
        ) from None


def value_of(column_type: ColumnType, text: str) -> Any:
    match column_type:
        case ColumnType.NUMBER:
            number = float(text)
            if not math.isfinite(number):
                raise ValueError(text)
            return number
        case ColumnType.INTEGER:
            whole = int(text)
            if not -WIDEST_INTEGER <= whole < WIDEST_INTEGER:
                raise ValueError(text)
            return whole
        case ColumnType.BOOLEAN:
            if text not in TRUTH:
                raise ValueError(text)
            return TRUTH[text]
        case ColumnType.DATE:
            return date.fromisoformat(text)
        case ColumnType.TIME:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError(text)
            return moment.astimezone(UTC)
        case _:
            return text


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}.", fields=(FieldError(field, message),))
