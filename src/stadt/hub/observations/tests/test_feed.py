"""The feed of changes: what leaves a row, and what is forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from stadt.core.people.actor import Actor
from stadt.core.people.models import Setting
from stadt.hub.observations import feed
from stadt.hub.observations.batch import Reading
from stadt.hub.observations.models import Change, Location, Thing
from stadt.hub.observations.services import Correction, correct_observations, store_readings
from stadt.hub.observations.tests.city import make_datastreams

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("job:test")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def rows() -> list[feed.Change]:
    """All changes, in the order in which they were noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transaction, id, entity, is_new, names, ids, datastream_ids, first_time, last_time"
            " FROM observations_change ORDER BY transaction, id"
        )
        return [feed.Change.of_row(row) for row in cursor.fetchall()]


def test_entities_made_by_any_door_leave_a_row_with_their_ids() -> None:
    made = Thing.objects.bulk_create([Thing(name="a"), Thing(name="b")])
    (change,) = rows()
    assert (change.entity, change.is_new, change.ids) == ("Thing", True, (made[0].pk, made[1].pk))


def test_a_change_names_the_columns_that_changed() -> None:
    place = Location.objects.create(name="old", location={"type": "Point", "coordinates": [7, 51]})
    Location.objects.filter(pk=place.pk).update(name="new", description="")
    change = rows()[-1]
    assert (change.entity, change.is_new, change.names) == ("Location", False, ("name",))


def test_an_update_that_changes_nothing_leaves_no_row() -> None:
    place = Location.objects.create(name="old", location={})
    before = len(rows())
    place.save()
    assert len(rows()) == before


def test_observations_leave_one_row_for_a_thousand() -> None:
    stream = make_datastreams(1)[0]
    before = len(rows())
    readings = [Reading(stream, NOON + timedelta(seconds=n), n) for n in range(2_500)]
    ids = store_readings(SYSTEM, readings).ids
    noted = rows()[before:]
    assert sorted(len(change.ids) for change in noted) == [500, 1_000, 1_000]
    assert sorted(number for change in noted for number in change.ids) == sorted(ids)
    assert {number for change in noted for number in change.datastream_ids} == {stream}
    assert min(change.first_time for change in noted) == NOON


def test_a_duplicate_leaves_no_row() -> None:
    stream = make_datastreams(1)[0]
    readings = [Reading(stream, NOON, 1, source="s", key="k")]
    store_readings(SYSTEM, readings)
    before = len(rows())
    assert store_readings(SYSTEM, readings).duplicates == (0,)
    assert len(rows()) == before


def test_a_correction_names_what_was_corrected_and_where_it_is_now() -> None:
    stream = make_datastreams(1)[0]
    (stored,) = store_readings(SYSTEM, [Reading(stream, NOON, 1)]).ids
    later = NOON + timedelta(hours=1)
    correct_observations(SYSTEM, [Correction(stream, NOON, stored, result=2, moved_to=later)])
    change = [found for found in rows() if found.entity == "Observation"][-1]
    assert (change.is_new, change.names, change.ids) == (False, ("result", "moved_to"), (stored,))
    assert change.first_time == change.last_time == later


def test_the_feed_forgets_what_is_old_by_whole_transactions_and_says_so() -> None:
    Thing.objects.create(name="a")
    Thing.objects.create(name="b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE observations_change SET transaction = 5, noted_at = now() - interval '2 days'")
    Thing.objects.create(name="c")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE observations_change SET transaction = 6 WHERE transaction > 5")
    feed.forget_changes()
    assert [change.entity for change in rows()] == ["Thing"]
    assert Setting.objects.get(key=feed.FORGOTTEN).value == 5


def test_the_feed_forgets_what_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST_ENTITIES_KEPT", 3)
    for number in range(1, 6):
        Thing.objects.create(name="a")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE observations_change SET transaction = %s WHERE transaction > 5", [number])
    feed.forget_changes()
    assert Change.objects.count() == 3


def test_changes_of_another_life_of_the_database_are_forgotten() -> None:
    Thing.objects.create(name="a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE observations_change SET transaction = %s", [2**60])
    feed.forget_changes()
    assert rows() == []
    assert not Setting.objects.filter(key=feed.FORGOTTEN).exists()


def test_a_writer_that_rolls_back_leaves_nothing() -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), connection.cursor() as cursor:
        _fail(cursor.connection)
    assert rows() == []


def _fail(raw: Any) -> None:
    with raw.transaction():
        raw.execute("INSERT INTO observations_thing (name, description, properties) VALUES ('x', '', '{}')")
        raw.execute("SELECT 1 / 0")
