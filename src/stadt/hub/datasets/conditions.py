"""Filters on rows: a column, an operator of the list and values of the column's type, or a box on the map."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.lake.engine import quoted

MOST_FILTERS = 20
MOST_VALUES = 200
LONGEST_SHOWN = 60
LONGEST_FILTER = (
    100_000  # letters; a bound of our own, since that of the CSV reader is one for the whole process
)
WIDEST_INTEGER = 2**63

COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
CONTAINS, BEGINS, IN, NULL = "contains", "begins", "in", "null"
ORDERED = frozenset(
    {ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIME, ColumnType.TEXT}
)
TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was understood; `values` are of the column's type, for NULL whether the cell is missing."""

    column: Column
    operator: str
    values: tuple[Any, ...]

    @property
    def sql(self) -> str:
        """The condition with `?` for each of `parameters`."""
        name = quoted(self.column.name)
        match self.operator:
            case "contains":
                return f"contains(lower({name}), lower(?))"
            case "begins":
                return f"starts_with(lower({name}), lower(?))"
            case "in":
                return f"{name} IN ({', '.join('?' * len(self.values))})"
            case "null":
                return f"{name} IS {'' if self.values[0] else 'NOT '}NULL"
        return f"{name} {COMPARISONS[self.operator]} ?"

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The values for the marks in `sql`."""
        return () if self.operator == NULL else self.values


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east and north in WGS 84: rows whose geometry touches it."""

    column: Column
    sides: tuple[float, float, float, float]

    @property
    def sql(self) -> str:
        """The condition with four `?`."""
        name = quoted(self.column.name)
        return f"ST_Intersects({name}, ST_MakeEnvelope(?, ?, ?, ?))"

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The four sides."""
        return self.sides


def operators_of(column: Column) -> tuple[str, ...]:
    """The operators a column of that type can be filtered by."""
    if column.type is ColumnType.GEOMETRY:
        return (NULL,)
    compared = tuple(COMPARISONS) if column.type in ORDERED else ("eq", "ne")
    found = (*compared, IN, NULL)
    return (*found, BEGINS, CONTAINS) if column.type is ColumnType.TEXT else found


def understand_filters(known: Mapping[str, Column], filters: Sequence[str]) -> tuple[Condition, ...]:
    """`<column>:<operator>:<value>`; for `in` values separated by commas, in quotation marks where they hold one.

    Raises:
        Invalid: naming the filter that cannot be accepted.
    """
    if len(filters) > MOST_FILTERS:
        raise refused("filter", gettext("höchstens %(most_filters)s Filter") % {"most_filters": MOST_FILTERS})
    return tuple(_condition(known, f"filter[{place}]", text) for place, text in enumerate(filters))


def understand_box(geometry: Column | None, text: str) -> Box | None:
    """`west,south,east,north` in degrees (RFC 7946 §5). Raises Invalid."""
    if not text:
        return None
    if geometry is None:
        raise refused("bbox", gettext("dieser Datensatz hat keine Orte"))
    try:
        west, south, east, north = (float(side) for side in text.split(","))
    except ValueError:
        raise refused("bbox", gettext("hat nicht die Form west,süd,ost,nord in Grad")) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refused(
            "bbox", gettext("liegt nicht auf der Erde, oder die Seiten stehen in falscher Reihenfolge")
        )
    return Box(geometry, (west, south, east, north))


def _condition(known: Mapping[str, Column], field: str, text: str) -> Condition:
    if len(text) > LONGEST_FILTER:
        raise refused(field, gettext("ist länger als %(most)s Zeichen") % {"most": LONGEST_FILTER})
    name, _, rest = text.partition(":")
    operator, colon, value = rest.partition(":")
    if not colon:
        raise refused(field, gettext("hat nicht die Form spalte:vergleich:wert"))
    column = known.get(name)
    if column is None:
        raise refused(
            field,
            gettext("es gibt keine Spalte „%(name)s“, nach der gefiltert werden kann")
            % {"name": name[:LONGEST_SHOWN]},
        )
    allowed = operators_of(column)
    if operator not in allowed:
        raise refused(
            field,
            gettext("„%(operator)s“ ist kein Vergleich für „%(name)s“; es gibt %(known)s")
            % {"operator": operator[:LONGEST_SHOWN], "name": name, "known": ", ".join(sorted(allowed))},
        )
    if operator == NULL:
        return Condition(column, operator, (_fitting(field, TRUTH_COLUMN, value),))
    texts = _listed(field, value) if operator == IN else [value]
    return Condition(column, operator, tuple(_fitting(field, column, item) for item in texts))


TRUTH_COLUMN = Column(NULL, ColumnType.BOOLEAN)


def _listed(field: str, text: str) -> list[str]:
    try:
        found = next(csv.reader([text], skipinitialspace=True), []) if text.isprintable() else []
    except csv.Error:  # a value longer than its reader takes
        found = []
    if not 1 <= len(found) <= MOST_VALUES:
        raise refused(field, gettext("nennt nicht 1 bis %(most)s Werte") % {"most": MOST_VALUES})
    return found


def _fitting(field: str, column: Column, text: str) -> Any:
    try:
        return value_of(column.type, text)
    except (ValueError, OverflowError):
        raise refused(
            field,
            gettext("„%(value)s“ passt nicht zur Spalte „%(name)s“ (%(type)s)")
            % {"value": text[:LONGEST_SHOWN], "name": column.name, "type": column.type},
        ) from None


def value_of(column_type: ColumnType, text: str) -> Any:
    """A value as an address writes it. Raises ValueError, OverflowError."""
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


def refused(field: str, message: str) -> Invalid:
    """The refusal of a parameter."""
    return Invalid(f"{field}: {message}.", fields=(FieldError(field, message),))
