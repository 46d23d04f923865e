"""Several writers at once: no deadlock that is not retried, no lost count, no change that a cursor skips."""

import random
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.changes import changed_days
from stadt.hub.observations.events import ReadingsStored
from stadt.hub.observations.models import Observation
from stadt.hub.observations.services import (
    Correction,
    ObservationKey,
    correct_observations,
    delete_datastreams,
    delete_observations,
    store_readings,
)
from stadt.hub.observations.tests.city import (
    ACTOR,
    another,
    counted,
    counted_anew,
    days_counted,
    days_counted_anew,
    make_datastreams,
    minutes,
)
from stadt.hub.observations.upkeep import tell_changes

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Any) -> None:
    """Run all in threads of their own, started together; the first failure is raised."""
    start = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Any) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures:
        raise failure


def test_writers_with_overlapping_keys_and_datastreams_store_each_reading_once() -> None:
    ids = make_datastreams(20)
    readings = [Reading(ids[n % 20], minutes(n), float(n), source="s", key=str(n)) for n in range(400)]

    def writer(seed: int) -> Any:
        def work() -> None:
            chance = random.Random(seed)
            mixed = chance.sample(readings, len(readings))
            for start in range(0, len(mixed), 40):
                store_readings(ACTOR, mixed[start : start + 40])

        return work

    at_once(*(writer(seed) for seed in range(4)))
    assert Observation.objects.count() == 400
    assert counted() == counted_anew()
    assert days_counted() == days_counted_anew()


def test_corrections_and_deletions_beside_writers_keep_the_counters_right() -> None:
    ids = make_datastreams(5)
    store_readings(ACTOR, [Reading(ids[n % 5], minutes(n * 60), float(n)) for n in range(200)])
    keys = [
        ObservationKey(*row)
        for row in Observation.objects.order_by("pk").values_list("datastream_id", "phenomenon_time", "id")
    ]

    def write() -> None:
        for n in range(20):
            store_readings(ACTOR, [Reading(number, minutes(n * 97), 5.0) for number in reversed(ids)])

    def correct() -> None:
        for start in range(0, 100, 20):
            correct_observations(ACTOR, [Correction(*key, result=-1.0) for key in keys[start : start + 20]])

    def delete() -> None:
        for start in range(100, 200, 20):
            delete_observations(ACTOR, keys[start : start + 20])

    at_once(write, correct, delete)
    assert Observation.objects.filter(result_number=-1.0).count() == 100
    assert counted() == counted_anew()
    assert days_counted() == days_counted_anew()


def test_a_datastream_deleted_while_readings_arrive_leaves_none_behind() -> None:
    doomed, staying = make_datastreams(2)

    def write() -> None:
        for n in range(60):
            store_readings(ACTOR, [Reading(doomed, minutes(n), 1.0), Reading(staying, minutes(n), 1.0)])

    def delete() -> None:
        delete_datastreams(ACTOR, [doomed])

    at_once(write, delete)
    assert Observation.objects.filter(datastream_id=staying).count() == 60
    assert [row[0] for row in counted()] == [staying]
    assert counted() == counted_anew()


def follow(
    cursor: int, wanted: set[tuple[int, date]], only: list[int] | None = None
) -> tuple[set[tuple[int, date]], int]:
    """Ask for changes until the wanted ones came; other databases' transactions may hold the cursor back for a while."""
    seen: set[tuple[int, date]] = set()
    while not wanted <= seen:
        changes = changed_days(cursor, only)
        seen |= set(changes.days)
        cursor = changes.cursor
    return seen, cursor


def test_a_change_that_commits_late_is_not_skipped_by_the_cursor() -> None:
    first, second = make_datastreams(2)
    day = minutes(0).date()
    start = changed_days().cursor
    with another() as slow:
        append(slow, Batch.of([Reading(first, minutes(0), 1.0)]))
        store_readings(ACTOR, [Reading(second, minutes(0), 1.0)])
        early = changed_days(start)
        assert (first, day) not in early.days
        slow.commit()
    seen, cursor = follow(early.cursor, {(first, day)})
    assert (second, day) in {*early.days, *seen}
    assert cursor > start


def test_changes_are_told_once_a_minute_for_all_readings_together(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[ReadingsStored] = []
    monkeypatch.setattr("stadt.hub.observations.upkeep.publish", told.append)
    first, second, _ = make_datastreams(3)
    store_readings(
        ACTOR, [Reading(first, minutes(n), 1.0) for n in range(50)] + [Reading(second, minutes(1440), 1.0)]
    )
    while not told:
        tell_changes()
    assert told == [ReadingsStored((first, second), minutes(0).date(), minutes(1440).date())]
    follow(0, {(first, minutes(0).date())}, [first])
