"""What is in the tables at one moment: how many rows, and a hash over them that does not depend on their order."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

# The text of a row is the same on every server only under the same settings.
AS_TEXT = (
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname COLLATE "C"
"""
# SHA-256 and not PostgreSQL's faster hashes, which may differ between major versions. The alias is no column's name.
STATE = """
SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to("every row"::text, 'UTF8')), 'hex'), 16))
    ::bit(64)::bigint), 0)::text
FROM {} AS "every row"
"""
SEQUENCES = """
SELECT s.relname, t.relname, a.attname FROM pg_depend d
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass AND s.relnamespace = 'public'::regnamespace
ORDER BY s.relname
"""

# Name of a table → [number of rows, sum over the first 64 bits of each row's SHA-256 as decimal text].
States = dict[str, list[Any]]


@contextlib.contextmanager
def one_moment(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Keep one moment of the database in view while the block runs; gives the name by which others share it."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction():
        for statement in AS_TEXT:
            connection.execute(statement)
        for (name,) in connection.execute("SELECT pg_export_snapshot()").fetchall():
            yield name


def list_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """The city's tables, partitioned ones as one, by name."""
    return [name for (name,) in connection.execute(TABLES)]


def read_states(connection: psycopg.Connection[Any], told: Callable[[str], None]) -> States:
    """Every table's rows and hash, read inside `one_moment`; half a million rows take about a second."""
    states: States = {}
    for name in list_tables(connection):
        told(name)
        for rows, digest in connection.execute(sql.SQL(STATE).format(sql.Identifier(name))).fetchall():
            states[name] = [rows, digest]
    return states


def find_differences(wanted: Mapping[str, list[Any]], found: Mapping[str, list[Any]]) -> list[str]:
    """Names of the tables that are missing, too many, or differ."""
    return sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))


def find_low_sequences(connection: psycopg.Connection[Any]) -> list[str]:
    """Sequences that would give a number that is in use already."""
    low = []
    for sequence, table, column in connection.execute(SEQUENCES).fetchall():
        words = sql.SQL("SELECT coalesce(max({}), 0) > (SELECT last_value FROM {}) FROM {}")
        row = connection.execute(
            words.format(sql.Identifier(column), sql.Identifier(sequence), sql.Identifier(table))
        ).fetchone()
        if row and row[0]:
            low.append(sequence)
    return low
