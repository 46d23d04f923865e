"""Collects the values of a statement: SQL text only ever holds their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from psycopg.types.numeric import Int8

BIGINT = 2**63


class Extent(Enum):
    """A value that is known only when the statement runs: what was found out before about the datastream it reads.

    IDS: of entities in a batch of changes, to which a stream is confined.
    """

    DATASTREAM = "datastream"
    FIRST = "first"
    LAST = "last"
    IDS = "ids"


class Pending:
    """A value that is found out by a statement of its own before the one that uses it."""

    candidates: "Statement"

    def answer(self, rows: Sequence[Any]) -> Any:
        """The value, from the rows that `candidates` gives."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1`, `$2`, … and their values."""

    sql: str
    values: tuple[Any, ...]

    @property
    def pending(self) -> list[Pending]:
        """What has to be found out first."""
        return [value for value in self.values if isinstance(value, Pending)]

    def completed(
        self,
        datastream_id: int,
        first: datetime | None,
        last: datetime | None,
        found: Sequence[Any] = (),
        ids: Sequence[int] = (),
    ) -> tuple[Any, ...]:
        """The values, with the datastream's id and extent, and what was found out, in the places kept for them.

        `found` are pairs of what was pending and its value; `ids` are those of a batch of changes.
        """
        known = {
            Extent.DATASTREAM: Int8(datastream_id),
            Extent.FIRST: first,
            Extent.LAST: last,
            Extent.IDS: _adapted(ids),
        }
        values = tuple(known[value] if isinstance(value, Extent) else value for value in self.values)
        if not found:
            return values
        return tuple(
            next(_adapted(answer) for pending, answer in found if pending == value)
            if isinstance(value, Pending)
            else value
            for value in values
        )


class Values:
    """The values of one statement, numbered in the order in which they came."""

    def __init__(self) -> None:
        self._values: list[Any] = []
        self._shared: dict[tuple[str, str], str] = {}

    def bind(self, value: Any, cast: str) -> str:
        """The placeholder of a value, cast to a PostgreSQL type."""
        self._values.append(_adapted(value))
        return f"${len(self._values)}::{cast}"

    def share(self, name: str, value: Any, cast: str) -> str:
        """As `bind`; further calls with the same name give the same placeholder."""
        key = (name, cast)
        if key not in self._shared:
            self._shared[key] = self.bind(value, cast)
        return self._shared[key]

    def number(self, value: float) -> str:
        """A number as bigint where it is an id's type, else as numeric (integers) or double precision."""
        if isinstance(value, int):
            return self.bind(value, "bigint" if -BIGINT <= value < BIGINT else "numeric")
        return self.bind(value, "double precision")

    def statement(self, sql: str) -> Statement:
        """The finished statement."""
        return Statement(sql, tuple(self._values))


def _adapted(value: Any) -> Any:
    """Integers always as bigint, so that one text has one prepared statement."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Int8(value) if -BIGINT <= value < BIGINT else Decimal(value)
    if isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], int):
        return [Int8(item) for item in value]
    return value
