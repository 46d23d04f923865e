"""How many requests the web processes answered in each hour, and how many failed: counted in memory, added up in a table."""

import asyncio
import contextlib
import logging
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, models
from django.utils import timezone

logger = logging.getLogger("stadt.traffic")

SECONDS = 60.0
KEPT = timedelta(days=90)


class TrafficHour(models.Model):
    """Answered requests of one hour; `errors` are the answers from 500 on."""

    hour = models.DateTimeField(primary_key=True)
    requests = models.BigIntegerField(default=0)
    errors = models.BigIntegerField(default=0)

    class Meta:
        app_label = "core"


_lock = threading.Lock()
# Hours since 1970, and whether the answer was an error.
_counted: Counter[tuple[int, bool]] = Counter()
_task: asyncio.Task[None] | None = None


def count(status: int) -> None:
    """Count one answer of this process."""
    with _lock:
        _counted[int(time.time()) // 3600, status >= 500] += 1


def write() -> None:
    """Add what was counted since the last time to the table; kept for the next time while there is no database."""
    with _lock:
        counted = Counter(_counted)
        _counted.clear()
    if not counted:
        return
    try:
        with connection.cursor() as cursor:
            for hour in sorted({hour for hour, _ in counted}):
                errors = counted[hour, True]
                cursor.execute(
                    "INSERT INTO core_traffichour AS t (hour, requests, errors) VALUES (%s, %s, %s)"
                    " ON CONFLICT (hour) DO UPDATE"
                    " SET requests = t.requests + excluded.requests, errors = t.errors + excluded.errors",
                    (datetime.fromtimestamp(hour * 3600, UTC), errors + counted[hour, False], errors),
                )
    except (DatabaseError, InterfaceError):
        logger.warning("requests could not be added up; they are kept for the next minute")
        with _lock:
            _counted.update(counted)
    finally:
        connection.close()


def forget() -> None:
    """Every day: delete hours older than ninety days."""
    TrafficHour.objects.filter(hour__lt=timezone.now() - KEPT).delete()


async def start() -> None:
    """Begin to write every minute, in a web process."""
    global _task  # noqa: PLW0603 - one for each process
    _task = asyncio.create_task(_write_every_minute())


async def stop() -> None:
    """Write a last time."""
    if _task is not None:
        _task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _task
    await asyncio.to_thread(write)


async def _write_every_minute() -> None:
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(write)
