"""Answers GET requests: compiles the address once, runs its statements, and decides errors before the first byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.types.string import StrDumper
from psycopg_pool import PoolTimeout

from stadt.core import asgi
from stadt.core.database.pool import async_pool
from stadt.core.errors import BadRequest, NotFound, Unavailable
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta import answers
from stadt.hub.sta.compiler.plans import Form, Plan, compile_request
from stadt.hub.sta.compiler.values import Statement
from stadt.hub.sta.syntax.options import read_query, split_query
from stadt.hub.sta.syntax.paths import read_path

TIMEOUT_SECONDS = 5
COMPILED = 2048

Connection = AsyncConnection[tuple[Any, ...]]


class Cursor(AsyncRawCursor[tuple[Any, ...]]):
    """A cursor with numbered placeholders that sends text as text, not as something whose type is to be guessed."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.adapters.register_dumper(str, StrDumper)


@lru_cache(maxsize=COMPILED)
def compiled(path: str, raw_query: bytes, viewer: Visibility, base: str) -> Plan:
    """The plan of an address. Plans hold no data, so that they stay right."""
    return compile_request(
        read_path(path),
        read_query(split_query(raw_query)),
        viewer,
        base,
        f"{base}{quote(path, safe='/()$@')}",
    )


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
    if plan.form is Form.PROPERTY:
        if answer is None:
            await answers.send_nothing(send)
            return
        answer = f"{{{answers.json_text(plan.name)}:{answer}}}"
    elif plan.form is Form.VALUE:
        if answer is None:
            await answers.send_nothing(send)
            return
        value = msgspec.json.decode(answer)
        if isinstance(value, str):
            answer = value
    if plan.form in {Form.VALUE, Form.COUNT}:
        await answers.send_body(send, str(answer).encode(), answers.TEXT, head=is_head)
    else:
        await answers.send_json(send, str(answer).encode(), is_head)


@asynccontextmanager
async def reading() -> AsyncIterator[Connection]:
    """A connection for `TIMEOUT_SECONDS`: whatever runs then is cancelled. Errors become refusals.

    Cancelling from here costs nothing; setting a timeout in the database costs a round trip for each answer.

    Raises:
        BadRequest: a value is out of the range of its type.
        Unavailable: see above.
    """
    try:
        async with async_pool().connection() as connection:
            await connection.set_autocommit(True)
            async with asyncio.timeout(TIMEOUT_SECONDS):
                yield connection
    except (TimeoutError, psycopg.errors.QueryCanceled):
        raise Unavailable(f"The answer takes longer than {TIMEOUT_SECONDS} seconds; ask for less.") from None
    except psycopg.DataError as error:
        raise BadRequest(f"a value is out of range: {error.diag.message_primary}") from None
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise Unavailable("The database cannot be reached.") from error


async def _answer(connection: Connection, plan: Plan) -> str | None:
    cursor = Cursor(connection)
    known: tuple[Any, ...] = (0, None, None, 0)
    if plan.anchor is not None:
        row = await _first(cursor, plan.anchor.statement, known)
        if row is None and plan.anchor.is_required:
            raise NotFound("Nothing found.")
        known = row or known
    count = None
    if plan.is_counted:
        counted = await _first(cursor, plan.count, known) if plan.count else known[3:]
        count = counted[0] if counted else 0
    if plan.rows is None:
        if not count:
            await _require_parent(cursor, plan, known)
        return str(count)
    await _execute(cursor, plan.rows, known)
    if plan.form is not Form.COLLECTION:
        found = await cursor.fetchone()
        if found is None:
            raise NotFound("Nothing found.")
        return found[0]  # type: ignore[no-any-return]
    rows = await cursor.fetchall()
    if not rows:
        await _require_parent(cursor, plan, known)
    return _page(plan, rows, count)


def _page(plan: Plan, rows: list[tuple[Any, ...]], count: int | None) -> str:
    """One page of a collection; the row beyond its size only tells that there are more."""
    shown = rows[: plan.size]
    parts = ["{"]
    if count is not None:
        parts.append(f'"@iot.count":{count},')
    if shown and len(rows) > plan.size:
        parts.append(f'"@iot.nextLink":{answers.json_text(plan.link(shown[-1][1:]))},')
    parts.append('"value":[')
    parts.append(",".join([row[0] for row in shown]))
    parts.append("]}")
    return "".join(parts)


async def _require_parent(cursor: Cursor, plan: Plan, known: tuple[Any, ...]) -> None:
    """An empty collection exists only below an entity that does."""
    if plan.parent is not None and await _first(cursor, plan.parent, known) is None:
        raise NotFound("Nothing found.")


async def _first(cursor: Cursor, statement: Statement, known: tuple[Any, ...]) -> tuple[Any, ...] | None:
    await _execute(cursor, statement, known)
    return await cursor.fetchone()


async def _execute(cursor: Cursor, statement: Statement, known: tuple[Any, ...]) -> None:
    values = statement.completed(known[0], known[1], known[2])
    await cursor.execute(statement.sql.encode(), values, binary=True)
