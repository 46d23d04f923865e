"""Partitions: one for each month, made on demand by whoever needs it first, and never by mistake."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading, months_later
from stadt.hub.observations.models import Observation
from stadt.hub.observations.tests.city import another, make_datastreams, minutes, raw
from stadt.hub.observations.upkeep import find_missing_month, make_months, months_ahead

pytestmark = pytest.mark.django_db(transaction=True)


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'observations_observation'::regclass"
        )
        return {name.removeprefix("observations_observation_") for (name,) in cursor.fetchall()}


@pytest.fixture
def no_months() -> Iterator[None]:
    """The test's database keeps its tables: drop what tests made on demand."""
    drop_months()
    yield
    drop_months()
    make_months()


def drop_months() -> None:
    with connection.cursor() as cursor:
        for name in partitions() - {"before_2000"}:
            cursor.execute(f"DROP TABLE observations_observation_{name}")


@pytest.mark.usefixtures("no_months")
def test_readings_make_their_months_and_old_ones_share_a_partition() -> None:
    [number] = make_datastreams(1)
    moments = [
        datetime(1800, 1, 1, tzinfo=UTC),
        datetime(2000, 1, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2014, 2, 1, tzinfo=UTC),
    ]
    append(raw(), Batch.of([Reading(number, moment, 1.0) for moment in moments]))
    assert partitions() == {"before_2000", "2000_01", "2014_02"}
    assert Observation.objects.count() == 3


@pytest.mark.usefixtures("no_months")
def test_sessions_that_need_the_same_new_months_at_once_all_succeed() -> None:
    ids = make_datastreams(4)
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with another() as city:
                start.wait()
                for year in range(2001, 2003):
                    moments = [datetime(year, month, 1, tzinfo=UTC) for month in range(1, 13)]
                    append(city, Batch.of([Reading(number, moment, 1.0) for moment in moments]))
                    city.commit()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Observation.objects.count() == 4 * 24
    assert len(partitions()) == 25


@pytest.mark.usefixtures("no_months")
def test_a_new_month_does_not_wait_for_readers_or_writers_of_others() -> None:
    first, second = make_datastreams(2)
    append(raw(), Batch.of([Reading(first, minutes(0), 1.0)]))
    with another() as writer, another() as city:
        append(writer, Batch.of([Reading(first, minutes(1), 1.0)]))
        writer.execute("SELECT * FROM observations_observation").fetchall()
        city.execute("SET lock_timeout = '2s'")
        assert append(city, Batch.of([Reading(second, datetime(2010, 1, 1, tzinfo=UTC), 1.0)])).stored == 1
        city.commit()
    assert "2010_01" in partitions()


@pytest.mark.usefixtures("no_months")
def test_a_month_whose_transaction_failed_is_made_again() -> None:
    [number] = make_datastreams(1)
    reading = Reading(number, datetime(2011, 7, 1, tzinfo=UTC), 1.0)
    with another() as city:
        append(city, Batch.of([reading]))
        city.rollback()
        assert "2011_07" not in partitions()
        append(city, Batch.of([reading]))
        city.commit()
    assert "2011_07" in partitions()


def test_the_far_future_is_refused_by_the_row_and_by_the_database() -> None:
    [number] = make_datastreams(1)
    limit = months_later(datetime.now(UTC), 24)
    batch = Batch.of(
        [
            Reading(number, limit - timedelta(minutes=1), 1.0),
            Reading(number, limit + timedelta(minutes=1), 1.0),
        ]
    )
    result = append(raw(), batch)
    assert [(item.row, item.field) for item in result.refusals] == [(1, "phenomenon_time")]
    with another(autocommit=True) as city, pytest.raises(psycopg.errors.DatetimeFieldOverflow):
        city.execute("SELECT observations_ensure_months(ARRAY[date '9999-12-01'])")


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 11, 30), date(2028, 11, 30)), (date(2024, 2, 29), date(2026, 2, 28))]
)
def test_a_day_that_the_later_month_does_not_have_becomes_its_last(start: date, end: date) -> None:
    moment = datetime(start.year, start.month, start.day, 7, tzinfo=UTC)
    assert months_later(moment, 24).date() == end


@pytest.mark.usefixtures("no_months")
def test_the_job_makes_months_ahead_and_the_check_says_when_it_did_not() -> None:
    missing = find_missing_month()
    assert missing is not None
    assert f"{months_ahead()[0]:%Y-%m}" in missing
    make_months()
    assert find_missing_month() is None
    assert {f"{month:%Y_%m}" for month in months_ahead()} <= partitions()


def explained(query: str, *parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_a_bounded_read_opens_one_partition() -> None:
    [number] = make_datastreams(1)
    append(raw(), Batch.of([Reading(number, minutes(0), 1.0)]))
    plan = explained(
        "SELECT * FROM observations_observation WHERE datastream_id = 1 AND phenomenon_time >= %s"
        " AND phenomenon_time < %s ORDER BY phenomenon_time DESC, id DESC LIMIT 100",
        minutes(0),
        minutes(60),
    )
    assert "Append" not in plan
    assert "Sort" not in plan
