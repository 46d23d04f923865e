"""Which parts of the lake the database cites, and whether they lie there unchanged; works without Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from stadt.hub.lake.files import sha256_of

DELIVERED = (
    "SELECT original, sha256, size_bytes FROM datasets_delivery WHERE original <> '' UNION ALL "
    "SELECT prepared, part ->> 'sha256', (part ->> 'size_bytes')::bigint FROM datasets_delivery WHERE prepared <> '' "
    "ORDER BY 1"
)
CITED = "SELECT path, sha256, size_bytes FROM datasets_part ORDER BY path"


@dataclass(frozen=True, slots=True)
class CitedPart:
    """A part as the database knows it; `path` lies below the lake's `parts`."""

    path: str
    sha256: str
    size_bytes: int


def list_cited(session: psycopg.Connection[Any]) -> list[CitedPart]:
    """Every part that a snapshot in the database consists of, as this session sees it."""
    return [CitedPart(*row) for row in session.execute(CITED)]


def list_delivered(session: psycopg.Connection[Any]) -> list[CitedPart]:
    """Every file of deliveries that the database names, as this session sees it; `path` below the lake's `deliveries`.

    None in a database of an older edition, which is backed up before it is migrated.
    """
    if session.execute("SELECT to_regclass('datasets_delivery') IS NULL").fetchone() == (True,):
        return []
    return [CitedPart(*row) for row in session.execute(DELIVERED)]


def find_damage(part: CitedPart, parts: Path, *, thorough: bool) -> str | None:
    """`missing`, `size` or `content`, or None when the part is as it was written.

    Args:
        thorough: also read the file and compare its SHA-256.
    """
    file = parts / part.path
    try:
        if file.stat().st_size != part.size_bytes:
            return "size"
        if thorough and sha256_of(file) != part.sha256:
            return "content"
    except FileNotFoundError:
        return "missing"
    return None


def iterate_damaged(
    cited: list[CitedPart], parts: Path, *, thorough: bool
) -> Iterator[tuple[CitedPart, str | None]]:
    """Each part with what is wrong with it, in the order of their paths."""
    for part in cited:
        yield part, find_damage(part, parts, thorough=thorough)
