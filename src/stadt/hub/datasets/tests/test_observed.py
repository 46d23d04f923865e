"""Datasets over datastreams: what the observations count by day becomes the marks of parts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stadt.core.people.actor import Actor
from stadt.hub.datasets import queries, services
from stadt.hub.datasets.declaration import Column, Dataset, Integer, Number, Parts, Span, Time
from stadt.hub.datasets.observed import days_of
from stadt.hub.datasets.tests.probe import declare
from stadt.hub.observations import queries as observations
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.services import (
    DatastreamSpec,
    PropertySpec,
    SensorSpec,
    ThingSpec,
    Unit,
    register_thing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream(actor: Actor) -> int:
    spec = DatastreamSpec(
        key="probe/pm10",
        name="PM10",
        property=PropertySpec("pm10", "PM10", "http://example.org/pm10"),
        unit=Unit("Mikrogramm je Kubikmeter", "µg/m³", "ug/m3"),
        sensor=SensorSpec("probe", "Probe"),
        is_public=True,
    )
    return register_thing(actor, ThingSpec("probe", "Station", datastreams=(spec,))).datastreams["probe/pm10"]


def store(stream: int, *times: datetime) -> None:
    readings = [Reading(stream, time, 20.0 + number) for number, time in enumerate(times)]
    connection.ensure_connection()
    result = append(connection.connection, Batch.of(readings))
    assert not result.refusals


def test_a_reading_becomes_a_row_of_the_next_snapshot_and_only_its_day_is_written(
    actor: Actor, stream: int
) -> None:
    asked: list[Span] = []

    def rows(span: Span) -> Iterator[tuple[datetime, float, int]]:
        asked.append(span)
        for row in observations.observations([stream], span.start, span.end):
            yield row.time, row.value, row.id

    declare(
        Dataset(
            key="probe.readings",
            title="Messwerte",
            description="",
            rows=rows,
            columns=(
                Column("time", Time),
                Column("pm10", Number, unit="ug/m3"),
                Column("observation_id", Integer),
            ),
            parts=Parts.BY_DAY,
            marks=days_of(lambda: [stream]),
        )
    )
    now = timezone.now().astimezone(UTC).replace(microsecond=0)
    store(stream, now - timedelta(days=40), now)
    first = services.publish_now(actor, "probe.readings")
    assert first is not None
    assert first.row_count == 2
    assert services.publish_now(actor, "probe.readings") is None
    asked.clear()
    store(stream, now + timedelta(seconds=1))
    second = services.publish_now(actor, "probe.readings")
    assert second is not None
    assert (second.number, second.row_count) == (2, 3)
    assert [span.start.date() for span in asked] == [now.date()]
    [(newest,)] = queries.read_rows("probe.readings", "SELECT max(time) FROM data")
    assert newest == now + timedelta(seconds=1)
