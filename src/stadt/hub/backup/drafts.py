"""A backup's file is whole or not there: written beside its place, brought to the disk, then named."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from stadt.core.errors import Conflict, StadtError
from stadt.core.language import in_words


@dataclass
class Draft:
    """The file while it is written; it knows its size and SHA-256."""

    file: IO[bytes]
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, data: bytes, /) -> int:
        """Append."""
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


@contextlib.contextmanager
def drafted(target: Path) -> Iterator[Draft]:
    """Give a draft to write; after the block it stands at `target`, or nothing does if the block failed.

    Raises:
        Conflict: `target` exists.
        StadtError: the disk is full, or the folder cannot be written.
    """
    if os.path.lexists(target):
        raise _exists(target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.draft")
    try:
        _sweep(target)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                with contextlib.suppress(
                    OSError
                ):  # a file system without locks: its drafts are swept by hand
                    fcntl.flock(file, fcntl.LOCK_EX)
                yield Draft(file)
                file.flush()
                os.fsync(file.fileno())
                _name(draft, target)
            _sync_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        raise _told(error, target) from error


def _name(draft: Path, target: Path) -> None:
    """A link never replaces a file that came meanwhile; file systems without links get a rename."""
    try:
        os.link(draft, target)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        if target.exists():
            raise FileExistsError(target) from error
        draft.rename(target)


def _sweep(target: Path) -> None:
    """Remove drafts beside the target whose writers were killed: their lock is free."""
    for left in target.parent.glob(".*.draft"):
        with contextlib.suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exists(target: Path) -> Conflict:
    return Conflict(
        in_words(
            f"{target} gibt es schon; nichts wurde überschrieben.",
            f"{target} exists already; nothing was overwritten.",
        )
    )


def _told(error: OSError, target: Path) -> StadtError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StadtError(
            in_words(
                f"Für die Sicherung {target} ist auf dem Datenträger nicht genug Platz; es bleibt nichts davon liegen.",
                f"There is not enough room on the disk for the backup {target}; nothing of it is left.",
            )
        )
    where = error.filename or target
    return StadtError(
        in_words(
            f"Die Sicherung {target} lässt sich nicht schreiben ({error.strerror}: {where}).",
            f"The backup {target} cannot be written ({error.strerror}: {where}).",
        )
    )
