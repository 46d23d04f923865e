"""Counts downloads and API calls per dataset, format and day: no addresses, no robots, no write on the hot path."""

import asyncio
import contextlib
import logging
import re
import threading
from collections import Counter
from datetime import date

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

logger = logging.getLogger("stadt.datasets")

FLUSH_SECONDS = 10.0

# Programs that say of themselves that no person asked (after the COUNTER Code of Practice's list of robots).
ROBOT = re.compile(
    r"bot\b|bot[/;_ -]|crawl|spider|slurp|scrap|archiver|preview|facebookexternalhit|monitor|uptime|pingdom|"
    r"lighthouse|headless|validator|linkcheck",
    re.IGNORECASE,
)

Key = tuple[str, str, date]

_counts: Counter[Key] = Counter()
_guard = threading.Lock()
_flusher: "asyncio.Task[None] | None" = None


def is_robot(user_agent: str) -> bool:
    """Whether a program calls itself a robot."""
    return bool(ROBOT.search(user_agent))


def count_access(dataset: str, form: str, user_agent: str) -> None:
    """Remember one access (`form`: csv, geojson, parquet, api); written with the next flush, at most ten seconds later."""
    if is_robot(user_agent):
        return
    with _guard:
        _counts[dataset, form, timezone.localdate()] += 1


def flush() -> int:
    """Write what was counted since the last flush; returns how many accesses. Kept for the next flush on failure."""
    with _guard:
        taken = dict(_counts)
        _counts.clear()
    if not taken:
        return 0
    rows = sorted((dataset, form, day, count) for (dataset, form, day), count in taken.items())
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO datasets_accesscount (dataset, format, day, count) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (dataset, format, day) DO UPDATE SET count = datasets_accesscount.count + excluded.count",
                rows,
            )
    except (DatabaseError, InterfaceError):
        with _guard:
            _counts.update(taken)
        raise
    return sum(taken.values())


async def start() -> None:
    """Begin to flush every few seconds; with the web process."""
    global _flusher  # noqa: PLW0603 - one flusher in a process
    _flusher = asyncio.create_task(_flush_for_ever())


async def stop() -> None:
    """Flush a last time."""
    if _flusher is not None:
        _flusher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _flusher
    await asyncio.to_thread(_flush_quietly)


async def _flush_for_ever() -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        await asyncio.to_thread(_flush_quietly)


def _flush_quietly() -> None:
    try:
        flush()
    except (DatabaseError, InterfaceError):
        logger.warning("accesses could not be written and are kept for the next attempt")
    finally:
        connection.close()
