"""The feed of changes: which entities were stored or changed, in an order that no late commit disturbs.

Whoever writes leaves a row in its own transaction. A reader sees rows of finished transactions only: those below
`pg_snapshot_xmin`. What commits later has a greater transaction number, so a cursor neither loses nor doubles a change.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from psycopg import AsyncConnection

from stadt.core.people.models import Setting

FORGOTTEN = "observations.changes_forgotten"
KEPT = timedelta(hours=24)
# Some 16 bytes each: the feed stays below about half a gigabyte however much is written.
MOST_ENTITIES_KEPT = 20_000_000
ALL = 2**63 - 1

POSITION = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
       coalesce((SELECT (value #>> '{}')::bigint FROM core_setting WHERE key = 'observations.changes_forgotten'), 0),
       ARRAY(SELECT pg_snapshot_xip(s)::text::bigint)
FROM (SELECT pg_current_snapshot() AS s) AS now
"""
READ = """
SELECT transaction, id, entity, is_new, names, ids, datastream_ids, first_time, last_time
FROM observations_change WHERE (transaction, id) >= (%b, %b) AND transaction < %b
ORDER BY transaction, id LIMIT %b
"""
# The last transaction of which no change is kept; of those from another life of the database (a restored backup) none.
TOO_OLD = """
SELECT coalesce(max(transaction), 0) FROM (
    SELECT transaction, noted_at, sum(size) OVER (ORDER BY transaction DESC, id DESC) AS kept FROM observations_change
    WHERE transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
) AS c WHERE noted_at < %s OR kept > %s
"""
DELETE = """
DELETE FROM observations_change
WHERE transaction <= %s OR transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


class Cursor(NamedTuple):
    """A place in the feed: of change (`transaction`, `id`) the entities up to the id `position` were handled."""

    transaction: int
    id: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Entities of one type that one statement stored or changed.

    Attributes:
        entity: name of the entity type, such as `Thing`.
        names: columns that changed; of observations attributes of a `Correction`. Empty for new entities.
        ids: ascending; `datastream_ids` are as long, for observations only, whose times lie between the two times.
    """

    transaction: int
    id: int
    entity: str
    is_new: bool
    names: tuple[str, ...]
    ids: tuple[int, ...]
    datastream_ids: tuple[int, ...]
    first_time: Any
    last_time: Any

    @property
    def end(self) -> Cursor:
        """The place behind this change."""
        return Cursor(self.transaction, self.id, ALL)

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> "Change":
        """A change from a row of `READ`."""
        transaction_number, number, entity, is_new, names, ids, datastreams, first, last = row
        datastreams = datastreams or [0] * len(ids)
        pairs = sorted(zip(ids, datastreams, strict=True))
        return cls(
            transaction_number,
            number,
            entity,
            is_new,
            tuple(names),
            tuple(pair[0] for pair in pairs),
            tuple(pair[1] for pair in pairs),
            first,
            last,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of the feed: changes from a cursor on, and the cursor for what comes next.

    `is_torn`: between the cursor asked from and the first change something was forgotten, or the database was replaced.
    """

    changes: tuple[Change, ...]
    cursor: Cursor
    is_torn: bool


class Place(NamedTuple):
    """Where a reader goes on: `finished` is the end of the feed; see `Part` for `is_torn`.

    Behind the end of the feed may stand what was committed long ago, while an older transaction goes on: for who begins
    now it is no news. `unborn` and `running` are the snapshot of that moment.
    """

    cursor: Cursor
    finished: int
    is_torn: bool
    unborn: int = 0
    running: frozenset[int] = frozenset()

    def is_news(self, change: Change) -> bool:
        """Whether a change could not be seen yet when this place was found."""
        return change.transaction >= self.unborn or change.transaction in self.running


async def find_place(connection: AsyncConnection[Any], start: Cursor | None) -> Place:
    """The place of a cursor (None: the end of the feed), or the next one where something is kept."""
    row = await (await connection.execute(POSITION)).fetchone()
    assert row is not None  # noqa: S101 - a query without table
    finished, unborn, forgotten, running = row
    if start is None:
        return Place(Cursor(finished), finished, is_torn=False, unborn=unborn, running=frozenset(running))
    if start.transaction > unborn:
        return Place(Cursor(finished), finished, is_torn=True)
    if start.transaction <= forgotten:
        return Place(Cursor(forgotten + 1), finished, is_torn=True)
    return Place(start, finished, is_torn=False)


async def read_feed(connection: AsyncConnection[Any], start: Cursor, limit: int) -> Part:
    """At most `limit` rows of the feed from a cursor on. The connection is in autocommit.

    The two statements have snapshots of their own: what the first calls finished the second sees whole.
    """
    start, finished, is_torn, *_ = await find_place(connection, start)
    values = (start.transaction, start.id, finished, limit)
    rows = await (await connection.execute(READ, values)).fetchall()
    changes = tuple(Change.of_row(found) for found in rows)
    following = changes[-1].end if len(rows) == limit else max(start, Cursor(finished))
    if changes and changes[0].end == start:
        changes = changes[1:]
    return Part(changes, following, is_torn)


def forget_changes() -> None:
    """The job that keeps the feed bounded: what is older than `KEPT`, or too much, goes by whole transactions."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOO_OLD, [timezone.now() - KEPT, MOST_ENTITIES_KEPT])
        (old,) = cursor.fetchone()
        cursor.execute(DELETE, [old])
        if old:
            Setting.objects.update_or_create(key=FORGOTTEN, defaults={"value": old})
