"""What became of a job is kept in a line that tells operators enough and nobody's business."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import procrastinate
import pytest
from django.db import IntegrityError
from django.utils import timezone
from procrastinate.contrib.django import app as queue

from stadt.core import jobs, runs
from stadt.core.errors import Invalid
from stadt.core.manifest import Job
from stadt.core.runs import JobRun


def fail() -> None:
    raise ValueError("no such column")


def succeed() -> None:
    pass


def run_as_worker(job: Job, *, attempts: int = 0) -> None:
    number = SimpleNamespace(id=7, attempts=attempts)
    jobs._runner(job)(SimpleNamespace(job=number))


@pytest.mark.django_db
def test_a_failure_is_kept_with_its_attempt_and_goes_on_to_the_queue() -> None:
    with pytest.raises(ValueError, match="no such column"):
        run_as_worker(Job("test.fails", fail), attempts=2)
    run = JobRun.objects.get()
    assert (run.task, run.job_id, run.attempt) == ("test.fails", 7, 3)
    assert (run.is_failure, run.error) == (True, "ValueError: no such column")


@pytest.mark.django_db
def test_of_successes_only_those_of_periodic_jobs_are_kept() -> None:
    run_as_worker(Job("test.asked_for", succeed))
    run_as_worker(Job("test.periodic", succeed, every=timedelta(hours=1)))
    assert [run.task for run in JobRun.objects.all()] == ["test.periodic"]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (
            IntegrityError("duplicate key\nDETAIL: Key (email)=(a@b.de) exists"),
            "IntegrityError: duplicate key",
        ),
        (ValueError("cannot write to anna.meier@example.de now"), "ValueError: cannot write to …@… now"),
        (OSError("smtp://user:geheim@mail.example refused"), "OSError: …@… refused"),
        (KeyError("Anna Meier"), "KeyError: '…'"),
        (ValueError("name=Anna Meier"), "ValueError: name=…"),
        (RuntimeError("token stadt_0123456789abcdefghijkl unknown"), "RuntimeError: token … unknown"),
        (RuntimeError(""), "RuntimeError"),
        (Invalid("Die Quelle braucht einen Namen."), "Invalid: Die Quelle braucht einen Namen."),
    ],
)
def test_an_errors_line_leaves_out_persons_and_secrets(error: Exception, shown: str) -> None:
    assert runs.told(error) == shown


def test_a_long_error_is_cut() -> None:
    assert len(runs.told(ValueError("a b " * 200))) == runs.LONGEST_ERROR


@pytest.mark.django_db
def test_runs_are_forgotten_after_thirty_days() -> None:
    for days in (29, 31):
        runs.note("test.old", None, 0, timezone.now() - timedelta(days=days), 1.0)
    runs.forget()
    assert JobRun.objects.count() == 1


@pytest.fixture
def hourly() -> Iterator[str]:
    job = Job("test.hourly", succeed, every=timedelta(hours=1))
    jobs._register(queue, job)
    yield job.name
    del queue.tasks[job.name]
    del queue.periodic_registry.periodic_tasks[job.name, job.name]


def test_the_next_run_of_a_periodic_job_is_known(hourly: str) -> None:
    found = jobs.next_run(hourly)
    assert found is not None
    assert (found.minute, found.second) == (7, 0)
    assert timedelta(0) < found - timezone.now() <= timedelta(hours=1)


def test_a_job_that_is_asked_for_has_no_next_run() -> None:
    assert jobs.next_run("core.deliver_event") is None


def test_the_queue_hands_every_job_its_context() -> None:
    task = queue.tasks["core.seal_audit"]
    assert isinstance(task, procrastinate.tasks.Task)
    assert task.pass_context is True
