"""Which statements cost the database most, from pg_stat_statements: of this city's database, with constants left out.

The extension lives in the embedded cluster's database `postgres`, so that the city's own one can be dumped and restored
by a role that is no superuser; the function there shows statements and figures, and nothing of other databases to roles
that may not enter them.
"""

import logging
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from stadt.core.database.connection import parameters
from stadt.core.database.roles import Role
from stadt.core.database.statistics import LIBRARY, MAINTENANCE

logger = logging.getLogger("stadt.database")

LONGEST_TEXT = 1000

OWN = "SELECT text, calls, total_ms, mean_ms, rows FROM public.stadt_statements(%s)"
FOREIGN = (
    "SELECT s.query, sum(s.calls)::bigint, sum(s.total_exec_time), sum(s.total_exec_time) / sum(s.calls),"
    " sum(s.rows)::bigint FROM {schema}.pg_stat_statements s JOIN pg_catalog.pg_database d ON d.oid = s.dbid"
    " WHERE d.datname = %s AND s.calls > 0 GROUP BY s.query"
)
COSTLIEST = (
    "WITH s (text, calls, total_ms, mean_ms, rows) AS ({statements})"
    " SELECT text, calls, mean_ms, total_ms / nullif(sum(total_ms) OVER (), 0), rows FROM s"
    " ORDER BY total_ms DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its figures since counting began: `share` is its part of all time spent, from 0 to 1."""

    text: str
    calls: int
    mean_ms: float
    share: float
    rows: int


def costliest_statements(limit: int) -> list[Statement] | None:
    """The statements of this city that cost most time together; None where the server does not count them for us."""
    name = str(connection.settings_dict["NAME"])
    try:
        rows = _foreign(name, limit) if settings.STADT.database_url else _own(name, limit)
    except psycopg.Error as error:
        logger.info("statements cannot be read: %s", type(error).__name__)
        return None
    return [
        Statement(" ".join(str(text).split())[:LONGEST_TEXT], calls, mean, float(share or 0), count)
        for text, calls, mean, share, count in rows
    ]


def _own(name: str, limit: int) -> list[tuple[Any, ...]]:
    with closing(_connect({"dbname": MAINTENANCE})) as server:
        return server.execute(sql.SQL(COSTLIEST).format(statements=sql.SQL(OWN)), (name, limit)).fetchall()


def _foreign(name: str, limit: int) -> list[tuple[Any, ...]]:
    with closing(_connect({})) as server:
        found = server.execute(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = %s",
            (LIBRARY,),
        ).fetchone()
        if found is None:
            raise psycopg.errors.UndefinedTable
        statements = sql.SQL(FOREIGN).format(schema=sql.Identifier(found[0]))
        return server.execute(sql.SQL(COSTLIEST).format(statements=statements), (name, limit)).fetchall()


def _connect(more: dict[str, Any]) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        **(parameters(settings.STADT, Role.APP) | more), autocommit=True, connect_timeout=5
    )
