"""The database roles of an installation and what each may do.

`postgres` only creates the others, over the socket and by the operating system's word for who we are. `stadt_owner`
migrates, `stadt_app` runs the city and changes rows but no tables, `stadt_read` reads what it was granted.
"""

import contextlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg import sql

from stadt.core.database.layout import SOCKET_PORT, Layout
from stadt.core.database.statistics import INSTALL, MAINTENANCE
from stadt.core.secrets import secret

DATABASE = "stadt"


class Role(StrEnum):
    """A login of the embedded cluster."""

    OWNER = "stadt_owner"
    APP = "stadt_app"
    READ = "stadt_read"


ROLE_SETTINGS = {
    Role.OWNER: {"lock_timeout": "30s"},
    Role.APP: {
        "idle_in_transaction_session_timeout": "60s",
        "lock_timeout": "20s",
        "statement_timeout": "5min",
    },
    Role.READ: {
        "default_transaction_read_only": "on",
        "idle_in_transaction_session_timeout": "10s",
        "statement_timeout": "5s",
    },
}

# Run in the city's database, and in template1 of a throwaway cluster so that every test database has it too.
# Functions: PostgreSQL lets everybody execute them, which would open SECURITY DEFINER functions to `stadt_read`.
PRIVILEGES = """
ALTER SCHEMA public OWNER TO stadt_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO stadt_app, stadt_read;
ALTER DEFAULT PRIVILEGES FOR ROLE stadt_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO stadt_app;
ALTER DEFAULT PRIVILEGES FOR ROLE stadt_owner IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO stadt_app;
ALTER DEFAULT PRIVILEGES FOR ROLE stadt_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE stadt_owner IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO stadt_app;
"""

# The same on a server that is not ours. Default rights, given before the tables are made, so that a migration can
# still take some of them back.
DEFAULT_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {}",
)


def let_app_in(owner: psycopg.Connection, app: str) -> None:
    """Let the role `app` change the rows of everything the connected owner will make."""
    for statement in DEFAULT_GRANTS:
        owner.execute(sql.SQL(statement).format(sql.Identifier(app)))


@contextlib.contextmanager
def superuser(place: Layout, database: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection that may create roles and databases; the socket knows us by our operating-system account."""
    with psycopg.connect(
        host=str(place.socket),
        port=SOCKET_PORT,
        user="postgres",
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    ) as connection:
        yield connection


def ensure(place: Layout, *, throwaway: bool = False) -> None:
    """Make the roles and the city's database where they are missing, and set the roles' passwords and limits."""
    with superuser(place) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in Role:
            _ensure_role(connection, role, place.home, exists=role in known)
        if throwaway:
            connection.execute("ALTER ROLE stadt_owner CREATEDB")
        is_new = not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    if throwaway:
        with superuser(place, "template1") as connection:
            connection.execute(PRIVILEGES)
    with superuser(place) as connection:
        if is_new:
            connection.execute("CREATE DATABASE stadt OWNER stadt_owner")
        connection.execute("REVOKE ALL ON DATABASE stadt FROM PUBLIC")
        connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE stadt TO stadt_app")
        connection.execute("GRANT CONNECT ON DATABASE stadt TO stadt_read")
    with superuser(place, DATABASE) as connection:
        connection.execute(PRIVILEGES)
    with superuser(place, MAINTENANCE) as connection:
        connection.execute(INSTALL)


def _ensure_role(connection: psycopg.Connection, role: Role, home: Path, *, exists: bool) -> None:
    name = sql.Identifier(role)
    if not exists:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    # Hashed here, so that the password itself never stands in a statement or a log.
    password = secret(home, password_name(role))
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(hashed)))
    for setting, value in ROLE_SETTINGS[role].items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        )


def password_name(role: Role) -> str:
    """Name of the secret that holds the role's password."""
    return f"database-{role.name.lower()}"
