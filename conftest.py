"""One throwaway city for each test run: a home folder and a database cluster, shared by the parallel workers.

The variables are set while this file is imported, before anything reads the settings; pytest-django then makes one
database for each worker.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from stadt.core.database.cluster import throwaway

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
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

if not IS_WORKER:
    for name in INHERITED:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="stadt-test-", dir="/tmp"))
    home.chmod(0o711)
    os.environ["STADT_HOME"] = str(home)
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


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Set Django up before test modules are imported; pytest-django looked before this file named the settings."""
    django.setup()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the cluster once, before parallel workers are started."""
    if not IS_WORKER and not session.config.option.collectonly:
        running.enter_context(throwaway(Path(os.environ["STADT_HOME"])))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the cluster and remove the home folder when every worker is done."""
    if not IS_WORKER:
        running.close()
        shutil.rmtree(os.environ["STADT_HOME"], ignore_errors=True)


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


@pytest.fixture(autouse=True)
def city_language() -> None:
    """Each test begins in the city's language, whatever the page of an earlier test spoke."""
    translation.deactivate()
