"""Conditions over the index, put together from terms: words as one tsquery, everything else as SQL with its values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

IN_WORDS = "e.id IN (SELECT id FROM opendata_catalogueentry WHERE search @@ %s::tsquery)"


@dataclass(frozen=True, slots=True)
class Condition:
    """What entries `e` must keep: a tsquery and SQL, either of them empty. Both empty: everything."""

    words: str = ""
    sql: str = ""
    values: tuple[Any, ...] = field(default=())

    def where(self, *, nested: bool = False) -> tuple[str, tuple[Any, ...]]:
        """SQL with its values. `nested`: below an OR or NOT, where the words are looked up apart, by their index."""
        parts, values = [], self.values
        if self.words:
            parts.append(IN_WORDS if nested else "e.search @@ %s::tsquery")
            values = (self.words, *values)
        if self.sql:
            parts.append(self.sql)
        return " AND ".join(parts) or "true", values


EVERYTHING = Condition()
NOTHING = Condition(sql="false")


def all_of(conditions: Sequence[Condition]) -> Condition:
    """All must hold."""
    if len(conditions) == 1:
        return conditions[0]
    words = " & ".join(f"({item.words})" for item in conditions if item.words)
    sql = " AND ".join(f"({item.sql})" for item in conditions if item.sql)
    return Condition(words, sql, tuple(value for item in conditions for value in item.values))


def any_of(conditions: Sequence[Condition]) -> Condition:
    """One must hold."""
    if len(conditions) == 1:
        return conditions[0]
    if all(item.words and not item.sql for item in conditions):
        return Condition(" | ".join(f"({item.words})" for item in conditions))
    found = [item.where(nested=True) for item in conditions]
    return Condition(
        sql=" OR ".join(f"({sql})" for sql, _ in found),
        values=tuple(value for _, values in found for value in values),
    )


def none_of(condition: Condition) -> Condition:
    """It must not hold."""
    sql, values = condition.where(nested=True)
    return Condition(sql=f"NOT ({sql})", values=values)
