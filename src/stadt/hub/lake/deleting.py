"""Files of the lake are deleted only while no backup reads them: a lock in the database, known to every process."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection

from stadt.core.database import Role, conninfo
from stadt.core.environment import Environment

LOCK = 0x1A4E  # of PostgreSQL's advisory locks


@contextlib.contextmanager
def keeping_files(environment: Environment) -> Iterator[psycopg.Connection[Any]]:
    """Have no part of the lake deleted while the block runs; ends with this process, however that ends.

    Whoever deletes right now is waited for. Gives the session that holds the lock: as long as it answers, it holds.
    """
    with psycopg.connect(conninfo(environment, Role.OWNER), autocommit=True) as keeper:
        keeper.execute("SET statement_timeout = 0")
        keeper.execute("SET lock_timeout = 0")
        keeper.execute("SELECT pg_advisory_lock_shared(%s)", [LOCK])
        yield keeper


def may_delete() -> bool:
    """Whether parts may be deleted until the caller's transaction ends; what stays is swept another day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
