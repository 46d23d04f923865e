"""The home folder while a backup is brought back into it: empty before, marked until everything was compared."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from stadt.config import data, home
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.database.postmaster import stop_left_over
from stadt.core.environment import Environment
from stadt.core.errors import Conflict
from stadt.core.language import in_words
from stadt.core.locks import CITY_LOCK
from stadt.hub.lake.layout import Layout, folder_of

KEPT = frozenset({CITY_LOCK, home.UNFINISHED})


@contextlib.contextmanager
def empty_home(environment: Environment) -> Iterator[bool]:
    """Hold an empty home; one that an interrupted restore left is emptied. Gives whether the database was begun too.

    Raises:
        Conflict: it is not empty.
        ConfigurationError: it cannot be written, or the city runs.
    """
    with contextlib.suppress(OSError):  # `prepare` below says why
        home.make(environment.home)
    marker = environment.home / home.UNFINISHED
    if not marker.exists():
        home.prepare(environment.home)
    with home.locked(environment.home, environment.url):
        found = sorted(path.name for path in environment.home.iterdir() if path.name not in KEPT)
        if found and not marker.exists():
            raise Conflict(
                in_words(
                    f"{environment.home} ist nicht leer ({found[0]}); zurückgespielt wird nur in einen leeren Ordner.",
                    f"{environment.home} is not empty ({found[0]}); a backup is restored into an empty folder only.",
                )
            )
        begun = _clear(environment, marker) if marker.exists() else False
        yield begun


@contextlib.contextmanager
def unfinished(environment: Environment) -> Iterator[None]:
    """Mark the home; the mark goes away when the block succeeds."""
    marker = environment.home / home.UNFINISHED
    with marker.open("w", encoding="utf-8") as file:
        json.dump({"database": _address(environment), "lake": str(folder_of(environment.lake))}, file)
        file.flush()
        os.fsync(file.fileno())
    yield
    marker.unlink()


@contextlib.contextmanager
def own_database(environment: Environment) -> Iterator[None]:
    """The database that is restored into: the embedded one for as long as the block runs, or that of `DATABASE_URL`."""
    if environment.database_url:
        data.check_server(environment)
        yield
        return
    cluster = Cluster(layout(environment.home))
    try:
        cluster.start()
        yield
    finally:
        data.close_pools()
        cluster.stop()


def _clear(environment: Environment, marker: Path) -> bool:
    """Remove what an interrupted restore wrote, and nothing else."""
    try:
        wrote = json.loads(marker.read_text("utf-8"))
    except ValueError:  # killed while the mark itself was written: nothing else was
        wrote = {}
    place = layout(environment.home)
    if place.is_initialised:
        stop_left_over(place.data)
    if place.link.is_symlink():
        shutil.rmtree(place.base, ignore_errors=True)
        place.link.unlink()
    for path in environment.home.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if wrote.get("lake") == str(folder_of(environment.lake)):
        lake = Layout(folder_of(environment.lake))
        shutil.rmtree(lake.parts, ignore_errors=True)
        shutil.rmtree(lake.work, ignore_errors=True)
    return bool(wrote.get("database")) and wrote["database"] == _address(environment)


def _address(environment: Environment) -> str:
    """Host, port and name of a database that is not ours, without its password; empty for the embedded one."""
    if environment.database_url is None:
        return ""
    found = conninfo_to_dict(environment.database_url)
    return " ".join(str(found.get(key) or "") for key in ("host", "port", "dbname"))
