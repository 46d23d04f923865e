"""Secrets of an installation: generated once, kept as files only their owner can read."""

import contextlib
import os
import secrets
from pathlib import Path


def secret(home: Path, name: str) -> str:
    """Return the secret `name` of the installation; the first call generates 256 random bits.

    Two processes that ask at the same time get the same secret: the file is written beside its place and linked
    into it, which succeeds only once.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = home / "secrets"
    path = folder / name
    with contextlib.suppress(FileNotFoundError):
        return path.read_text("ascii").strip()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return path.read_text("ascii").strip()
