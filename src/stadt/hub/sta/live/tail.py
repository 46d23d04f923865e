"""The end of the feed in this process: read once for all streams, kept for a moment, waited at."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import psycopg
from psycopg_pool import PoolTimeout

from stadt.core.database.pool import async_pool
from stadt.core.errors import Unavailable
from stadt.hub.observations.feed import Change, Cursor, Part, find_place, read_feed
from stadt.hub.sta.reading import Connection

logger = logging.getLogger("stadt.sta")

POLL_SECONDS = 0.25
PAUSE_AFTER_ERROR = 2.0
ROWS_AT_ONCE = 50
# What is remembered for streams that keep up; one that does not reads the table again.
MOST_REMEMBERED = 20_000
# Entities in one look; as JSON some two megabytes.
MOST_AT_ONCE = 4_000
# All streams together; the readers of pages have connections of their own (`reading.READERS`).
CONNECTIONS = 2
SECONDS = 5.0
START = Cursor(0)


@dataclass(eq=False)
class Tail:
    """What follows the end of the feed while somebody listens. `recent` holds everything behind `since`."""

    recent: deque[Change] = field(default_factory=deque)
    remembered: int = 0
    since: Cursor = START
    reached: Cursor = START
    listeners: int = 0
    task: asyncio.Task[None] | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Tail"]:
        """Follow the feed while the block runs."""
        self.listeners += 1
        if self.task is None:
            self.task = asyncio.create_task(self._follow())
        try:
            yield self
        finally:
            self.listeners -= 1
            if not self.listeners and self.task is not None:
                self.task.cancel()
                self.task = None
                self.recent.clear()
                self.remembered, self.since, self.reached = 0, START, START

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for one look, in turn with other streams.

        Raises:
            Unavailable: the database is away, or the look takes longer than `SECONDS`.
        """
        try:
            async with self.turns, async_pool().connection() as connection:
                await connection.set_autocommit(True)
                async with asyncio.timeout(SECONDS):
                    yield connection
        except (TimeoutError, psycopg.Error, PoolTimeout) as error:
            raise Unavailable("The stream cannot be read right now.") from error

    async def after(self, cursor: Cursor, seconds: float) -> Part:
        """What follows a cursor; waits at most so long for anything, and then gives the cursor of now.

        Raises:
            Unavailable: see `connection`.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.reached <= cursor:
                    await self.news.wait()
        if not self.since.transaction or cursor < self.since:
            async with self.connection() as connection:
                return _bounded(await read_feed(connection, cursor, ROWS_AT_ONCE))
        changes = tuple(change for change in self.recent if change.end > cursor)
        return _bounded(Part(changes, max(self.reached, cursor), is_torn=False))

    async def _follow(self) -> None:
        while True:
            try:
                await self._look()
                await asyncio.sleep(POLL_SECONDS)
            except Unavailable:
                await asyncio.sleep(PAUSE_AFTER_ERROR)
            except Exception:
                logger.exception("the feed of changes cannot be followed")
                await asyncio.sleep(PAUSE_AFTER_ERROR)

    async def _look(self) -> None:
        async with self.connection() as connection:
            if not self.reached.transaction:
                self.since = self.reached = (await find_place(connection, None)).cursor
            part = await read_feed(connection, self.reached, ROWS_AT_ONCE)
        if part.is_torn:
            self.recent.clear()
            self.remembered, self.since = 0, part.cursor
        for change in () if part.is_torn else part.changes:
            self.recent.append(change)
            self.remembered += len(change.ids)
        while self.remembered > MOST_REMEMBERED and self.recent:
            gone = self.recent.popleft()
            self.remembered -= len(gone.ids)
            self.since = gone.end
        self.reached = part.cursor
        self.news.set()
        self.news.clear()


def _bounded(part: Part) -> Part:
    """The beginning of a part, so far as a stream takes it at once."""
    total = 0
    for number, change in enumerate(part.changes[:-1], start=1):
        total += len(change.ids)
        if total >= MOST_AT_ONCE:
            return Part(part.changes[:number], change.end, part.is_torn)
    return part


_tails: WeakKeyDictionary[asyncio.AbstractEventLoop, Tail] = WeakKeyDictionary()


def tail() -> Tail:
    """The tail of the running event loop."""
    return _tails.setdefault(asyncio.get_running_loop(), Tail())
