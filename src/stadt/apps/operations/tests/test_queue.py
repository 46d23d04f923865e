"""What operators may do to jobs: once, by those who may, and with a row in the audit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from stadt.apps.operations import services
from stadt.apps.operations.rights import WATCH
from stadt.core import queue, runs
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.models import AuditEntry
from stadt.core.people.actor import Actor
from stadt.core.queue import Retried

MakeJob = Callable[..., int]


def jobs() -> dict[int, tuple[str, int]]:
    """State and attempts of every job of the queue, by its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status, attempts FROM procrastinate_jobs ORDER BY id")
        return {number: (status, attempts) for number, status, attempts in cursor.fetchall()}


def state_of(job_id: int) -> tuple[str, int]:
    return jobs()[job_id]


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_jobs_are_counted_by_state(make_job: MakeJob) -> None:
    for state in ("waiting", "waiting", "running", "stalled", "failed"):
        make_job("core.deliver_event", state)
    assert queue.count_by_state() == {"waiting": 2, "running": 1, "stalled": 1, "failed": 1}


def test_a_list_names_arguments_and_not_their_values(make_job: MakeJob) -> None:
    make_job("core.send_mail", "waiting", to="anna@example.org", subject="Geheim")
    (job,) = queue.list_jobs("waiting")
    assert job.argument_names == ("subject", "to")
    assert "anna" not in repr(job)
    assert "Geheim" not in repr(job)


def test_a_failed_job_shows_its_last_failure(make_job: MakeJob) -> None:
    number = make_job("core.deliver_event", "failed")
    for text in ("first", "last"):
        runs.note("core.deliver_event", number, 0, timezone.now(), 1.0, ValueError(text))
    (job,) = queue.list_jobs("failed")
    assert (job.id, job.error, job.attempts) == (number, "ValueError: last", 5)


def test_a_retried_job_waits_again_with_all_its_attempts(make_job: MakeJob, actor: Actor) -> None:
    number = make_job("core.deliver_event", "failed", event="x")
    assert services.retry_job(actor, number) is Retried.QUEUED
    assert state_of(number) == ("todo", 0)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject) == ("retry_job", f"job:{number}")
    assert entry.changes == {"task": "core.deliver_event", "outcome": "queued"}


def test_a_job_is_retried_once_however_often_one_asks(make_job: MakeJob, actor: Actor) -> None:
    number = make_job("core.deliver_event", "failed")
    services.retry_job(actor, number)
    with pytest.raises(Conflict):
        services.retry_job(actor, number)
    assert verbs() == ["retry_job"]


def test_a_failed_periodic_job_gives_way_to_one_that_waits(make_job: MakeJob, actor: Actor) -> None:
    failed = make_job("core.seal_audit", "failed")
    waiting = make_job("core.seal_audit", "waiting")
    assert services.retry_job(actor, failed) is Retried.WAITS_ALREADY
    assert jobs() == {waiting: ("todo", 0)}


def test_all_failed_jobs_of_a_task_are_retried_and_no_other(make_job: MakeJob, actor: Actor) -> None:
    for _ in range(3):
        make_job("core.send_mail", "failed")
    other = make_job("core.deliver_event", "failed")
    assert services.retry_jobs(actor, "core.send_mail") == 3
    assert queue.count_by_task("waiting") == [("core.send_mail", 3)]
    assert state_of(other) == ("failed", 5)


def test_of_several_failed_runs_of_a_periodic_job_one_is_retried(make_job: MakeJob, actor: Actor) -> None:
    for _ in range(3):
        make_job("core.seal_audit", "failed")
    services.retry_jobs(actor, "core.seal_audit")
    assert [status for status, _ in jobs().values()] == ["todo"]


