"""Which of the changed entities a subscriber gets, and how they look: decided by the compiler, with her eyes."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from stadt.core.errors import NotFound
from stadt.hub.observations.feed import Change, Cursor
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.plans import Plan, compile_live
from stadt.hub.sta.compiler.targets import Target, find_target
from stadt.hub.sta.entities import OBSERVATION
from stadt.hub.sta.reading import Connection, Known, execute, find_out, first_row
from stadt.hub.sta.reading import Cursor as QueryCursor
from stadt.hub.sta.syntax.options import read_query, split_query
from stadt.hub.sta.syntax.paths import read_path

# Columns that no subscriber sees: a change of nothing else is none.
INTERNAL = frozenset({"feature_id", "is_public", "is_simulated", "key", "lat", "lon", "organisation_id"})


class Shown(NamedTuple):
    """An entity a subscriber gets: the place in the feed behind it, its id and its JSON."""

    cursor: Cursor
    id: int
    body: bytes


class Selection:
    """A resource that is listened to: an address compiled once for whoever sees the same."""

    def __init__(self, path: str, raw_query: bytes, viewer: Visibility, base: str) -> None:
        parsed = read_path(path)
        self.plan: Plan = compile_live(parsed, read_query(split_query(raw_query)), viewer, base)
        self.target: Target = find_target(parsed)

    async def require(self, connection: Connection) -> None:
        """Raises NotFound unless what the address leads through exists and may be seen."""
        cursor = QueryCursor(connection)
        if self.plan.anchor is not None:
            row = await first_row(cursor, self.plan.anchor.statement, Known())
            if row is None and self.plan.anchor.is_required:
                raise NotFound("Nothing found.")
        elif self.plan.parent is not None and await first_row(cursor, self.plan.parent, Known()) is None:
            raise NotFound("Nothing found.")

    async def shown(self, connection: Connection, changes: Sequence[Change], start: Cursor) -> list[Shown]:
        """The entities among the changes behind `start`, as they are now, in the order of the feed.

        What was deleted, hidden or led elsewhere meanwhile is not among them.
        """
        wanted = [
            (change, identifiers)
            for change in changes
            if change.entity == self.target.entity.name
            and (change.is_new or not INTERNAL.issuperset(change.names))
            and (identifiers := behind(change, start))
        ]
        cursor = QueryCursor(connection)
        known = Known()
        if self.plan.anchor is not None and wanted:
            row = await first_row(cursor, self.plan.anchor.statement, known)
            if row is None:
                return []
            wanted = [(change, found) for change, ids in wanted if (found := _of(change, ids, row[0]))]
            known = Known(*row)
        if not wanted:
            return []
        rows = await self._rows(cursor, wanted, known)
        return [
            Shown(Cursor(change.transaction, change.id, number), number, rows[number])
            for change, ids in wanted
            for number in ids
            if number in rows
        ]

    async def _rows(
        self, cursor: QueryCursor, wanted: Sequence[tuple[Change, Sequence[int]]], known: Known
    ) -> dict[int, bytes]:
        found = [(item, await find_out(cursor, item)) for item in self.plan.pending]
        times = [
            (change.first_time, change.last_time) for change, _ in wanted if change.first_time is not None
        ]
        first: datetime | None = min((pair[0] for pair in times), default=None)
        last: datetime | None = max((pair[1] for pair in times), default=None)
        assert self.plan.rows is not None  # noqa: S101 - by compile_live
        ids = sorted({number for _, numbers in wanted for number in numbers})
        known = known._replace(first=first, last=last, found=found, ids=ids)
        await execute(cursor, self.plan.rows, known)
        rows = await cursor.fetchall()
        return {number: str(body).encode() for body, number in rows if body is not None}


def behind(change: Change, start: Cursor) -> Sequence[int]:
    """The ids of a change that a cursor has not handled."""
    if (change.transaction, change.id) > (start.transaction, start.id):
        return change.ids
    if (change.transaction, change.id) < (start.transaction, start.id):
        return ()
    return [number for number in change.ids if number > start.position]


def _of(change: Change, ids: Sequence[int], datastream_id: int) -> Sequence[int]:
    """Those of the ids that belong to a datastream."""
    if change.entity != OBSERVATION.name:
        return ids
    mine = {
        number for number, one in zip(change.ids, change.datastream_ids, strict=True) if one == datastream_id
    }
    return [number for number in ids if number in mine]


@lru_cache(maxsize=512)
def selection(path: str, raw_query: bytes, viewer: Visibility, base: str) -> Selection:
    """The selection of an address; raises as `compile_live`."""
    return Selection(path, raw_query, viewer, base)
