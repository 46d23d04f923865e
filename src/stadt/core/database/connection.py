"""How this installation's processes reach the database: by `DATABASE_URL`, else at the embedded cluster."""

import contextlib
import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from stadt.core.database.layout import SOCKET_PORT, layout
from stadt.core.database.roles import DATABASE, Role, password_name
from stadt.core.environment import Environment
from stadt.core.secrets import secret

# Which role a process takes; only `stadt migrate` and the tests, which create databases, take another than `app`.
ROLE_VARIABLE = "STADT_DATABASE_ROLE"
# Where the server is not ours, a second address for the role that owns the tables; without it one role does both.
OWNER_VARIABLE = "DATABASE_OWNER_URL"
# How long a page waits for a connection. A pool that gives up connecting soon tries anew for the next one who asks, so
# that the first request after an outage works; one that goes on trying pauses longer and longer.
POOL_PATIENCE = 5.0
RECONNECT_PATIENCE = 2.0
READ_ONLY = (
    "-c default_transaction_read_only=on -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"
)


def parameters(environment: Environment, role: Role = Role.APP) -> dict[str, Any]:
    """Connection parameters (psycopg's names) for a role.

    With `DATABASE_URL` the owner comes from `DATABASE_OWNER_URL` where that is set, and reading is the same login in
    read-only transactions with a statement timeout.
    """
    if environment.database_url is None:
        password = ""
        with contextlib.suppress(
            OSError
        ):  # a home that cannot be written has no cluster either; `up` says so
            password = secret(environment.home, password_name(role))
        return {
            "host": str(layout(environment.home).socket),
            "port": SOCKET_PORT,
            "user": str(role),
            "password": password,
            "dbname": DATABASE,
        }
    address = environment.database_url
    if role is Role.OWNER:
        address = os.environ.get(OWNER_VARIABLE) or address
    found: dict[str, Any] = {"connect_timeout": 5, **conninfo_to_dict(address)}
    if role is Role.READ:
        found["options"] = f"{found.get('options', '')} {READ_ONLY}".strip()
    return found


def conninfo(environment: Environment, role: Role = Role.APP) -> str:
    """The same as one libpq connection string."""
    return make_conninfo(**parameters(environment, role))


def django_settings(environment: Environment) -> dict[str, Any]:
    """Django's `DATABASES["default"]`: a pool for the running city, plain connections for migrations and tests."""
    role = Role[(os.environ.get(ROLE_VARIABLE) or "app").upper()]
    found = parameters(environment, role)
    options: dict[str, Any] = {
        key: value
        for key, value in found.items()
        if key not in {"host", "port", "user", "password", "dbname"}
    }
    if role is Role.APP:
        options["pool"] = {
            "min_size": 1,
            "max_size": 12,
            "timeout": POOL_PATIENCE,
            "reconnect_timeout": RECONNECT_PATIENCE,
            "max_idle": 300,
            "max_lifetime": 3600,
        }
    return {
        "ENGINE": f"{__package__}.engine" if role is Role.APP else "django.db.backends.postgresql",
        "HOST": str(found.get("host") or ""),
        "PORT": str(found.get("port") or ""),
        "USER": str(found.get("user") or ""),
        "PASSWORD": str(found.get("password") or ""),
        "NAME": str(found.get("dbname") or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }
