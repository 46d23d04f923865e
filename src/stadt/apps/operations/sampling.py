"""Writes down every five minutes how things stand, so that pages need not find it out."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from stadt.apps.operations.models import CheckChange, Fact, Sample
from stadt.core import queue
from stadt.core.database.statements import Statement, costliest_statements
from stadt.core.registry import registry
from stadt.hub.ingest.queries import refused_by_source
from stadt.hub.observations.queries import count_all

EVERY = timedelta(minutes=5)
KEPT = timedelta(days=90)
MOST_TABLES = 12
MOST_STATEMENTS = 10

# Partitions count for their table.
TABLES = """
SELECT coalesce(parent.relname, c.relname), sum(pg_total_relation_size(c.oid))::bigint,
       sum(greatest(c.reltuples, 0))::bigint
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'public'::regnamespace
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
"""


def sample() -> None:
    """Every five minutes: how large database and disk are, how many readings and jobs there are, what costs most."""
    take_sample(timezone.now())


def take_sample(now: datetime) -> Sample:
    """The sample of the five minutes that `now` is in; taken again it is replaced, not doubled."""
    queue.discard_overtaken([job.name for job in registry.jobs.values() if job.every])
    states = queue.count_by_state()
    disk = shutil.disk_usage(settings.STADT.home)
    values: dict[str, Any] = {
        "database_bytes": database_bytes(),
        "disk_free": disk.free,
        "disk_total": disk.total,
        "readings": count_all(),
        "jobs_waiting": states["waiting"],
        "jobs_failed": states["failed"],
        "refused": {str(source): count for source, count in refused_by_source().items()},
    }
    facts = {
        "tables": largest_tables(),
        "lake": lake_bytes(settings.STADT.lake),
        "statements": told_statements(),
    }
    with transaction.atomic():
        taken, _ = Sample.objects.update_or_create(at=floor(now), defaults=values)
        for key, value in facts.items():
            Fact.objects.update_or_create(key=key, defaults={"at": now, "value": value})
    return taken


def floor(moment: datetime) -> datetime:
    """The whole five minutes before a moment."""
    return moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)


def forget() -> None:
    """Every day: delete samples and changes of checks older than ninety days."""
    Sample.objects.filter(at__lt=timezone.now() - KEPT).delete()
    CheckChange.objects.filter(at__lt=timezone.now() - KEPT).delete()


def database_bytes() -> int:
    """Size of the city's database on disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def largest_tables() -> list[list[Any]]:
    """[name, bytes with indexes, estimated rows], largest first."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, (MOST_TABLES,))
        return [[name, int(size), int(rows)] for name, size, rows in cursor.fetchall()]


def lake_bytes(lake: str) -> int | None:
    """Bytes of all files of the lake; None for a bucket, whose provider knows."""
    if "://" in lake:
        return None
    return sum(_size(path) for path in Path(lake).rglob("*"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # a file that was just replaced
        return 0


def told_statements() -> list[dict[str, Any]] | None:
    """The costliest statements as a page shows them; None where the server does not keep count."""
    found = costliest_statements(MOST_STATEMENTS)
    return None if found is None else [_told(statement) for statement in found]


def _told(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "calls": statement.calls,
        "mean_ms": round(statement.mean_ms, 3),
        "share": round(statement.share, 4),
        "rows": statement.rows,
    }
