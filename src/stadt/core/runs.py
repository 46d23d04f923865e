"""What became of the jobs that ran: when, how long, and the last line of what went wrong."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import DatabaseError, InterfaceError, models
from django.utils import timezone

from stadt.core.errors import StadtError

logger = logging.getLogger("stadt.jobs")

KEPT = timedelta(days=30)
LONGEST_ERROR = 200
# What an error's words may carry of a person or of a secret: addresses with their log-in, whatever stands in quotation
# marks or after "=", and long tokens.
HIDDEN = (
    (re.compile(r"[^\s<>'\"(){}\[\],;]+@[^\s<>'\"(){}\[\],;:]+"), "…@…"),
    (re.compile(r"'[^']*'|\"[^\"]*\"|„[^“]*“"), "'…'"),
    (re.compile(r"=.*"), "=…"),
    (re.compile(r"\b[A-Za-z0-9_+/-]{20,}={0,2}"), "…"),
)


class JobRun(models.Model):
    """One run of a periodic job, or one failure of any job. `job_id` is the queue's number, without a foreign key."""

    task = models.CharField(max_length=128)
    job_id = models.BigIntegerField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(db_index=True)
    seconds = models.FloatField()
    is_failure = models.BooleanField(default=False)
    error = models.CharField(max_length=LONGEST_ERROR, blank=True)

    class Meta:
        app_label = "core"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=("task", "-id"), name="core_jobrun_newest"),
            models.Index(fields=("job_id", "-id"), name="core_jobrun_of_job"),
        ]


def note(
    task: str,
    job_id: int | None,
    attempts: int,
    started_at: datetime,
    seconds: float,
    error: Exception | None = None,
) -> None:
    """Keep that a job ran; where the database is the trouble, the log alone knows of it."""
    try:
        JobRun.objects.create(
            task=task,
            job_id=job_id,
            attempt=attempts + 1,
            started_at=started_at,
            seconds=seconds,
            is_failure=error is not None,
            error=told(error) if error is not None else "",
        )
    except (DatabaseError, InterfaceError):
        logger.warning("the run of %s could not be noted", task)


def told(error: BaseException) -> str:
    """An error in one line for operators: its kind and its first line, without what may be personal or secret.

    Our own errors are safe to show as they are; of others addresses, quoted words, values and tokens are left out.
    """
    lines = (error.detail if isinstance(error, StadtError) else str(error)).strip().splitlines()
    words = " ".join(lines[0].split()) if lines else ""
    if not isinstance(error, StadtError):
        for pattern, instead in HIDDEN:
            words = pattern.sub(instead, words)
    whole = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return whole if len(whole) <= LONGEST_ERROR else whole[: LONGEST_ERROR - 1] + "…"


def forget() -> None:
    """Every day: delete what is older than thirty days."""
    JobRun.objects.filter(started_at__lt=timezone.now() - KEPT).delete()
