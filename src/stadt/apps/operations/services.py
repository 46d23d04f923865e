"""Every intervention of an operator: checked, done once, and kept in the audit."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.operations.models import CheckState
from stadt.apps.operations.rights import ACT
from stadt.core import queue
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.jobs import defer
from stadt.core.manifest import Job
from stadt.core.people.actor import Actor
from stadt.core.queue import Retried
from stadt.core.registry import registry

MORNING = time(7)


@transaction.atomic
def retry_job(actor: Actor, job_id: int) -> Retried:
    """Put a failed job back into the queue, with all its attempts.

    Raises:
        NotFound: the queue has no such job.
        Conflict: it has not failed, or somebody was faster.
    """
    actor.require(ACT)
    task = _get_task(job_id)
    outcome = queue.retry(job_id)
    if outcome is Retried.GONE:
        raise Conflict(
            _("Diese Aufgabe ist nicht mehr gescheitert: Jemand war schneller, oder sie läuft schon.")
        )
    record(actor, "retry_job", f"job:{job_id}", {"task": task, "outcome": outcome.value})
    return outcome


@transaction.atomic
def retry_jobs(actor: Actor, task: str) -> int:
    """Put all failed jobs of a task back into the queue, at most a thousand at once; returns how many.

    Raises:
        Invalid: nothing is known by that name.
    """
    actor.require(ACT)
    ids = queue.failed_ids(task)
    if not ids and task not in registry.jobs:
        raise Invalid(
            _("Eine Aufgabe dieses Namens gibt es nicht."), fields=(FieldError("task", task[:128]),)
        )
    count = sum(queue.retry(job_id) is not Retried.GONE for job_id in ids)
    if count:
        record(actor, "retry_jobs", f"task:{task}", {"count": count})
    return count


@transaction.atomic
def discard_job(actor: Actor, job_id: int) -> None:
    """Remove a failed job for good: what it should have done stays undone.

    Raises:
        NotFound: the queue has no such job.
        Conflict: it has not failed.
    """
    actor.require(ACT)
    task = _get_task(job_id)
    if not queue.discard(job_id):
        raise Conflict(_("Verwerfen lässt sich nur eine gescheiterte Aufgabe."))
    record(actor, "discard_job", f"job:{job_id}", {"task": task})


@transaction.atomic
def abort_job(actor: Actor, job_id: int) -> None:
    """Remove a job that waits.

    Raises:
        NotFound: the queue has no such job.
        Conflict: it runs already, or it is over.
    """
    actor.require(ACT)
    task = _get_task(job_id)
    if not queue.abort_waiting(job_id):
        raise Conflict(_("Diese Aufgabe wartet nicht mehr: Was läuft, lässt sich nicht abbrechen."))
    record(actor, "abort_job", f"job:{job_id}", {"task": task})


@transaction.atomic
def run_job_now(actor: Actor, name: str) -> bool:
    """Queue a periodic job now. False when it waits already, so that asking twice is asking once.

    Raises:
        Invalid: no periodic job has that name.
    """
    actor.require(ACT)
    job = _find_periodic(name)
    if job is None:
        raise Invalid(
            _("Eine wiederkehrende Aufgabe dieses Namens gibt es nicht."),
            fields=(FieldError("task", name[:128]),),
        )
    if not defer(job.name):
        return False
    record(actor, "run_job_now", f"task:{job.name}")
    return True


@transaction.atomic
def silence_check(actor: Actor, key: str) -> datetime:
    """Keep a bad check out of the banner until the next morning; returns until when.

    Raises:
        NotFound: no check of that name is watched.
    """
    actor.require(ACT)
    if key not in {check.key for check in registry.watched_checks}:
        raise NotFound
    now = timezone.now()
    until = next_morning(now)
    CheckState.objects.bulk_create([CheckState(key=key, since=now)], ignore_conflicts=True)
    state = CheckState.objects.select_for_update().get(pk=key)
    is_again = state.silenced_until == until
    state.silenced_until, state.silenced_at = until, now
    state.save(update_fields=("silenced_until", "silenced_at"))
    if not is_again:
        record(actor, "silence_check", f"check:{key}", {"until": until.isoformat()})
    return until


def next_morning(now: datetime) -> datetime:
    """Seven o'clock of the next day, where people read the clock."""
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, MORNING))


def _get_task(job_id: int) -> str:
    task = queue.find_task(job_id)
    if task is None:
        raise NotFound(_("Diese Aufgabe gibt es nicht mehr: Sie ist erledigt oder wurde verworfen."))
    return task


def _find_periodic(name: str) -> Job | None:
    job = registry.jobs.get(name)
    return job if job is not None and job.every else None
