"""Asynchronous connections for the hot handlers, one pool for each event loop and role."""

import asyncio
import select
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections
from psycopg import AsyncConnection, OperationalError
from psycopg.pq import ConnStatus
from psycopg_pool import AsyncConnectionPool

from stadt.core.database.connection import POOL_PATIENCE, RECONNECT_PATIENCE, parameters
from stadt.core.database.outage import refuse_if_away
from stadt.core.database.roles import Role

# Beside Django's own pool (12) and the worker's connections this stays below the cluster's 60.
MOST_CONNECTIONS = {Role.APP: 10, Role.READ: 6, Role.OWNER: 1}


class Pool(AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]):
    """A pool that opens itself on first use, so that a handler works in a web process and in a test alike."""

    async def getconn(self, timeout: float | None = None) -> AsyncConnection[tuple[Any, ...]]:
        """Take a connection; see the base class for `timeout` and errors. None is waited for while there is no database."""
        refuse_if_away()
        if self.closed:
            await self.open()
        return await super().getconn(timeout)


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Role, Pool]] = WeakKeyDictionary()


def own_parameters(role: Role = Role.APP) -> dict[str, Any]:
    """As `parameters`, for the database this process works with: a test has one of its own, which only Django knows."""
    return parameters(settings.STADT, role) | {"dbname": connections["default"].settings_dict["NAME"]}


def async_pool(role: Role = Role.APP) -> Pool:
    """The pool of the running event loop: `async with async_pool().connection() as connection`.

    The block is one transaction, committed at its end. A pure reader may spare it with
    `await connection.set_autocommit(True)`, which costs no round trip and is undone when the connection goes back.
    With `Role.READ` every transaction is read-only, ends after five seconds and sees granted tables only.

    Raises:
        psycopg_pool.PoolTimeout: no connection within five seconds; the database is down or overloaded.
        DatabaseAway: the database is known not to answer.
    """
    pools = _pools.setdefault(asyncio.get_running_loop(), {})
    if role not in pools:
        pools[role] = Pool(
            kwargs=own_parameters(role),
            min_size=1,
            max_size=MOST_CONNECTIONS[role],
            timeout=POOL_PATIENCE,
            reconnect_timeout=RECONNECT_PATIENCE,
            max_idle=300.0,
            open=False,
            check=_check,
            reset=_reset,
            name=f"stadt-{role.name.lower()}",
        )
    return pools[role]


async def open_async_pool() -> None:
    """Open the pool before the first request; a database that is still starting is not waited for."""
    await async_pool().open()


async def close_async_pool() -> None:
    """Close every pool of the running event loop."""
    for pool in _pools.pop(asyncio.get_running_loop(), {}).values():
        await pool.close()


async def _reset(connection: AsyncConnection[tuple[Any, ...]]) -> None:
    await connection.set_autocommit(False)


async def _check(connection: AsyncConnection[tuple[Any, ...]]) -> None:
    """Notice without a round trip that the server closed the connection: then its socket has something to read."""
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    if watch.poll(0):
        connection.pgconn.consume_input()
    if connection.pgconn.status != ConnStatus.OK:
        raise OperationalError("the server closed the connection")
