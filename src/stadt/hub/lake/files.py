"""Files that are whole or not there: written aside, flushed to disk, then renamed."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import time

BLOCK_BYTES = 1024 * 1024


@contextmanager
def whole_file(target: Path, work: Path) -> Iterator[Path]:
    """Give a path inside `work` to write to; after the block it stands at `target`, or nowhere if the block failed.

    `work` and `target` are on the same file system, so that the rename is one step for every reader.
    """
    work.mkdir(parents=True, exist_ok=True)
    aside = work / f"{secrets.token_hex(8)}.part"
    try:
        yield aside
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(target)
        _sync_folder(target.parent)
    finally:
        aside.unlink(missing_ok=True)


def give_name(source: Path, target: Path) -> None:
    """Let a finished file stand at `target` too, at once and without copying where the file system can do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        with whole_file(target, target.parent) as writing:
            shutil.copyfile(source, writing)
    _sync_folder(target.parent)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def list_older(folder: Path, age: timedelta) -> Iterator[Path]:
    """The files below a folder that nobody wrote to for that long."""
    limit = time() - age.total_seconds()
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            if path.is_file() and path.stat().st_mtime <= limit:
                yield path
        except FileNotFoundError:
            continue


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
