"""Reads of files: those of a subject, one by its address, and where its bytes lie."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext

from stadt.civic.files import storage
from stadt.civic.files.models import Kind, ScanState, Size, StoredCopy, StoredFile
from stadt.civic.files.scanning import is_set_up
from stadt.core.errors import NotFound
from stadt.core.manifest import KeptFile


def files_of(subject: str, public_only: bool = False) -> list[StoredFile]:
    """What belongs to a subject, oldest first; `public_only`: what everybody may see."""
    found = StoredFile.objects.filter(subject=subject).exclude(subject="").exclude(scan=ScanState.INFECTED)
    if public_only:
        found = found.filter(is_published=True)
    return list(found.order_by("pk"))


def files_of_many(subjects: list[str], public_only: bool = False) -> dict[str, list[StoredFile]]:
    """As `files_of` for many subjects in one query."""
    found = StoredFile.objects.filter(subject__in=[s for s in subjects if s]).exclude(scan=ScanState.INFECTED)
    if public_only:
        found = found.filter(is_published=True)
    result: dict[str, list[StoredFile]] = {subject: [] for subject in subjects}
    for item in found.order_by("pk"):
        result[item.subject].append(item)
    return result


def find_by_key(key: str) -> StoredFile | None:
    """The file with this address."""
    return StoredFile.objects.filter(key=key).first() if "\0" not in key else None


def path_of(item: StoredFile, size: Size | str | int = Size.FULL) -> Path:
    """Where the copy of this size lies; a PDF or document has one only.

    Raises:
        NotFound: it has no such copy, lost its bytes to the scanner, or waits for it.
    """
    wanted = str(size) if item.kind == Kind.PHOTO else Size.FULL
    # Of a photo nothing is left that came from outside; everything else waits for the scanner where there is one.
    is_waiting = item.kind != Kind.PHOTO and item.scan == ScanState.UNSCANNED and is_set_up()
    copy = None if is_waiting else StoredCopy.objects.filter(file=item, size=wanted).first()
    if copy is None:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    return storage.place_of(copy.path)


def list_kept(connection: psycopg.Connection[Any]) -> Iterator[KeptFile]:
    """Every copy that a moment of the database names, for a backup."""
    found = connection.execute("SELECT to_regclass('civic_files_storedcopy')").fetchone()
    if found is None or found[0] is None:  # a city that was not migrated yet
        return
    rows = connection.execute("SELECT path, bytes, sha256 FROM civic_files_storedcopy ORDER BY path")
    for path, size, sha256 in rows:
        yield KeptFile(path, size, sha256)
