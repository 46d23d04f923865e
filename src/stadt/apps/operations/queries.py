"""Reads of the operations pages; everything here takes milliseconds, what takes longer is read from samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from stadt.apps.operations.models import Fact, Sample
from stadt.core import queue
from stadt.core.jobs import next_run
from stadt.core.models import AuditSeal, JobRun, Setting, TrafficHour
from stadt.core.registry import registry


@dataclass(frozen=True, slots=True)
class Server:
    """The database server as this process sees it."""

    version: str
    role: str
    is_superuser: bool
    connections: int
    most_connections: int


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job that comes again, with its last run and the next."""

    name: str
    what: str
    every: timedelta
    last: JobRun | None
    next_at: datetime | None
    is_waiting: bool


def server() -> Server:
    """Version, role and connections. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user,"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int"
        )
        row = cursor.fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return Server(str(row[0]).split(" ")[0], str(row[1]), bool(row[2]), int(row[3]), int(row[4]))


def newest_sample() -> Sample | None:
    """The last sample, None in a city that has just begun."""
    return Sample.objects.order_by("-at").first()


def sample_before(moment: datetime) -> Sample | None:
    """The first sample from a moment on."""
    return Sample.objects.filter(at__gte=moment).order_by("at").first()


def facts() -> dict[str, Fact]:
    """What was found out last, by key."""
    return {fact.key: fact for fact in Fact.objects.all()}


def refused_today(newest: Sample | None) -> dict[int, int]:
    """Messages refused since midnight, by source id, as far as the last sample knows."""
    if newest is None:
        return {}
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first = Sample.objects.filter(at__lte=midnight).order_by("-at").first() or sample_before(midnight)
    before = first.refused if first else {}
    return {int(key): max(0, count - before.get(key, 0)) for key, count in newest.refused.items()}


def traffic_of_last_hour() -> tuple[int, int]:
    """Requests and errors of this hour and the one before it."""
    since = timezone.now() - timedelta(hours=2)
    found = TrafficHour.objects.filter(hour__gt=since).values_list("requests", "errors")
    return sum(requests for requests, _ in found), sum(errors for _, errors in found)


def traffic(days: int) -> list[tuple[datetime, int, int]]:
    """Hour, requests, errors of the last days."""
    since = timezone.now() - timedelta(days=days)
    return list(
        TrafficHour.objects.filter(hour__gte=since).order_by("hour").values_list("hour", "requests", "errors")
    )


def samples(days: int) -> list[Sample]:
    """The samples of the last days in their order."""
    return list(Sample.objects.filter(at__gte=timezone.now() - timedelta(days=days)))


def sealed_rows() -> int:
    """How many audit rows are sealed."""
    newest = AuditSeal.objects.order_by("-sequence").first()
    return newest.sequence if newest else 0


def schema_fingerprint() -> str:
    """The first twelve digits of what the tables were made from, empty when it is not known."""
    found = Setting.objects.filter(key="migrations.applied").first()
    return str(found.value)[:12] if found else ""


def periodic_jobs() -> list[PeriodicJob]:
    """All jobs that come again, the seldom ones first."""
    jobs = [job for job in registry.jobs.values() if job.every]
    newest = _newest_runs([job.name for job in jobs])
    waiting = {task for task, _ in queue.count_by_task("waiting")}
    found = [
        PeriodicJob(
            name=job.name,
            what=(job.run.__doc__ or "").strip().split("\n")[0],
            every=job.every or timedelta(0),
            last=newest.get(job.name),
            next_at=next_run(job.name),
            is_waiting=job.name in waiting,
        )
        for job in jobs
    ]
    return sorted(found, key=lambda job: (-job.every, job.name))


def _newest_runs(tasks: Sequence[str]) -> dict[str, JobRun]:
    """The last run of each task, by one step down an index for each."""
    found = JobRun.objects.raw(
        "SELECT r.* FROM unnest(%s::text[]) AS t(task) CROSS JOIN LATERAL"
        " (SELECT * FROM core_jobrun j WHERE j.task = t.task ORDER BY j.id DESC LIMIT 1) r",
        [list(tasks)],
    )
    return {run.task: run for run in found}


def list_failures(limit: int = 30) -> list[JobRun]:
    """The last failed runs, newest first."""
    return list(JobRun.objects.filter(is_failure=True).order_by("-id")[:limit])


def job_numbers() -> list[tuple[dict[str, str], float]]:
    """Jobs by state, for the metrics."""
    return [({"state": state}, float(number)) for state, number in queue.count_by_state().items()]


def oldest_wait() -> list[tuple[dict[str, str], float]]:
    """How long the job that waits longest could have run, for the metrics."""
    return _age(queue.oldest_waiting())


def worker_age() -> list[tuple[dict[str, str], float]]:
    """Time since the newest sign of life of any worker, for the metrics; nothing where none is known."""
    beats = queue.last_heartbeats()
    return _age(beats[0]) if beats else []


def _age(moment: datetime | None) -> list[tuple[dict[str, str], float]]:
    seconds = (timezone.now() - moment).total_seconds() if moment else 0.0
    return [({}, max(0.0, seconds))]


def sampled(field: str) -> list[tuple[dict[str, str], float]]:
    """A figure of the last sample, for the metrics."""
    newest = newest_sample()
    value: Any = getattr(newest, field) if newest else None
    return [] if value is None else [({}, float(value))]
