"""The bytes on the disk: below `STADT_HOME/files`, whole or not there, readable by the city's account only.

Each copy has a place of its own, named by its hash and eight random signs, so that deleting one never touches another.
A file is on the disk before its row commits; what no row names was left by an interruption and is swept.
"""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from stadt.core.errors import ReadOnly
from stadt.hub.lake.deleting import may_delete
from stadt.hub.lake.files import list_older

FOLDER = "files"
WORK = "work"
# A transaction that stores a file is over long before.
LEFT_OVER = timedelta(hours=1)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
ATTEMPTS, PAUSE_SECONDS = 5, 0.05


def folder() -> Path:
    """Where all files lie."""
    return Path(settings.STADT.home) / FOLDER


def place_of(path: str) -> Path:
    """A copy's place on the disk."""
    return folder() / path


def put(content: bytes, sha256: str) -> str:
    """Bring the bytes to the disk and give their path below the folder.

    Raises:
        ReadOnly: the disk is full; nothing is left of it.
    """
    path = f"{sha256[:2]}/{sha256}-{secrets.token_hex(4)}"
    target, work = place_of(path), folder() / WORK
    aside = work / secrets.token_hex(8)
    try:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        _sync(target.parent)
    except OSError as error:
        if error.errno in FULL:
            raise ReadOnly(
                gettext("Für Dateien ist gerade kein Platz. Bitte versuchen Sie es später.")
            ) from None
        raise
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
    return path


def remove_after_commit(paths: Iterable[str]) -> None:
    """Overwrite and delete the bytes once the transaction that forgot them has committed.

    While a backup reads, they stay, named by no row, until the sweep.
    """
    gone = list(paths)
    if gone:
        transaction.on_commit(lambda: _remove(gone))


def _remove(paths: list[str]) -> None:
    for attempt in range(ATTEMPTS):
        with transaction.atomic():
            if may_delete():
                for path in paths:
                    wipe(place_of(path))
                return
        if attempt + 1 < ATTEMPTS:
            time.sleep(PAUSE_SECONDS)


def wipe(place: Path) -> None:
    """Overwrite a file with zeros and delete it; a file that is gone already is well."""
    with contextlib.suppress(FileNotFoundError):
        with place.open("r+b") as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, 1024 * 1024)))
            file.flush()
            os.fsync(file.fileno())
        place.unlink()


def list_left_over() -> Iterator[str]:
    """Paths of everything that nobody wrote to for an hour; which of them no row names, the caller knows."""
    base = folder()
    for place in list_older(base, LEFT_OVER):
        yield place.relative_to(base).as_posix()


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
