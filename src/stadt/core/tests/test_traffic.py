"""Requests are counted in memory and added up in a table."""

import pytest
from django.db import DatabaseError, connection

from stadt.core import health, traffic
from stadt.core.traffic import TrafficHour


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    traffic._counted.clear()


@pytest.fixture
def open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's transaction lives on the connection that a web process would give back."""
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.mark.django_db
def test_answers_are_added_to_their_hour(open_connection: None) -> None:
    for status in (200, 404, 500):
        health.observe("test", "GET", status, 0.01)
    traffic.write()
    health.observe("test", "GET", 503, 0.01)
    traffic.write()
    hour = TrafficHour.objects.get()
    assert (hour.requests, hour.errors) == (4, 2)


@pytest.mark.django_db
def test_questions_of_a_supervisor_are_not_counted(open_connection: None) -> None:
    health.observe("health", "GET", 200, 0.01)
    health.observe("metrics", "GET", 200, 0.01)
    traffic.write()
    assert not TrafficHour.objects.exists()


@pytest.mark.django_db
def test_what_cannot_be_written_is_kept_for_the_next_time(
    open_connection: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError

    health.observe("test", "GET", 200, 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        traffic.write()
    traffic.write()
    assert TrafficHour.objects.get().requests == 1
