"""Reads of public projections by synchronous pages: as the role that sees granted tables only, ended after five seconds."""

import select
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Connection, OperationalError
from psycopg.pq import ConnStatus
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from stadt.core.database.connection import POOL_PATIENCE, RECONNECT_PATIENCE
from stadt.core.database.outage import refuse_if_away
from stadt.core.database.pool import own_parameters
from stadt.core.database.roles import Role

Row = dict[str, Any]
MOST_CONNECTIONS = 4
SECONDS = "5s"


class _Kept:
    guard = threading.Lock()
    pools: dict[str, ConnectionPool[Connection[Row]]] = {}


def read_public(statement: str, parameters: Mapping[str, Any] | Sequence[Any] = ()) -> list[Row]:
    """The rows of one SELECT over public projections, each as column → value.

    It runs as `stadt_read`, in a read-only transaction of its own that ends after five seconds. Inside a transaction it
    joins that one, still read-only and bounded, so that what was just written is seen.

    Raises:
        django.db.Error: as Django's own reads; also for a table or column that nobody opened to the public.
    """
    if connection.in_atomic_block:
        return _joined(statement, parameters)
    refuse_if_away()
    with connection.wrap_database_errors, _pool().connection() as reader:
        return reader.execute(statement, parameters).fetchall()


def close_readers() -> None:
    """Close the pools, so that the database they lead to can go away."""
    with _Kept.guard:
        for pool in _Kept.pools.values():
            pool.close()
        _Kept.pools.clear()


def _pool() -> ConnectionPool[Connection[Row]]:
    found = own_parameters(Role.READ)
    name = str(found["dbname"])
    with _Kept.guard:
        if name not in _Kept.pools:
            _Kept.pools[name] = ConnectionPool(
                kwargs={**found, "row_factory": dict_row, "autocommit": True},
                min_size=0,
                max_size=MOST_CONNECTIONS,
                timeout=POOL_PATIENCE,
                reconnect_timeout=RECONNECT_PATIENCE,
                max_idle=60.0,
                open=True,
                check=_check,
                name="stadt-pages-read",
            )
        return _Kept.pools[name]


def _check(reader: Connection[Row]) -> None:
    """Notice without a round trip that the server closed the connection: then its socket has something to read."""
    watch = select.poll()
    watch.register(reader.fileno(), select.POLLIN)
    if watch.poll(0):
        reader.pgconn.consume_input()
    if reader.pgconn.status != ConnStatus.OK:
        raise OperationalError("the server closed the connection")


def _joined(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT public_reading")
        try:
            cursor.execute("SET LOCAL transaction_read_only = on")
            cursor.execute("SET LOCAL statement_timeout = %s", [SECONDS])
            cursor.execute(statement, parameters)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT public_reading")  # also undoes the two settings
            cursor.execute("RELEASE SAVEPOINT public_reading")
