"""The one way observations are stored: set-wise, each idempotency key once, counters in the same transaction.

Two thin drivers, blocking and asynchronous, run the same steps.
"""

from collections.abc import Generator, Iterator
from datetime import date
from typing import Any

import numpy as np
import psycopg
from psycopg.pq import Format

from stadt.hub.observations import statements, wire
from stadt.hub.observations.batch import ABSENT, DOCUMENTS, TIMES, Batch, Integers, Result
from stadt.hub.observations.multi import WIDTHS, is_multi, multi_ids, refuse_other_widths

Step = tuple[str, tuple[Any, ...], bool]
Rows = list[tuple[Any, ...]]
Steps = Generator[Step, Rows, Result]

# More rows than this hold locks on the counters for too long; callers split.
MOST_ROWS = 100_000
# Small batches come often and profit from a prepared plan; for large ones its row estimates are wrong.
PREPARED_ROWS = 2_000
BEFORE_2000 = np.datetime64("2000-01-01", "us").astype(np.int64)


def append(connection: psycopg.Connection[Any], batch: Batch, *, whole: bool = False) -> Result:
    """Store a batch in the connection's transaction; on an autocommit connection it is a transaction of its own.

    Rows that cannot be stored are refused one by one and named in the result; with `whole` one of them keeps all from
    being stored.

    Raises:
        ValueError: more than `MOST_ROWS` rows.
        psycopg.errors.ForeignKeyViolation: at commit, when a datastream was deleted meanwhile; trying again helps.
        psycopg.errors.DeadlockDetected: when other statements took locks in another order; trying again helps.
    """
    steps = _steps(batch, whole)
    cursor = psycopg.Cursor(connection)
    prepare_cursor(cursor)
    try:
        query, parameters, is_prepared = next(steps)
        while True:
            cursor.execute(query, parameters, prepare=is_prepared)
            query, parameters, is_prepared = steps.send(cursor.fetchall())
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        cursor.close()


async def append_async(
    connection: psycopg.AsyncConnection[Any], batch: Batch, *, whole: bool = False
) -> Result:
    """As `append`, for an asynchronous connection."""
    steps = _steps(batch, whole)
    cursor = psycopg.AsyncCursor(connection)
    prepare_cursor(cursor)
    try:
        query, parameters, is_prepared = next(steps)
        while True:
            await cursor.execute(query, parameters, prepare=is_prepared)
            query, parameters, is_prepared = steps.send(await cursor.fetchall())
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        await cursor.close()


def prepare_cursor(cursor: "psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]") -> None:
    """Let a cursor send columns and receive binary values."""
    cursor.format = Format.BINARY
    wire.register(cursor.adapters)


def _steps(batch: Batch, whole: bool) -> Steps:
    """What to ask the database, step by step; answers are sent in, the result is returned."""
    if len(batch) > MOST_ROWS:
        raise ValueError(f"{len(batch)} rows in one batch; at most {MOST_ROWS}")
    batch.check_now()
    if whole:
        batch.groups = np.zeros(len(batch), np.int64)
    rows = _accepted(batch)
    if len(rows):
        distinct = np.unique(batch.datastream_ids[rows])
        wanted = wire.integers(distinct)
        is_small = len(batch) <= PREPARED_ROWS
        months = list(month_days(batch.times[rows]))
        [(_, known, simulated)] = yield statements.PREPARE, (months, wanted, wanted), is_small
        if len(known) < len(distinct):
            _refuse_unknown(batch, rows, known)
            rows = _accepted(batch)
        if is_multi(distinct[-1]) and len(lists := multi_ids(batch, rows)):
            [(found, widths)] = yield WIDTHS, (wire.integers(lists),), is_small
            if refuse_other_widths(batch, dict(zip(found, widths, strict=True))):
                rows = _accepted(batch)
    if not len(rows):
        return Result([0] * len(batch), 0, (), _refusals(batch))
    if simulated:
        marked = np.isin(batch.datastream_ids, simulated)
        batch.simulated = marked if batch.simulated is None else batch.simulated | marked
    statement = statements.APPEND if batch.keys is None else statements.APPEND_WITH_KEYS
    [(ids,)] = yield statement, tuple(parameters_of(batch, rows)), is_small
    stored = len(ids)
    repeated = [n for n, found in enumerate(ids) if found is None] if batch.keys is not None else []
    if repeated and batch.sources is not None and batch.keys is not None:
        stored -= len(repeated)
        places = [int(rows[n]) for n in repeated]
        sources, keys = [batch.sources[n] for n in places], [batch.keys[n] for n in places]
        first = yield statements.IDS_OF_KEYS, (wire.texts(sources), wire.texts(keys)), is_small
        for n, (found,) in zip(repeated, first, strict=True):
            ids[n] = found
    if len(rows) < len(batch):
        every = np.zeros(len(batch), np.int64)
        every[rows] = ids
        ids = every.tolist()
    return Result(ids, stored, tuple(int(rows[n]) for n in repeated), _refusals(batch))


def _accepted(batch: Batch) -> Integers:
    """Numbers of the rows to store: not refused, nor in a group with a refused one."""
    accepted = np.ones(len(batch), np.bool_)
    if batch.refusals:
        refused = np.fromiter(batch.refusals, np.int64, len(batch.refusals))
        accepted[refused] = False
        if batch.groups is not None:
            accepted &= ~np.isin(batch.groups, batch.groups[refused])
    return np.flatnonzero(accepted)


def _refuse_unknown(batch: Batch, rows: Integers, known: list[int]) -> None:
    for n in rows[~np.isin(batch.datastream_ids[rows], known)].tolist():
        batch.refuse(n, "datastream_id", f"there is no datastream {batch.datastream_ids[n]}")


def _refusals(batch: Batch) -> Any:
    return tuple(batch.refusals[n] for n in sorted(batch.refusals))


def month_days(times: Integers) -> Iterator[date]:
    """The first days of the months (UTC) in which there are times; those before 2000 have a partition together."""
    months = np.unique(times[times >= BEFORE_2000].astype("datetime64[us]").astype("datetime64[M]"))
    yield from months.astype("datetime64[D]").tolist()


def parameters_of(batch: Batch, rows: Integers | None = None) -> Iterator[wire.Column | None]:
    """Rows (None: all) as the statement's fourteen arrays; a column without values is NULL as a whole."""
    rows = np.arange(len(batch)) if rows is None else rows
    is_all = len(rows) == len(batch)

    def pick(column: Any) -> Any:
        return column if is_all else column[rows]

    def texts(column: list[str | None] | None) -> wire.Column | None:
        if column is None:
            return None
        return wire.texts(column if is_all else [column[n] for n in rows.tolist()])

    yield wire.integers(pick(batch.datastream_ids))
    yield wire.moments(pick(batch.times))
    yield wire.numbers(pick(batch.numbers), None if batch.has_number is None else pick(batch.has_number))
    for name in TIMES:
        moments = batch.moments.get(name)
        yield None if moments is None else wire.moments(pick(moments), pick(moments) != ABSENT)
    yield texts(batch.result_json)
    for name in DOCUMENTS:
        yield texts(batch.documents.get(name))
    yield (
        None
        if batch.features is None
        else wire.integers(pick(batch.features), pick(batch.features) != ABSENT)
    )
    yield None if batch.simulated is None else wire.flags(pick(batch.simulated))
    yield texts(batch.sources)
    yield texts(batch.keys)
