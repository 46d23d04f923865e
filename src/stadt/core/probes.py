"""What the city looks at to know its own state: file systems and the database, each in a thread of its own.

A full network drive or a database that hangs holds its own thread and nobody else: whoever wants to know gets the newest
answer there is, and how old it is.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import psycopg
from django.conf import settings
from django.db import connections

from stadt.core.database.layout import layout
from stadt.core.environment import Environment

T = TypeVar("T")
MEBIBYTE = 2**20
# Bodies that do not fit into memory wait here; a page takes at most 8 MB.
UPLOADS_STOP, UPLOADS_WARNING = 64 * MEBIBYTE, 256 * MEBIBYTE
CONNECT_SECONDS = 2  # libpq takes no shorter time
ASK = """
SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on',
       extract(epoch FROM now() - max(last_heartbeat))::float8
FROM procrastinate_workers
"""


@dataclass(frozen=True, slots=True)
class Disk:
    """One file system and what the city keeps there; sizes in bytes.

    Attributes:
        keeps: of `home`, `database`, `lake`, `uploads`.
        stop: with less free than this, nothing more is written there.
        warning: with less free than this, somebody should make room.
    """

    keeps: tuple[str, ...]
    folder: str
    free: int
    total: int
    stop: int
    warning: int

    @property
    def key(self) -> str:
        """`disk.` and the first of what it keeps."""
        return f"disk.{self.keeps[0]}"


@dataclass(frozen=True, slots=True)
class Database:
    """What the database said: `worker_age` are the seconds since a worker's last sign of life, None without any."""

    is_read_only: bool = False
    worker_age: float | None = None


@dataclass(frozen=True, slots=True)
class Sample(Generic[T]):
    """The newest answer of a probe: `value` or `error`; `age` in seconds, `waited` while a look is still under way."""

    value: T | None
    error: Exception | None
    age: float
    waited: float


class Probe(Generic[T]):
    """Asks one question in a thread of its own, when somebody wants to know or all the time."""

    def __init__(self, name: str, ask: Callable[[], T]) -> None:
        self._name = name
        self._ask = ask
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._value: T | None = None
        self._error: Exception | None = None
        self._answered = 0.0
        self._started = 0.0
        self._is_wanted = False
        self._every = 0.0
        self._then: Callable[[], None] | None = None

    def watch(self, every: float, then: Callable[[], None]) -> None:
        """Look every so many seconds from now on, and call `then` after each look."""
        with self._changed:
            self._every, self._then = every, then
            self._want()

    def rest(self) -> None:
        """Look only when asked, from now on."""
        with self._changed:
            self._every, self._then = 0.0, None
            self._changed.notify_all()

    def look(self, youngest: float, patience: float) -> Sample[T]:
        """The newest answer; one older than `youngest` seconds is renewed, for which `patience` seconds are waited."""
        now = time.monotonic()
        with self._changed:
            while not self._answered or self._answered < now - youngest:
                left = now + patience - time.monotonic()
                if left <= 0:
                    break
                self._want()
                self._changed.wait(left)
            return self._sample()

    def newest(self) -> Sample[T]:
        """The newest answer, without looking."""
        with self._changed:
            return self._sample()

    def _sample(self) -> Sample[T]:
        now = time.monotonic()
        return Sample(
            self._value,
            self._error,
            now - self._answered if self._answered else float("inf"),
            now - self._started if self._started else 0.0,
        )

    def _want(self) -> None:
        self._is_wanted = True
        if self._thread is None or not self._thread.is_alive():  # a forked process has no thread yet
            self._thread = threading.Thread(target=self._run, name=f"look-at-{self._name}", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._is_wanted:
                    self._changed.wait(self._every or None)
                if not self._is_wanted and not self._every:
                    continue
                self._is_wanted = False
                self._started = time.monotonic()
            value, error = self._try()
            with self._changed:
                self._value, self._error = value, error
                self._answered, self._started = time.monotonic(), 0.0
                then = self._then
                self._changed.notify_all()
            if then is not None:
                then()

    def _try(self) -> tuple[T | None, Exception | None]:
        try:
            return self._ask(), None
        except Exception as error:  # noqa: BLE001 - whatever a look meets is its answer
            return None, error


def disks() -> tuple[Disk, ...]:
    """Every file system the city writes to, once each, the home folder's first."""
    environment: Environment = settings.STADT
    places: dict[int, tuple[Path, list[str]]] = {}
    for name, folder in _places(environment):
        there = _existing(folder)
        with suppress(OSError):  # a folder that cannot be seen is missed by whoever writes to it
            places.setdefault(there.stat().st_dev, (there, []))[1].append(name)
    return tuple(_disk(folder, tuple(keeps), environment.least_free) for folder, keeps in places.values())


def _places(environment: Environment) -> list[tuple[str, Path]]:
    found = [("home", environment.home)]
    if environment.database_url is None:
        found.append(("database", layout(environment.home).base))
    if "://" not in environment.lake:
        found.append(("lake", Path(environment.lake)))
    return [*found, ("uploads", Path(tempfile.gettempdir()))]


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _disk(folder: Path, keeps: tuple[str, ...], least_free: int) -> Disk:
    found = os.statvfs(folder)
    free, total = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    stop, warning = least_free, 3 * least_free
    if keeps == ("uploads",):
        stop, warning = UPLOADS_STOP, UPLOADS_WARNING
    return Disk(keeps, str(folder), free, total, stop, warning)


# libpq's names for Django's, and those of the options a DATABASE_URL may carry beside them that lead to the server.
ADDRESS = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
LIBPQ = frozenset(
    {"options", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service", "hostaddr"}
)


class DatabaseQuestion:
    """Asks the database over a connection of its own; `is_kept` for the next look too."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        self.is_kept = False

    def __call__(self) -> Database:
        try:
            connection = self._connection or self._connect()
            row = connection.execute(ASK).fetchone()
        except psycopg.errors.UndefinedTable:  # before the first `stadt migrate`
            self.close()
            return Database()
        except Exception:
            self.close()
            raise
        if not self.is_kept:
            self.close()
        return Database(*row) if row else Database()

    def close(self) -> None:
        """Give the connection up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        known = connections["default"].settings_dict  # the very server that pages ask
        found = {name: known[key] for name, key in ADDRESS.items() if known[key]}
        options = {key: value for key, value in known["OPTIONS"].items() if key in LIBPQ}
        found |= options | {"connect_timeout": CONNECT_SECONDS, "application_name": "stadt-watch"}
        self._connection = psycopg.connect(**found, autocommit=True)
        return self._connection
