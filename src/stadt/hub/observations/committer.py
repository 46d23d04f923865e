"""Group commit: what many requests post at the same time becomes one transaction, and each is answered after it.

A web process keeps readings for milliseconds only. What was acknowledged was committed; whoever gets an error may post
again with the same idempotency key.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import psycopg

from stadt.core.condition import note_failure
from stadt.core.database.pool import Pool, async_pool
from stadt.core.errors import Unavailable
from stadt.hub.observations.append import append_async
from stadt.hub.observations.batch import Batch, Reading, Refusal, Result

logger = logging.getLogger("stadt.observations")

# A transaction of 1,000 rows takes some 10 ms; more would keep the first of them waiting.
MOST_PER_COMMIT = 1_000
MOST_WAITING = 20_000
# After a group of some size the next one waits as long as posts keep coming in, one look each millisecond: who was just
# answered posts again, and a commit costs as much for eight as for sixty.
BUSY_GROUP = 4
GATHERING_LOOKS = 10
MOST_BULKS = 2
PATIENCE_SECONDS = 3.0
# A commit that takes longer waits for a database that hangs: its posts get an error, and the connection is given up.
COMMIT_SECONDS = 10.0
BULK_SECONDS = 60.0
ATTEMPTS = 5

# What says nothing about the posts: no connection, no answer in time, no room, or a server that only reads.
LOST = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    TimeoutError,
)
# Another transaction was in the way or has just removed a datastream: the same rows can be stored in a moment.
PASSING = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.ForeignKeyViolation,
)


@dataclass(slots=True, eq=False)
class _Submission:
    readings: Sequence[Reading]
    whole: bool
    answer: asyncio.Future[Result]


@dataclass(slots=True, eq=False)
class Committer:
    """Collects submissions and commits them together; one for each event loop, made by `committer()`."""

    waiting: deque[_Submission] = field(default_factory=deque)
    depth: int = 0
    stored: int = 0
    is_open: bool = True
    bulks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_BULKS))
    task: asyncio.Task[None] | None = None

    async def submit(self, readings: Sequence[Reading], *, whole: bool = True) -> Result:
        """Store some readings; returns after the commit.

        With `whole` one refused reading keeps the others of this call from being stored.

        Raises:
            Unavailable: too much is waiting, or the database is away or cannot write; nothing was acknowledged.
        """
        if not self.is_open or self.depth + len(readings) > MOST_WAITING:
            raise _unavailable()
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.waiting.append(_Submission(readings, whole, answer))
        self.depth += len(readings)
        if self.task is None:
            self.task = asyncio.create_task(self._drain())
        return await answer

    async def submit_batch(self, batch: Batch, *, whole: bool = True) -> Result:
        """Store many readings in a transaction of their own; returns after the commit.

        Raises:
            Unavailable: as `submit`.
            ValueError: more than `append.MOST_ROWS` rows.
        """
        if not self.is_open:
            raise _unavailable()
        async with self.bulks:
            try:
                async with _pool().connection(timeout=PATIENCE_SECONDS) as connection:
                    await connection.set_autocommit(True)
                    async with asyncio.timeout(BULK_SECONDS):
                        result = await _store(connection, batch, whole)
            except LOST as error:
                note_failure(error)
                logger.error("%d readings were not stored: %s", len(batch), error)
                raise _unavailable() from error
        self.stored += result.stored
        return result

    async def close(self) -> None:
        """Take nothing more and commit what waits."""
        self.is_open = False
        while self.task is not None:
            await asyncio.shield(self.task)

    async def _drain(self) -> None:
        """Commit until nothing waits; the task of a busy moment, so that an idle process holds no connection."""
        try:
            while self.waiting:
                waited = len(self.waiting)
                try:
                    async with _pool().connection(timeout=PATIENCE_SECONDS) as connection:
                        await connection.set_autocommit(True)
                        while self.waiting:
                            waited = 0
                            if await self._commit_next(connection) > BUSY_GROUP:
                                await self._gather()
                except LOST as error:
                    if waited:  # there was no connection at all
                        self._fail(self._take(MOST_WAITING), error)
        finally:
            self.task = None
            self._fail(self._take(MOST_WAITING), RuntimeError("the committer ended"))

    async def _gather(self) -> None:
        for _ in range(GATHERING_LOOKS):
            before = self.depth
            await asyncio.sleep(0.001)
            if self.depth == before or self.depth >= MOST_PER_COMMIT:
                return

    def _take(self, most: int) -> list[_Submission]:
        taken: list[_Submission] = []
        count = 0
        while self.waiting and (not taken or count + len(self.waiting[0].readings) <= most):
            taken.append(self.waiting.popleft())
            count += len(taken[-1].readings)
        self.depth -= count
        return taken

    async def _commit_next(self, connection: psycopg.AsyncConnection[object]) -> int:
        """Commit one group and tell its size. Raises OperationalError, after answering all, when the connection is lost."""
        group = self._take(MOST_PER_COMMIT)
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await self._commit(connection, group)
        except LOST as error:
            self._fail(group, error)
            if connection.closed:
                raise
        except BaseException as error:
            self._fail(group, error)
            raise
        return len(group)

    async def _commit(self, connection: psycopg.AsyncConnection[object], group: list[_Submission]) -> None:
        """Store a group in one transaction. If the database refuses one of its rows, halve until it is found."""
        try:
            batch = Batch.of([reading for submission in group for reading in submission.readings])
            batch.groups = _groups(group)
            result = await _store(connection, batch, whole=False)
        except LOST:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one post brings must not keep the others from being stored
            if len(group) == 1:
                _answer_poisoned(group[0], error)
                return
            middle = len(group) // 2
            await self._commit(connection, group[:middle])
            await self._commit(connection, group[middle:])
            return
        self.stored += result.stored
        _answer(group, result)

    def _fail(self, group: list[_Submission], error: BaseException) -> None:
        pending = [submission for submission in group if not submission.answer.done()]
        if pending:
            note_failure(error)
            logger.error("%d posts were not stored: %s", len(pending), error)
        for submission in pending:
            submission.answer.set_exception(_unavailable())


async def _store(connection: psycopg.AsyncConnection[object], batch: Batch, whole: bool) -> Result:
    for attempt in range(ATTEMPTS):
        try:
            return await append_async(connection, batch, whole=whole)
        except PASSING as error:
            if attempt == ATTEMPTS - 1:
                raise psycopg.OperationalError(str(error)) from error
            await asyncio.sleep(0.01 * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


def _groups(group: list[_Submission]) -> "np.typing.NDArray[np.int64] | None":
    """Which rows belong together; a submission that may be stored in part gives each row a number of its own."""
    if all(len(submission.readings) == 1 for submission in group):
        return None
    numbers: list[int] = []
    for submission in group:
        start = numbers[-1] + 1 if numbers else 0
        count = len(submission.readings)
        numbers += [start] * count if submission.whole else range(start, start + count)
    return np.array(numbers, np.int64)


def _answer(group: list[_Submission], result: Result) -> None:
    if len(group) == 1:
        _set(group[0], result)
        return
    duplicates, refusals = set(result.duplicates), {refusal.row: refusal for refusal in result.refusals}
    start = 0
    for submission in group:
        stop = start + len(submission.readings)
        ids = result.ids[start:stop]
        repeated = tuple(n - start for n in range(start, stop) if n in duplicates) if duplicates else ()
        refused = (
            tuple(
                Refusal(n - start, refusals[n].field, refusals[n].message)
                for n in range(start, stop)
                if n in refusals
            )
            if refusals
            else ()
        )
        stored = sum(1 for found in ids if found) - len(repeated)
        _set(submission, Result(ids, stored, repeated, refused))
        start = stop


def _answer_poisoned(submission: _Submission, error: Exception) -> None:
    """Only this submission holds something the database cannot take, such as JSON nested too deep."""
    logger.warning("a post cannot be stored: %s", error)
    if not isinstance(error, psycopg.Error):
        if not submission.answer.done():
            submission.answer.set_exception(error)
        return
    message = error.diag.message_primary or "the database refuses this value"
    refusals = (Refusal(0, "result", message),)
    _set(submission, Result([0] * len(submission.readings), 0, (), refusals))


def _set(submission: _Submission, result: Result) -> None:
    if not submission.answer.done():
        submission.answer.set_result(result)


def _unavailable() -> Unavailable:
    return Unavailable(
        "Readings cannot be stored right now; please post them again.", headers={"Retry-After": "2"}
    )


def _pool() -> Pool:
    return async_pool()


_committers: WeakKeyDictionary[asyncio.AbstractEventLoop, Committer] = WeakKeyDictionary()


def committer() -> Committer:
    """The committer of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _committers.get(loop)
    if found is None:
        found = _committers[loop] = Committer()
    return found


async def submit(readings: Sequence[Reading], *, whole: bool = True) -> Result:
    """See `Committer.submit`."""
    return await committer().submit(readings, whole=whole)


async def submit_batch(batch: Batch, *, whole: bool = True) -> Result:
    """See `Committer.submit_batch`."""
    return await committer().submit_batch(batch, whole=whole)


async def start() -> None:
    """Make the web process's committer; it opens connections when there is something to store."""
    committer().is_open = True


async def stop() -> None:
    """Commit what waits, before the web process ends."""
    await committer().close()


def waiting_here() -> int:
    """Readings that wait in this process for their commit."""
    return sum(found.depth for found in list(_committers.values()))
