"""Background work on procrastinate: a queue inside PostgreSQL, so that a job and its cause commit together."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import procrastinate
from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from stadt.core import runs
from stadt.core.doors import Door, entering
from stadt.core.manifest import Job
from stadt.core.registry import registry

logger = logging.getLogger("stadt.jobs")

WORKER_CONCURRENCY = 2
STALLED_AFTER_SECONDS = 60.0
SIGN_OF_LIFE_SECONDS = 5.0
MOST_ATTEMPTS = 5
DAY = timedelta(days=1)


def register(app: procrastinate.App) -> None:
    """Make every job of the registry a task of the queue (`PROCRASTINATE_ON_APP_READY`)."""
    for job in registry.jobs.values():
        _register(app, job)
    retry = app.task(name="core.retry_stalled", queueing_lock="core.retry_stalled")(retry_stalled)
    app.periodic(cron="* * * * *", periodic_id="core.retry_stalled")(retry)


def _register(app: procrastinate.App, job: Job) -> None:
    lock = job.name if job.every else None
    task = app.task(
        name=job.name,
        queueing_lock=lock,
        lock=lock,
        retry=procrastinate.RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4),
        pass_context=True,
    )(_runner(job))
    if job.every:
        app.periodic(cron=cron_for(job.every), periodic_id=job.name)(task)


def _runner(job: Job) -> Callable[..., None]:
    """The job as the queue calls it: what it did is kept in `core.runs`, and a failure goes on to the queue."""

    def run(context: procrastinate.JobContext, timestamp: int | None = None, **arguments: Any) -> None:
        begun, started_at = perf_counter(), datetime.now(UTC)
        try:
            with entering(Door.JOB, request_id=f"job:{context.job.id}"):
                job.run(**arguments)
        except Exception as error:
            runs.note(
                job.name, context.job.id, context.job.attempts, started_at, perf_counter() - begun, error
            )
            raise
        if job.every:  # of work that is asked for, only failures are worth a row
            runs.note(job.name, context.job.id, context.job.attempts, started_at, perf_counter() - begun)

    run.__name__ = job.run.__name__
    run.__doc__ = job.run.__doc__
    return run


def next_run(name: str) -> datetime | None:
    """When a periodic job is queued next; None for one that is not periodic."""
    now = datetime.now(UTC).timestamp()
    for periodic in queue.periodic_registry.periodic_tasks.values():
        if periodic.task.name == name:
            clock = type(periodic.croniter)(periodic.cron, now)  # its own one is the worker's, and moves
            return datetime.fromtimestamp(clock.get_next(float), UTC)
    return None


def cron_for(every: timedelta) -> str:
    """The cron line of an interval: minutes that divide the hour, hours that divide the day, or one day.

    Raises:
        ValueError: for any other interval.
    """
    minutes, rest = divmod(int(every.total_seconds()), 60)
    if rest == 0 and every == DAY:
        return "17 3 * * *"
    if rest == 0 and minutes < 60 and minutes and 60 % minutes == 0:
        return f"*/{minutes} * * * *"
    if rest == 0 and minutes and minutes % 60 == 0 and 24 % (minutes // 60) == 0:
        return f"7 */{minutes // 60} * * *"
    raise ValueError(
        f"A job cannot run every {every}: use minutes that divide 60, hours that divide 24, or a day."
    )


def defer(name: str, **arguments: Any) -> None:
    """Queue a job in the current transaction; nothing happens when the transaction is rolled back.

    A periodic job that already waits in the queue is not queued twice.
    """
    try:
        with transaction.atomic():  # a refusal must not spoil the caller's transaction
            queue.configure_task(name).defer(**arguments)
    except AlreadyEnqueued:
        logger.debug("%s waits already", name)


async def retry_stalled(timestamp: int | None = None) -> None:
    """Give the jobs of workers that died back to the queue."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        logger.warning("job %s (%s) is retried: its worker died", job.id, job.task_name)
        await queue.job_manager.retry_job(job)


async def run_worker_async(concurrency: int = WORKER_CONCURRENCY) -> None:
    """Work until told to stop; a lost database connection is waited out by the queue's own retries."""
    connector = queue.connector.get_worker_connector()  # type: ignore[attr-defined]
    with queue.replace_connector(connector):
        async with queue.open_async():
            await queue.run_worker_async(
                concurrency=concurrency,
                name="stadt-worker",
                shutdown_graceful_timeout=10,
                update_heartbeat_interval=SIGN_OF_LIFE_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=True,
            )


def run_worker(concurrency: int = WORKER_CONCURRENCY) -> None:
    """As `run_worker_async`, for the command line."""
    asyncio.run(run_worker_async(concurrency))
