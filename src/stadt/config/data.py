"""The database for one command: reachable by `DATABASE_URL`, already running, or started for as long as it takes."""

import contextlib
import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import cast

import psycopg
from django.apps import apps
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

import stadt
from stadt.config import home
from stadt.core.database import Role, conninfo
from stadt.core.database.cluster import Cluster, is_running
from stadt.core.database.layout import layout, require_current
from stadt.core.environment import Environment
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words

OLDEST_SERVER = 17
APPLIED = "migrations.applied"
DEMO_FILLED = "demo.filled"
PACKAGES_WITH_TABLES = ("django", "django-allauth", "procrastinate")


def check_server(environment: Environment) -> None:
    """Ask the server of `DATABASE_URL` for its version.

    Raises:
        ConfigurationError: it cannot be reached, or is too old.
    """
    try:
        with psycopg.connect(conninfo(environment), connect_timeout=5) as connection:
            number = connection.info.server_version // 10000
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0].strip()
        raise ConfigurationError(
            in_words(
                f"Die Datenbank aus DATABASE_URL ist nicht erreichbar: {reason}",
                f"The database of DATABASE_URL cannot be reached: {reason}",
            )
        ) from error
    if number < OLDEST_SERVER:
        raise ConfigurationError(
            in_words(
                f"DATABASE_URL zeigt auf PostgreSQL {number}; gebraucht wird {OLDEST_SERVER} oder neuer.",
                f"DATABASE_URL leads to PostgreSQL {number}; {OLDEST_SERVER} or newer is needed.",
            )
        )


@contextlib.contextmanager
def database(environment: Environment) -> Iterator[None]:
    """Have a database while the block runs.

    Raises:
        ConfigurationError: there is none, and why.
    """
    if environment.database_url:
        check_server(environment)
        yield
        return
    home.prepare(environment.home)
    if home.is_locked(environment.home):
        require_running(environment)
        yield
        return
    with home.locked(environment.home, environment.url):
        cluster = Cluster(layout(environment.home))
        try:
            cluster.start()
            yield
        finally:
            close_pools()
            cluster.stop()


@contextlib.contextmanager
def existing_database(environment: Environment) -> Iterator[None]:
    """As `database`, but never makes an empty one.

    Raises:
        ConfigurationError: there is none in the home folder.
    """
    if environment.database_url is None and not layout(environment.home).is_initialised:
        require_current(layout(environment.home))
        raise ConfigurationError(
            in_words(
                f"In {environment.home} ist keine Stadt; STADT_HOME nennt den Ordner.",
                f"There is no city in {environment.home}; STADT_HOME names the folder.",
            )
        )
    with database(environment):
        yield


def close_pools() -> None:
    """A pool that still connects would complain on the terminal about the server that goes away."""
    if apps.ready:
        for connection in connections.all(initialized_only=True):
            connection.close()
            cast(DatabaseWrapper, connection).close_pool()


def require_running(environment: Environment) -> None:
    """For processes that do not start the embedded database themselves.

    Raises:
        ConfigurationError: it does not run, or a restore did not finish.
    """
    home.check_finished(environment.home)
    if environment.database_url or is_running(environment.home):
        return
    raise ConfigurationError(
        in_words(
            "Die eingebettete Datenbank läuft nicht; `stadt up` startet sie, oder DATABASE_URL nennt eine andere.",
            "The embedded database does not run; `stadt up` starts it, or DATABASE_URL names another one.",
        )
    )


def fingerprint() -> str:
    """A digest over everything that decides the tables: our migrations and the versions of packages that bring some."""
    package = Path(stadt.__file__).parent
    digest = hashlib.sha256()
    for name in PACKAGES_WITH_TABLES:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in sorted(package.glob("**/migrations/*.py")):
        digest.update(f"{file.relative_to(package)}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def find_setting(environment: Environment, key: str) -> object | None:
    """A value of core's settings table without loading Django; None where there is no value or no table yet."""
    with psycopg.connect(conninfo(environment, Role.APP)) as connection:
        try:
            row = connection.execute("SELECT value FROM core_setting WHERE key = %s", [key]).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return row[0] if row else None


def has_administrator(environment: Environment) -> bool:
    """Whether somebody administers the city for good; as `stadt.core.people.first_start` asks, without loading Django."""
    with psycopg.connect(conninfo(environment, Role.APP)) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM core_membership m JOIN core_role r ON r.id = m.role_id "
            "JOIN core_organisation o ON o.id = m.organisation_id JOIN core_user u ON u.id = m.user_id "
            "WHERE r.key = 'administrator' AND o.key = 'stadt' AND u.is_active AND m.since <= now() AND m.until IS NULL)"
        ).fetchone()
    return bool(row and row[0])
