"""Operators of every kind, and a queue with real jobs in every state."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

if TYPE_CHECKING:
    from django.test import Client

    from stadt.core.people.actor import Actor

# Django's models are imported inside the fixtures: this file is read before Django is set up.
PERIODIC = {"core.seal_audit", "datasets.publish_due"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def make_client(name: str, *permissions: str) -> "Client":
    """A browser of somebody who holds exactly these permissions."""
    from django.test import Client

    from stadt.core.models import Membership, Organisation, Role, User

    user = User.objects.create_user(email=f"{name}@example.org")
    organisation, _ = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})
    role = Role.objects.create(key=name, title=name, permissions=list(permissions))
    Membership.objects.create(user=user, organisation=organisation, role=role)
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def watcher(db: None) -> "Client":
    """Somebody who may look."""
    return make_client("watcher", "operations.watch")


@pytest.fixture
def operator(db: None) -> "Client":
    """Somebody who may look and act."""
    return make_client("operator", "operations.watch", "operations.act")


@pytest.fixture
def outsider(db: None) -> "Client":
    """Somebody with an account and no right here."""
    return make_client("outsider", "waste.manage")


@pytest.fixture
def actor() -> "Actor":
    """An operator without a browser."""
    from stadt.core.people.actor import Actor

    return Actor(kind="user", identifier="7", grants={"operations.act": frozenset({1})})


def execute(statement: str, *parameters: Any) -> None:
    """Change a row of the queue as only the queue would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def empty_queue(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    """No job in the queue: tests that commit leave some, since nobody flushes the queue's own tables."""
    execute("DELETE FROM procrastinate_jobs")
    yield
    if "transaction" in getattr(request.node.get_closest_marker("django_db"), "kwargs", {}):
        execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def make_job(empty_queue: None) -> Callable[..., int]:
    """`make_job("core.seal_audit", "failed")` puts a job into the queue, in that state; returns its number."""

    def make(task: str, state: str = "waiting", *, age: timedelta = timedelta(0), **arguments: Any) -> int:
        lock = task if task in PERIODIC else None
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
                " VALUES ('default', %s, %s, %s, %s) RETURNING id",
                (task, lock, None if state == "failed" else lock, json.dumps(arguments)),
            )
            [(number,)] = cursor.fetchall()
        if state in {"running", "stalled"}:
            beat = timedelta(minutes=10) if state == "stalled" else timedelta(0)
            execute(
                "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = w.id FROM w WHERE procrastinate_jobs.id = %s",
                beat,
                number,
            )
        if state == "failed":
            execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", number)
            execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 5 WHERE id = %s", number)
            execute("UPDATE procrastinate_jobs SET queueing_lock = %s WHERE id = %s", lock, number)
        if age:
            execute("UPDATE procrastinate_events SET at = at - %s WHERE job_id = %s", age, number)
        return int(number)

    return make
