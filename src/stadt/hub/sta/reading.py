"""Answers GET requests: compiles the address once, runs its statements, and decides errors before the first byte."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast
from urllib.parse import quote
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.types.string import ByteaBinaryLoader, StrDumper
from psycopg_pool import PoolTimeout

from stadt.core import asgi
from stadt.core.database.pool import async_pool
from stadt.core.errors import BadRequest, NotFound, Unavailable
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta import answers
from stadt.hub.sta.compiler.plans import Form, Plan, compile_request
from stadt.hub.sta.compiler.values import Pending, Statement
from stadt.hub.sta.pages import Body, Page
from stadt.hub.sta.syntax.options import read_query, split_query
from stadt.hub.sta.syntax.paths import read_path

TIMEOUT_SECONDS = 5
COMPILED = 1024
# Of the pool's ten connections, so that readers, however many, leave some to readings that arrive.
READERS = 6
# The longest addresses make half a megabyte of SQL: nobody fills the memory with a thousand of those.
LONGEST_REMEMBERED = 600

Connection = AsyncConnection[tuple[Any, ...]]

# Rows that are fetched at once: a large page stops between two of these.
CHUNK = 50
# So many geometries are decided about in less than a millisecond.
FEW = 200


class Known(NamedTuple):
    """What was found out before a statement runs: the row of the anchor, and pairs of what was pending and its value.

    `ids` are those of the changes a stream is asked about.
    """

    datastream_id: int = 0
    first: datetime | None = None
    last: datetime | None = None
    number: int = 0
    found: Sequence[tuple[Pending, Any]] = ()
    ids: Sequence[int] = ()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Cursor(AsyncRawCursor[tuple[Any, ...]]):
    """A cursor with numbered placeholders that sends text as text, not as something whose type is to be guessed."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.adapters.register_dumper(str, StrDumper)


