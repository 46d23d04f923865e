"""What a dataset was at a date, and how two of its snapshots differ; rows are compared in the lake, never in Python."""

# ruff: noqa: S608 - declared columns and our own paths

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets.declaration import Column
from stadt.hub.datasets.models import Snapshot
from stadt.hub.datasets.snapshots import SnapshotInfo, get_snapshot
from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.lake.exports import json_cell
from stadt.hub.lake.tables import Field, Kind, table_of

EXAMPLES = 5
SECONDS = 60.0
REMEMBERED = 128


@dataclass(frozen=True, slots=True)
class ChangedColumn:
    """A column that has another type or unit in the newer snapshot."""

    name: str
    was: Column
    now: Column


@dataclass(frozen=True, slots=True)
class Difference:
    """How the newer of two snapshots differs from the older.

    Rows are compared by the columns that both have with the same type; a row that changed counts as one removed and
    one added. `rows_added`, `rows_removed` are exact; the examples are the first five, as JSON values by column.
    """

    older: int
    newer: int
    columns_added: tuple[Column, ...]
    columns_removed: tuple[Column, ...]
    columns_changed: tuple[ChangedColumn, ...]
    rows_added: int
    rows_removed: int
    examples_added: tuple[Mapping[str, Any], ...]
    examples_removed: tuple[Mapping[str, Any], ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two are the same."""
        columns = self.columns_added or self.columns_removed or self.columns_changed
        return not (columns or self.rows_added or self.rows_removed)


def snapshot_at(key: str, moment: datetime) -> SnapshotInfo:
    """The snapshot that was the newest at a moment (aware).

    Raises:
        NotFound: nothing was published by then.
        Gone: it was purged or withdrawn since.
    """
    rows = Snapshot.objects.filter(dataset=key, published_at__lte=moment).order_by("-number")
    number = rows.values_list("number", flat=True).first()
    if number is None:
        words = {"key": key, "day": f"{timezone.localtime(moment):%d.%m.%Y}"}
        raise NotFound(gettext("Der Datensatz „%(key)s“ war am %(day)s noch nicht veröffentlicht.") % words)
    return get_snapshot(key, number)


def difference(key: str, older: int, newer: int) -> Difference:
    """How two snapshots differ, by their numbers.

    Raises:
        NotFound, Gone: one of them is not there (any more).
        Unavailable: they are too large to be compared in a minute.
    """
    return _compared(_Pair(get_snapshot(key, older), get_snapshot(key, newer)))


class _Pair:
    """Two snapshots, equal to every other pair of the same two: they never change, so the answer is remembered."""

    def __init__(self, older: SnapshotInfo, newer: SnapshotInfo) -> None:
        self.older, self.newer = older, newer

    def __hash__(self) -> int:
        return hash((self.older.id, self.newer.id))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and (self.older.id, self.newer.id) == (other.older.id, other.newer.id)


@lru_cache(maxsize=REMEMBERED)
def _compared(pair: _Pair) -> Difference:
    was = {column.name: column for column in pair.older.columns}
    now = {column.name: column for column in pair.newer.columns}
    both = [name for name in now if name in was]
    shared = [now[name] for name in both if was[name].type is now[name].type]
    fields = [field for field in pair.newer.fields if field.name in {column.name for column in shared}]
    added, removed, more, fewer = _rows(pair, fields) if fields else _counts_only(pair)
    return Difference(
        older=pair.older.number,
        newer=pair.newer.number,
        columns_added=tuple(now[name] for name in now if name not in was),
        columns_removed=tuple(was[name] for name in was if name not in now),
        columns_changed=tuple(
            ChangedColumn(name, was[name], now[name])
            for name in both
            if (was[name].type, was[name].unit) != (now[name].type, now[name].unit)
        ),
        rows_added=added,
        rows_removed=removed,
        examples_added=more,
        examples_removed=fewer,
    )


Examples = tuple[Mapping[str, Any], ...]


def _counts_only(pair: _Pair) -> tuple[int, int, Examples, Examples]:
    """Without a column in common every row is another."""
    return pair.newer.row_count, pair.older.row_count, (), ()


def _rows(pair: _Pair, fields: Sequence[Field]) -> tuple[int, int, Examples, Examples]:
    # Parts that both consist of hold the same rows, and say nothing about the difference.
    same = set(pair.older.paths) & set(pair.newer.paths)
    older, newer = (
        table_of([path for path in info.paths if path not in same], fields)
        for info in (pair.older, pair.newer)
    )
    rows = engine().ask(
        f"""
        WITH differing AS MATERIALIZED (
            SELECT h, sum(step) AS n
            FROM (SELECT {_mark(fields)} AS h, 1 AS step FROM ({newer})
                  UNION ALL SELECT {_mark(fields)}, -1 FROM ({older}))
            GROUP BY h HAVING sum(step) <> 0)
        SELECT 'counts', coalesce(sum(greatest(n, 0)), 0)::BIGINT, coalesce(sum(greatest(-n, 0)), 0)::BIGINT, NULL
        FROM differing
        UNION ALL {_examples("added", newer, fields, "n > 0")}
        UNION ALL {_examples("removed", older, fields, "n < 0")}""",
        seconds=SECONDS,
    )
    [(added, removed)] = [(more, fewer) for what, more, fewer, _ in rows if what == "counts"]
    shown: dict[str, list[Mapping[str, Any]]] = {"added": [], "removed": []}
    for what, _, _, text in rows:
        if what in shown:
            shown[what].append(msgspec.json.decode(text))
    return int(added), int(removed), tuple(shown["added"]), tuple(shown["removed"])


def _examples(what: str, table: str, fields: Sequence[Field], which: str) -> str:
    cells = ", ".join(f"{literal(field.name)}, {json_cell(field)}" for field in fields)
    return (
        f"SELECT {literal(what)}, 0, 0, json_object({cells})::VARCHAR FROM (SELECT * FROM ({table}) "
        f"WHERE {_mark(fields)} IN (SELECT h FROM differing WHERE {which}) LIMIT {EXAMPLES})"
    )


def _mark(fields: Sequence[Field]) -> str:
    """128 bits that tell rows apart: DuckDB's hash twice, once with a word behind it."""
    cells = ", ".join(
        f"ST_AsWKB({quoted(field.name)})" if field.kind is Kind.GEOMETRY else quoted(field.name)
        for field in fields
    )
    return f"struct_pack(a := hash({cells}), b := hash({cells}, 'twice'))"
