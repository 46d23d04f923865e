"""Facts leave after commit; durable listeners become jobs of the same transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from stadt.core.errors import ConfigurationError
from stadt.core.events import Event, deliver, publish
from stadt.core.jobs import cron_for
from stadt.core.manifest import Listener, Manifest
from stadt.core.registry import registry

heard: list["BinEmptied"] = []


@dataclass(frozen=True)
class BinEmptied(Event):
    bin_id: int
    at: datetime


def hear(event: BinEmptied) -> None:
    heard.append(event)


def hear_durably(event: BinEmptied) -> None:
    heard.append(event)


# Other tests leave jobs of their own facts behind.
JOBS = {"task_name": "core.deliver_event", "args__event": "BinEmptied"}
EVENT = BinEmptied(7, datetime(2026, 11, 1, 12, tzinfo=UTC))


@pytest.fixture
def listening() -> Iterator[None]:
    heard.clear()
    listens = (Listener(BinEmptied, hear), Listener(BinEmptied, hear_durably, durable=True))
    registry.add(
        label="bins",
        name="bins",
        title="",
        uses=(),
        manifest=Manifest(publishes=(BinEmptied,), listens=listens),
    )
    yield
    del registry.apps["bins"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_fact_is_told_to_nobody(listening: None) -> None:
    with transaction.atomic():
        publish(EVENT)
        transaction.set_rollback(True)
    assert heard == []
    assert not ProcrastinateJob.objects.filter(**JOBS).exists()


@pytest.mark.django_db(transaction=True)
def test_a_committed_fact_is_told_at_once_and_by_a_job(listening: None) -> None:
    with transaction.atomic():
        publish(EVENT)
        assert heard == []
    assert heard == [EVENT]
    job = ProcrastinateJob.objects.get(**JOBS)
    deliver(**job.args)
    assert heard == [EVENT, EVENT]


def test_an_event_for_a_listener_that_is_gone_stays_visible_as_a_failed_job() -> None:
    with pytest.raises(ConfigurationError, match="gone"):
        deliver(listener="gone", event="BinEmptied", data={})


@pytest.mark.parametrize(
    ("every", "cron"),
    [
        (timedelta(minutes=1), "*/1 * * * *"),
        (timedelta(minutes=15), "*/15 * * * *"),
        (timedelta(hours=1), "7 */1 * * *"),
        (timedelta(hours=6), "7 */6 * * *"),
        (timedelta(days=1), "17 3 * * *"),
    ],
)
def test_intervals_become_cron_lines(every: timedelta, cron: str) -> None:
    assert cron_for(every) == cron


@pytest.mark.parametrize(
    "every", [timedelta(seconds=30), timedelta(minutes=7), timedelta(hours=5), timedelta(0)]
)
def test_an_interval_that_cron_cannot_say_is_refused(every: timedelta) -> None:
    with pytest.raises(ValueError, match="cannot run every"):
        cron_for(every)