class RawRows(Cursor):
    """As `Cursor`; rows are the database's bytes."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        for name in ("text", "int8", "timestamptz"):
            self.adapters.register_loader(name, ByteaBinaryLoader)


def compiled(path: str, raw_query: bytes, viewer: Visibility, base: str) -> Plan:
    """The plan of an address. Plans hold no data, so that they stay right and those of usual length are remembered."""
    is_usual = len(path) + len(raw_query) <= LONGEST_REMEMBERED
    return (_remembered if is_usual else _compiled)(path, raw_query, viewer, base)


def _compiled(path: str, raw_query: bytes, viewer: Visibility, base: str) -> Plan:
    return compile_request(
        read_path(path),
        read_query(split_query(raw_query)),
        viewer,
        base,
        f"{base}{quote(path, safe='/()$@')}",
    )


_remembered = lru_cache(maxsize=COMPILED)(_compiled)


async def read(scope: asgi.Scope, send: asgi.Send, path: str, viewer: Visibility, base: str) -> None:
    """Answer a GET or HEAD of a resource.

    Raises:
        BadQuery: the address says something wrong.
        NotFound: there is no such entity, or not for this viewer.
        Unavailable: the answer takes too long, or the database is away.
    """
    plan = compiled(path, scope["query_string"], viewer, base)
    is_head = scope["method"] == "HEAD"
    async with reading() as connection:
        answer = await _answer(connection, plan)
    if answer is None:
        await answers.send_nothing(send)
    elif isinstance(answer, Body):
        await answers.send_page(send, answer, is_head)
    elif plan.form is Form.PROPERTY:
        await answers.send_json(send, b"{%s:%s}" % (answers.json_text(plan.name).encode(), answer), is_head)
    elif plan.form is Form.VALUE:
        value = msgspec.json.decode(answer)
        body = value.encode() if isinstance(value, str) else answer
        await answers.send_body(send, body, answers.TEXT, head=is_head)
    elif plan.form is Form.COUNT:
        await answers.send_body(send, answer, answers.TEXT, head=is_head)
    else:
        await answers.send_json(send, answer, is_head)


@asynccontextmanager
async def reading() -> AsyncIterator[Connection]:
    """A connection for `TIMEOUT_SECONDS`: whatever runs then is cancelled. Errors become refusals.

    Cancelling from here costs nothing; setting a timeout in the database costs a round trip for each answer.

    Raises:
        BadRequest: a value is out of the range of its type.
        Unavailable: see above.
    """
    try:
        async with _turn(), async_pool().connection() as connection:
            await connection.set_autocommit(True)
            async with asyncio.timeout(TIMEOUT_SECONDS):
                yield connection
    except (TimeoutError, psycopg.errors.QueryCanceled):
        raise Unavailable(
            f"The answer takes longer than {TIMEOUT_SECONDS} seconds; ask for less, or later."
        ) from None
    except psycopg.DataError as error:
        raise BadRequest(f"a value is out of range: {error.diag.message_primary}") from None
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise Unavailable("The database cannot be reached.") from error


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """One of `READERS` turns; raises TimeoutError when none is free for as long as an answer may take."""
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(READERS))
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await turns.acquire()
    try:
        yield
    finally:
        turns.release()


async def _answer(connection: Connection, plan: Plan) -> bytes | Body | None:
    """The document, JSON or text of an answer; None for a property without a value."""
    cursor = Cursor(connection)
    known = Known()
    if plan.anchor is not None:
        row = await first_row(cursor, plan.anchor.statement, known)
        if row is None and plan.anchor.is_required:
            raise NotFound("Nothing found.")
        known = Known(*row) if row else known
    if plan.pending:
        known = known._replace(found=[(item, await find_out(cursor, item)) for item in plan.pending])
    count: int | None = None
    if plan.is_counted:
        counted = await first_row(cursor, plan.count, known) if plan.count else (known.number,)
        count = counted[0] if counted else 0
    if plan.rows is None:
        if not count:
            await _require_parent(cursor, plan, known)
        return str(count).encode()
    if plan.form is Form.COLLECTION:
        page = await _page(cursor, plan, known)
        if not page.rows:
            await _require_parent(cursor, plan, known)
        return page.written(count)
    await execute(cursor, plan.rows, known)
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("Nothing found.")
    return None if row[0] is None else str(row[0]).encode()


async def _page(cursor: Cursor, plan: Plan, known: Known) -> Page:
    """One page, from the database's bytes; the row beyond its size only tells that there are more.

    A large page ends early when its answer would be too long.
    """
    assert plan.rows is not None  # noqa: S101 - collections have them
    if not plan.is_large:
        await execute(cursor, plan.rows, known)
        assert cursor.pgresult is not None  # noqa: S101 - the statement was run
        return Page.of_result(plan, cursor.pgresult)
    page, raw = Page(plan), RawRows(cursor.connection)
    values = _completed(plan.rows, known)
    rows = raw.stream(plan.rows.sql.encode(), values, binary=True, size=CHUNK)
    async with aclosing(cast("AsyncGenerator[tuple[Any, ...]]", rows)):
        async for row in rows:
            if not page.add(row):
                break
    return page


async def find_out(cursor: Cursor, pending: Pending) -> Any:
    """What a statement needs to know first; many rows are looked through in a thread."""
    await execute(cursor, pending.candidates, Known())
    rows = await cursor.fetchall()
    return await asyncio.to_thread(pending.answer, rows) if len(rows) > FEW else pending.answer(rows)


async def _require_parent(cursor: Cursor, plan: Plan, known: Known) -> None:
    """An empty collection exists only below an entity that does."""
    if plan.parent is not None and await first_row(cursor, plan.parent, known) is None:
        raise NotFound("Nothing found.")


async def first_row(cursor: Cursor, statement: Statement, known: Known) -> tuple[Any, ...] | None:
    """The first row of a statement, if it has any."""
    await execute(cursor, statement, known)
    return await cursor.fetchone()


async def execute(cursor: Cursor, statement: Statement, known: Known) -> None:
    """Run a statement with what is known by now."""
    values = _completed(statement, known)
    await cursor.execute(statement.sql.encode(), values, binary=True)


def _completed(statement: Statement, known: Known) -> tuple[Any, ...]:
    return statement.completed(known.datastream_id, known.first, known.last, known.found, known.ids)
