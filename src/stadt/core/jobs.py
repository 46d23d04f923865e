"""Background work on procrastinate: a queue inside PostgreSQL, so that a job and its cause commit together."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import procrastinate
from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from stadt.core import log, runs, telemetry
from stadt.core.doors import Door, entering
from stadt.core.manifest import Job
from stadt.core.registry import registry

logger = logging.getLogger("stadt.jobs")

WORKER_CONCURRENCY = 2
STALLED_AFTER_SECONDS = 60.0
SIGN_OF_LIFE_SECONDS = 5.0
# Between attempts, where a job declares no others.
PAUSES = tuple(timedelta(seconds=4**n) for n in range(1, 5))
MOST_ATTEMPTS = len(PAUSES) + 1
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
        retry=Pauses(job.pauses or PAUSES, job.final),
        pass_context=True,
    )(_runner(job))
    if job.every:
        app.periodic(cron=cron_for(job.every), periodic_id=job.name)(task)


def _runner(job: Job) -> Callable[..., None]:
    """The job as the queue calls it: what it did is kept in `core.runs`, and a failure goes on to the queue."""

    def run(
        context: procrastinate.JobContext,
        timestamp: int | None = None,
        cause: dict[str, str] | None = None,
        **arguments: Any,
    ) -> None:
        begun, started_at = perf_counter(), datetime.now(UTC)
        try:
            with entering(Door.JOB, request_id=(cause or {}).get("id") or f"job:{context.job.id}"):
                work(job, cause or {}, arguments)
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


def work(job: Job, cause: Mapping[str, str], arguments: Mapping[str, Any]) -> None:
    """Do a job; its log lines, audit rows and spans belong to the request that queued it (`cause`)."""
    log.begin_job(job.name, cause.get("id", ""))
    if not telemetry.is_on():
        job.run(**arguments)
        return
    with telemetry.span(f"job {job.name}", parent=cause.get("trace", ""), kind="CONSUMER"):
        job.run(**arguments)


def _cause() -> dict[str, Any]:
    """What a queued job says of the request it comes from; nothing outside of one."""
    found = {"id": log.request_id(), "trace": telemetry.traceparent()}
    kept = {name: value for name, value in found.items() if value}
    return {"cause": kept} if kept else {}


class Pauses(procrastinate.BaseRetryStrategy):
    """Runs a job that failed again after the next pause, until there is none left or its error is final."""

    def __init__(self, pauses: tuple[timedelta, ...], final: tuple[type[Exception], ...] = ()) -> None:
        self.pauses, self.final = pauses, final

    def pause(self, attempts: int, error: BaseException) -> timedelta | None:
        """How long to wait after an attempt that failed; `attempts` were made before it."""
        if isinstance(error, self.final) or attempts >= len(self.pauses):
            return None
        return self.pauses[attempts]

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        """As the queue asks."""
        pause = self.pause(job.attempts, exception)
        return (
            None
            if pause is None
            else procrastinate.RetryDecision(retry_in={"seconds": int(pause.total_seconds())})
        )


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


def defer(name: str, *, once: str | None = None, after: timedelta | None = None, **arguments: Any) -> bool:
    """Queue a job in the current transaction; nothing happens when the transaction is rolled back.

    A periodic job that already waits in the queue is not queued twice: then False.

    Args:
        once: the same for a job that is not periodic, while one with the same words waits.
        after: how long it waits at least, so that what comes in quick succession is done once.
    """
    options: dict[str, Any] = {"queueing_lock": f"{name}:{once}"} if once else {}
    if after:
        options["schedule_in"] = {"seconds": int(after.total_seconds())}
    try:
        with transaction.atomic():  # a refusal must not spoil the caller's transaction
            queue.configure_task(name, **options).defer(**arguments, **_cause())
    except AlreadyEnqueued:
        logger.debug("%s waits already", name)
        return False
    return True


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
