"""What the queue holds, and how a person may intervene; whoever calls the interventions has checked the right to.

Jobs are named by task, number and the names of their arguments: the arguments themselves may be personal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

STALLED_AFTER = timedelta(seconds=60)
MOST_AT_ONCE = 1000

# A job whose worker died, or left without it; the minute's job gives it back to the queue.
STALLED = (
    "j.status = 'doing' AND NOT EXISTS (SELECT 1 FROM procrastinate_workers w"
    " WHERE w.id = j.worker_id AND w.last_heartbeat > now() - interval '60 seconds')"
)
STATES = {
    "waiting": "j.status = 'todo'",
    "running": f"j.status = 'doing' AND NOT ({STALLED})",
    "stalled": STALLED,
    "failed": "j.status = 'failed'",
}


class Retried(Enum):
    """What asking for a failed job again led to."""

    QUEUED = "queued"
    WAITS_ALREADY = "waits already"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job of the queue. `since` is when it began to be in its state, `due` when it may run, `error` its last failure."""

    id: int
    task: str
    attempts: int
    argument_names: tuple[str, ...]
    since: datetime | None
    due: datetime | None
    error: str


def count_by_state() -> dict[str, int]:
    """How many jobs wait, run, are stalled and failed."""
    sums = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in STATES.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sums} FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing', 'failed')"  # noqa: S608
        )
        found = cursor.fetchone() or ()
    return dict(zip(STATES, (int(number) for number in found), strict=True))


def count_by_task(state: str) -> list[tuple[str, int]]:
    """Tasks with the number of their jobs in that state, most first."""
    return [
        (str(task), int(number))
        for task, number in _rows(
            f"SELECT j.task_name, count(*) FROM procrastinate_jobs j WHERE {STATES[state]}"  # noqa: S608
            " GROUP BY 1 ORDER BY 2 DESC, 1",
            (),
        )
    ]


def list_jobs(state: str, *, task: str = "", limit: int = 50) -> list[QueuedJob]:
    """The jobs in a state: those that failed newest first, others as they will run."""
    order = "j.id DESC" if state == "failed" else "coalesce(j.scheduled_at, 'epoch'), j.id"
    found = _rows(
        f"""
        SELECT j.id, j.task_name, j.attempts,
               ARRAY(SELECT key FROM jsonb_object_keys(j.args) AS key WHERE key <> 'timestamp' ORDER BY key),
               (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type <> 'scheduled'),
               j.scheduled_at,
               coalesce((SELECT r.error FROM core_jobrun r WHERE r.job_id = j.id AND r.is_failure
                         ORDER BY r.id DESC LIMIT 1), '')
        FROM procrastinate_jobs j WHERE {STATES[state]} AND (%s = '' OR j.task_name = %s)
        ORDER BY {order} LIMIT %s
        """,  # noqa: S608 - fixed fragments only
        (task, task, limit),
    )
    return [QueuedJob(row[0], row[1], row[2], tuple(row[3]), row[4], row[5], row[6]) for row in found]


def find_task(job_id: int) -> str | None:
    """The task of a job, None when the queue has no such job."""
    found = _rows("SELECT task_name FROM procrastinate_jobs WHERE id = %s", (job_id,))
    return str(found[0][0]) if found else None


def oldest_waiting() -> datetime | None:
    """Since when the job that waits longest could have run."""
    found = _rows(
        "SELECT min(greatest(j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e"
        " WHERE e.job_id = j.id AND e.type <> 'scheduled')))"
        " FROM procrastinate_jobs j WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())",
        (),
    )
    moment: datetime | None = found[0][0]
    return moment


def last_heartbeats() -> list[datetime]:
    """When each worker that is known gave its last sign of life, newest first."""
    return [row[0] for row in _rows("SELECT last_heartbeat FROM procrastinate_workers ORDER BY 1 DESC", ())]


def has_worker(now: datetime | None = None) -> bool:
    """Whether a worker gave a sign of life within the last minute."""
    found = last_heartbeats()
    return bool(found) and (now or timezone.now()) - found[0] < STALLED_AFTER


def retry(job_id: int) -> Retried:
    """Put a failed job back into the queue with all its attempts; the second of two who ask finds it gone.

    A periodic job that waits already does the same work: then the failed one is removed.
    """
    try:
        with transaction.atomic():
            changed = _rows(
                "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL,"
                " abort_requested = false WHERE id = %s AND status = 'failed' RETURNING id",
                (job_id,),
            )
    except IntegrityError:  # the queueing lock: only one of its kind waits
        return Retried.WAITS_ALREADY if discard(job_id) else Retried.GONE
    return Retried.QUEUED if changed else Retried.GONE


def failed_ids(task: str, limit: int = MOST_AT_ONCE) -> list[int]:
    """Numbers of the failed jobs of a task, newest first."""
    return [
        int(row[0])
        for row in _rows(
            "SELECT id FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s ORDER BY id DESC LIMIT %s",
            (task, limit),
        )
    ]


def discard(job_id: int) -> bool:
    """Remove a failed job for good. False when there is none."""
    return bool(
        _rows("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed' RETURNING id", (job_id,))
    )


def abort_waiting(job_id: int) -> bool:
    """Remove a job that has not begun. False when it runs already or there is none."""
    return bool(
        _rows("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'todo' RETURNING id", (job_id,))
    )


def discard_overtaken(tasks: Sequence[str]) -> int:
    """Remove failed jobs of these periodic tasks of which a later run succeeded; returns how many."""
    return len(
        _rows(
            "DELETE FROM procrastinate_jobs j WHERE j.status = 'failed' AND j.task_name = ANY(%s)"
            " AND EXISTS (SELECT 1 FROM core_jobrun r WHERE r.task = j.task_name AND NOT r.is_failure"
            " AND r.job_id > j.id) RETURNING j.id",
            (list(tasks),),
        )
    )


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
