"""What each database role may do, and what it may not."""

import os
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from stadt.core.database import Role, conninfo
from stadt.core.environment import load


def connect(role: Role) -> psycopg.Connection:
    return psycopg.connect(conninfo(load({"STADT_HOME": os.environ["STADT_HOME"]}), role), autocommit=True)


def run(role: Role, statement: str, table: sql.Identifier) -> list[tuple[object, ...]]:
    with connect(role) as connection:
        cursor = connection.execute(sql.SQL(statement).format(table))
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def table() -> Iterator[sql.Identifier]:
    """A table that the owner made, as a migration does."""
    name = sql.Identifier(f"t_{uuid.uuid4().hex}")
    run(Role.OWNER, "CREATE TABLE {} (id bigint GENERATED ALWAYS AS IDENTITY, note text)", name)
    yield name
    run(Role.OWNER, "DROP TABLE {}", name)


def test_the_app_changes_rows(table: sql.Identifier) -> None:
    run(Role.APP, "INSERT INTO {} (note) VALUES ('a'), ('b')", table)
    run(Role.APP, "UPDATE {} SET note = 'c' WHERE note = 'a'", table)
    run(Role.APP, "DELETE FROM {} WHERE note = 'b'", table)
    assert run(Role.APP, "SELECT note FROM {}", table) == [("c",)]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {} ADD COLUMN more text",
        "DROP TABLE {}",
        "TRUNCATE {}",
        "CREATE INDEX ON {} (note)",
        "ALTER TABLE {} OWNER TO stadt_app",
    ],
)
def test_the_app_changes_no_table(table: sql.Identifier, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(Role.APP, statement, table)


def test_the_app_makes_no_table() -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(Role.APP, "CREATE TABLE {} (id int)", sql.Identifier("made_by_app"))


def test_the_reader_sees_nothing_unless_it_was_granted(table: sql.Identifier) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(Role.READ, "SELECT * FROM {}", table)
    run(Role.OWNER, "GRANT SELECT (id) ON {} TO stadt_read", table)
    assert run(Role.READ, "SELECT id FROM {}", table) == []
    with pytest.raises(errors.InsufficientPrivilege):
        run(Role.READ, "SELECT note FROM {}", table)


def test_the_reader_writes_nothing_even_where_it_was_granted(table: sql.Identifier) -> None:
    run(Role.OWNER, "GRANT ALL ON {} TO stadt_read", table)
    with pytest.raises(errors.ReadOnlySqlTransaction):
        run(Role.READ, "DELETE FROM {}", table)


def test_the_reader_is_stopped_by_the_clock() -> None:
    with connect(Role.READ) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("5s",)
        connection.execute("SET statement_timeout = '10ms'")
        with pytest.raises(errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(5)")


def test_functions_of_the_owner_are_for_the_app_and_not_for_the_reader(table: sql.Identifier) -> None:
    run(Role.OWNER, "CREATE FUNCTION {}() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1", table)
    try:
        assert run(Role.APP, "SELECT {}()", table) == [(1,)]
        with pytest.raises(errors.InsufficientPrivilege):
            run(Role.READ, "SELECT {}()", table)
    finally:
        run(Role.OWNER, "DROP FUNCTION {}()", table)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_of_the_city_is_a_superuser(role: Role) -> None:
    with connect(role) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False)
