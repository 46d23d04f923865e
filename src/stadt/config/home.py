"""The home folder of an installation: may it be written, is there room, and who runs it right now."""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words
from stadt.core.locks import CITY_LOCK, is_held

# PostgreSQL's first start, one full set of WAL files, and some air.
LEAST_FREE_BYTES = 512 * 1024 * 1024
# A city that is there starts with less, so that people can go on reading; it writes nothing (`stadt.core.condition`).
# PostgreSQL needs a WAL file of 16 MB, its lock and its log.
LEAST_FREE_AGAIN = 32 * 1024 * 1024


# Stands in a home folder from the first byte of a restore until everything was compared.
UNFINISHED = "restore-unfinished"


def prepare(home: Path, least_free: int | None = None) -> None:
    """Make the folder where it is missing and check that it can be used.

    Raises:
        ConfigurationError: it cannot be written, a restore in it did not finish, or the disk is too full for a first
            start, or for another one.
    """
    check_finished(home)
    if least_free is None:
        least_free = LEAST_FREE_AGAIN if (home / "database").exists() else LEAST_FREE_BYTES
    try:
        make(home)
        probe = home / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(home, 0, least_free) from error
        raise ConfigurationError(
            in_words(
                f"Der Ordner {home} lässt sich nicht beschreiben ({error.strerror}); STADT_HOME legt ihn fest.",
                f"The folder {home} cannot be written ({error.strerror}); STADT_HOME sets it.",
            )
        ) from error
    free = shutil.disk_usage(home).free
    if free < least_free:
        raise _full(home, free, least_free)


def make(home: Path) -> None:
    """Make the folder where it is missing. Raises OSError."""
    if not home.is_dir():
        home.mkdir(parents=True)
        home.chmod(0o711)  # the database's account passes through; what is inside protects itself


def check_finished(home: Path) -> None:
    """Refuse a home whose restore was interrupted: half a city must not run.

    Raises:
        ConfigurationError: it is one.
    """
    if not (home / UNFINISHED).exists():
        return
    raise ConfigurationError(
        in_words(
            f"In {home} wurde eine Wiederherstellung nicht beendet: bitte `stadt restore` noch einmal ausführen.",
            f"A restore into {home} did not finish: please run `stadt restore` again.",
        )
    )


def _full(home: Path, free: int, least_free: int) -> ConfigurationError:
    mebibyte, needed = free // 2**20, least_free // 2**20
    return ConfigurationError(
        in_words(
            f"Auf dem Datenträger von {home} sind nur noch {mebibyte} MB frei; gebraucht werden mindestens {needed} MB.",
            f"The disk of {home} has only {mebibyte} MB left; at least {needed} MB are needed.",
        )
    )


@contextlib.contextmanager
def locked(home: Path, url: str) -> Iterator[None]:
    """Hold the installation: only one process at a time runs its database. The kernel lets go when we end.

    Raises:
        ConfigurationError: another process holds it; says which.
    """
    file = (home / CITY_LOCK).open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "?"
            raise ConfigurationError(
                in_words(
                    f"Diese Stadt läuft schon ({holder}); sie gehört zum Ordner {home}.",
                    f"This city runs already ({holder}); it belongs to the folder {home}.",
                )
            ) from None
        file.truncate(0)
        file.write(f"{in_words('Prozess', 'process')} {os.getpid()}, {url}")
        file.flush()
        yield


def is_locked(home: Path) -> bool:
    """True while a process holds the installation."""
    return is_held(home / CITY_LOCK)