def test_a_task_that_nobody_knows_is_refused(db: None, actor: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        services.retry_jobs(actor, "no.such_task")
    assert refused.value.fields[0].field == "task"


def test_a_waiting_job_can_be_aborted_and_a_running_one_cannot(make_job: MakeJob, actor: Actor) -> None:
    waiting, running = make_job("core.deliver_event"), make_job("core.deliver_event", "running")
    services.abort_job(actor, waiting)
    with pytest.raises(Conflict):
        services.abort_job(actor, running)
    assert list(jobs()) == [running]
    assert verbs() == ["abort_job"]


def test_only_a_failed_job_can_be_discarded(make_job: MakeJob, actor: Actor) -> None:
    failed, waiting = make_job("core.deliver_event", "failed"), make_job("core.deliver_event")
    services.discard_job(actor, failed)
    with pytest.raises(Conflict):
        services.discard_job(actor, waiting)
    with pytest.raises(NotFound):
        services.discard_job(actor, failed)
    assert verbs() == ["discard_job"]


def test_a_periodic_job_that_is_asked_for_twice_is_queued_once(empty_queue: None, actor: Actor) -> None:
    assert services.run_job_now(actor, "core.seal_audit") is True
    assert services.run_job_now(actor, "core.seal_audit") is False
    assert len(jobs()) == 1
    assert verbs() == ["run_job_now"]


@pytest.mark.parametrize("name", ["core.deliver_event", "no.such_task"])
def test_only_periodic_jobs_run_when_asked(db: None, actor: Actor, name: str) -> None:
    with pytest.raises(Invalid):
        services.run_job_now(actor, name)


def test_nothing_is_done_for_whoever_may_only_look(make_job: MakeJob) -> None:
    looking = Actor(kind="user", identifier="8", grants={WATCH.key: frozenset({1})})
    number = make_job("core.deliver_event", "failed")
    for verb in (services.retry_job, services.discard_job, services.abort_job):
        with pytest.raises(Forbidden):
            verb(looking, number)
    with pytest.raises(Forbidden):
        services.retry_jobs(looking, "core.deliver_event")
    with pytest.raises(Forbidden):
        services.run_job_now(looking, "core.seal_audit")
    with pytest.raises(Forbidden):
        services.silence_check(looking, "operations.mail")
    assert state_of(number) == ("failed", 5)
    assert verbs() == []


def test_a_failed_periodic_job_is_forgotten_once_a_later_run_succeeded(make_job: MakeJob) -> None:
    failed = make_job("core.seal_audit", "failed")
    kept = make_job("core.deliver_event", "failed")
    runs.note("core.seal_audit", failed + 10, 0, timezone.now(), 0.1)
    runs.note("core.deliver_event", kept + 10, 0, timezone.now(), 0.1)
    assert queue.discard_overtaken(["core.seal_audit"]) == 1
    assert list(jobs()) == [kept]


def test_a_job_that_is_due_later_waits_for_nobody(make_job: MakeJob) -> None:
    number = make_job("core.deliver_event", age=timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE id = %s", [number]
        )
    assert queue.oldest_waiting() is None
    make_job("core.deliver_event", age=timedelta(minutes=20))
    waited = queue.oldest_waiting()
    assert waited is not None
    assert timedelta(minutes=19) < timezone.now() - waited < timedelta(minutes=21)


def test_a_worker_counts_while_it_gives_signs_of_life(make_job: MakeJob) -> None:
    assert not queue.has_worker()
    make_job("core.deliver_event", "stalled")
    assert not queue.has_worker()
    make_job("core.deliver_event", "running")
    assert queue.has_worker()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_retry_at_once_one_succeeds(make_job: MakeJob, actor: Actor) -> None:
    number = make_job("core.deliver_event", "failed")
    together = Barrier(6)

    def click(_: int) -> bool:
        together.wait()
        try:
            services.retry_job(actor, number)
        except Conflict:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        outcomes = list(people.map(click, range(6)))
    assert outcomes.count(True) == 1
    assert state_of(number) == ("todo", 0)
    assert AuditEntry.objects.filter(verb="retry_job", subject=f"job:{number}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_start_a_job_at_once_one_queues_it(empty_queue: None, actor: Actor) -> None:
    together = Barrier(6)

    def click(_: int) -> bool:
        together.wait()
        try:
            return services.run_job_now(actor, "core.seal_audit")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        outcomes = list(people.map(click, range(6)))
    assert outcomes.count(True) == 1
    assert len(jobs()) == 1
