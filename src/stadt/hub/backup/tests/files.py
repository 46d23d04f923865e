"""A small backup's file for tests, made without a city."""

from pathlib import Path
from typing import Any

import msgspec

from stadt.hub.backup.archive import HEAD, ArchiveWriter
from stadt.hub.backup.drafts import drafted
from stadt.hub.backup.protection import Protection, encrypting

FACTS: dict[str, Any] = {"form": 1, "made_at": "2026-11-25T12:00:00+00:00", "tables": {}, "gaps": []}
CONTENT = {"home/secrets/django": b"secret\n", "database/000000": bytes(range(256)) * 3, "lake/parts/a": b""}


class Silent:
    """A progress that nobody reads."""

    def step(self, text: str) -> None:
        """Nothing."""

    def tick(self, text: str) -> None:
        """Nothing."""


NOT_ENCRYPTED = Protection()


def write_backup(path: Path, protection: Protection = NOT_ENCRYPTED) -> bytes:
    """Write one to `path` and return its bytes."""
    with drafted(path) as draft, encrypting(draft, protection) as out:
        archive = ArchiveWriter(out)
        archive.add(HEAD, msgspec.json.encode(FACTS))
        for name, content in CONTENT.items():
            archive.add(name, content)
        archive.close(FACTS)
    return path.read_bytes()
