"""Opens a backup, checks every byte of it, and says what is inside."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stadt.core.errors import NotFound, StadtError
from stadt.core.language import in_words
from stadt.hub.backup.archive import HEAD, ArchiveReader, Damaged
from stadt.hub.backup.keeping import sum_beside
from stadt.hub.backup.making import FORM, Progress, megabytes
from stadt.hub.backup.protection import Keys, decrypting, kind_of


@contextmanager
def opened(path: Path, keys: Keys) -> Iterator[ArchiveReader]:
    """Give the archive of a backup; what is read from it is proved only at its end.

    Raises:
        NotFound: there is no such file.
        StadtError: it cannot be read, is no backup, or no key fits.
    """
    try:
        with decrypting(path, keys) as source:
            yield ArchiveReader(source)
    except FileNotFoundError as error:
        if error.filename != str(path):
            raise
        raise NotFound(in_words(f"Die Datei {path} gibt es nicht.", f"There is no file {path}.")) from error
    except (IsADirectoryError, PermissionError) as error:
        raise StadtError(
            in_words(
                f"{path} lässt sich nicht lesen: {error.strerror}.",
                f"{path} cannot be read: {error.strerror}.",
            )
        ) from error


def verify(path: Path, keys: Keys, progress: Progress) -> dict[str, Any]:
    """Read every byte and hold it against all checksums; returns the manifest.

    Raises:
        Damaged: names what was changed.
        StadtError: no key fits, or the file is no backup.
    """
    done = 0
    with opened(path, keys) as archive:
        for member in archive:
            if not archive.members and member.name != HEAD:
                raise no_backup(path)
            done += member.size
            progress.tick(f"{megabytes(done)}  {member.name}")
    facts = archive.manifest
    if facts.get("form") != FORM:
        raise no_backup(path)
    return facts


def no_backup(path: Path) -> StadtError:
    """The file is something else."""
    return Damaged(
        in_words(f"{path} ist keine Sicherung dieser Plattform.", f"{path} is no backup of this platform.")
    )


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file as it is on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_sum(path: Path) -> bool:
    """Hold an encrypted file against the sum beside it, without its key; False when there is none.

    Raises:
        Damaged: it was changed.
    """
    beside = sum_beside(path)
    if kind_of(path) == "plain" or not beside.is_file():
        return False
    if beside.read_text("ascii", "replace").split()[:1] != [sha256_of_file(path)]:
        raise Damaged(
            in_words(
                f"{path.name} wurde verändert: Die Prüfsumme in {beside.name} passt nicht.",
                f"{path.name} was changed: the checksum in {beside.name} does not fit.",
            )
        )
    return True
