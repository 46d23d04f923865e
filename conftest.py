"""A throwaway city for each worker of a test run: a home folder and a database cluster of its own.

The variables are set while this file is imported, before anything reads the settings; pytest-django then makes the
database. Workers share no cluster: transaction numbers are the cluster's, so that whoever follows the changes up to the
oldest open transaction would wait for the longest test of another worker.
"""

import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django
import django.conf
import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from stadt.core import log
from stadt.core.database.cluster import throwaway

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
INHERITED = (
    "STADT_PORT",
    "STADT_URL",
    "STADT_CITY",
    "STADT_LAKE",
    "STADT_MQTT_URL",
    "STADT_MQTT_PORT",
    "STADT_MAIL_URL",
    "DATABASE_URL",
)

if WORKER:
    home = Path(os.environ["STADT_HOME"]) / WORKER
    home.mkdir()
else:
    for name in INHERITED:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="stadt-test-", dir="/tmp"))
home.chmod(0o711)
os.environ["STADT_HOME"] = str(home)
if not WORKER:
    os.environ["STADT_DEMO"] = "0"
    os.environ["STADT_DATABASE_ROLE"] = "owner"
    if "STADT_TEST_CITY" in os.environ:  # the suite as another city would run it, see tests/city
        os.environ["STADT_CITY"] = os.environ["STADT_TEST_CITY"]
os.environ["DJANGO_SETTINGS_MODULE"] = "stadt.config.settings"

# A busy machine is slow, not wrong.
settings.register_profile("stadt", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stadt")

running = contextlib.ExitStack()
LONGEST_ID = 80
REMADE = {"django_content_type", "auth_permission"}
MANY_ROWS = 5000
# What starts cities or walks the whole product; it goes first, so that at the end no worker waits for a long test.
LONGEST_FIRST = (
    "browser",
    "security/test_every_role",
    "kill",
    "system",
    "city",
    "upgrade",
    "architecture",
    "",
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Set Django up before test modules are imported; pytest-django looked before this file named the settings."""
    django.setup()
    # The city's own way to keep a password takes its time by design, some hundred times in a test run.
    city = django.conf.settings
    city.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *city.PASSWORD_HASHERS]
    empty_quickly()


def empty_quickly() -> None:
    """After a test that commits, delete the rows it left: truncating all tables makes new files for some thousand.

    Triggers that keep rows for good stand aside meanwhile, as they do when tables are truncated. Django makes its own
    types and permissions again after each flush, so they stay. Where a test left many rows, everything is truncated.
    """
    operations: Any = type(connection.ops)
    truncate = operations.sql_flush

    def delete(self: Any, style: Any, tables: Sequence[str], **more: Any) -> list[str]:
        """As Django's; the statements run in one transaction."""
        names = {table: self.quote_name(table) for table in sorted(set(tables) - REMADE)}
        counts = " UNION ALL ".join(
            f"SELECT '{table}', (SELECT count(*) FROM (SELECT FROM {name} LIMIT {MANY_ROWS}) AS few)"
            for table, name in names.items()
        )
        with connection.cursor() as cursor:
            cursor.execute(counts)
            left = {names[table]: count for table, count in cursor.fetchall() if count}
        if MANY_ROWS in left.values():
            found: list[str] = truncate(self, style, tables, **more)
            return found
        return [
            *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in left),
            *(f"DELETE FROM {name}" for name in left),
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in left),
        ]

    operations.sql_flush = delete


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker names the settings itself, when its home is known; pytest-django would read them before."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the cluster where tests run: in each parallel worker, or here when there is none."""
    options = session.config.option
    if not options.collectonly and (WORKER or options.dist == "no"):
        running.enter_context(throwaway(home))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the cluster; the home folders go when every worker is done."""
    running.close()
    if not WORKER:
        shutil.rmtree(home, ignore_errors=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Whole files and long texts are named by their argument: a file with the time of day in it has another name on
    each worker, and workers whose tests have different names do not begin."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_ID) else None


# Before xdist's own hook, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is made once for a module is made once: its tests run on one worker."""
    for item in items:
        made = getattr(item, "_fixtureinfo", None)
        scopes = {found.scope for name in made.name2fixturedefs.values() for found in name} if made else set()
        if "module" in scopes and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


# After pytest-django has put tests without a database last, and before xdist tells the order.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Parallel runs begin with what takes long."""
    if WORKER:
        session.items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    """Place in the order of a parallel run; what stands beside the code comes last."""
    if not item.nodeid.startswith("tests/"):
        return len(LONGEST_FIRST)
    return next(
        rank for rank, folder in enumerate(LONGEST_FIRST) if item.nodeid.startswith(f"tests/{folder}")
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was loaded until now stays: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def city_language() -> None:
    """Each test begins in the city's language and outside of any request, whatever an earlier test left behind."""
    translation.deactivate()
    log._current.set(None)
