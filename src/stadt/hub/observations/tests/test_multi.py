"""MultiDatastreams in the store: kept apart by their ids, of one size, and out of what reads single values."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.models import Datastream, DatastreamTombstone, Observation
from stadt.hub.observations.multi import FIRST_MULTI_ID
from stadt.hub.observations.queries import find_datastreams, latest, latest_of_things
from stadt.hub.observations.revisions import Correction, ObservationKey, correct_observations
from stadt.hub.observations.services import (
    MultiDatastreamSpec,
    PropertySpec,
    ValueSpec,
    delete_things,
    register_multi_datastream,
    store_readings,
)
from stadt.hub.observations.tests.city import ACTOR, CELSIUS, SENSOR, TEMPERATURE, make_thing, minutes, raw

pytestmark = pytest.mark.django_db
SKY = PropertySpec("sky", "Himmel", "https://vocab.example/sky")


def spec(*values: ValueSpec, thing_key: str = "station") -> MultiDatastreamSpec:
    values = values or (ValueSpec(TEMPERATURE, CELSIUS), ValueSpec(SKY, None))
    return MultiDatastreamSpec("station/multi", "Wetter", thing_key, SENSOR, values, is_public=True)


def make_multi() -> int:
    make_thing(count=1)
    return register_multi_datastream(ACTOR, spec())


def test_registering_twice_makes_one_with_its_properties_in_order() -> None:
    number = make_multi()
    assert number >= FIRST_MULTI_ID
    assert register_multi_datastream(ACTOR, spec()) == number
    stream = Datastream.objects.get(pk=number)
    names = stream.multi_properties.order_by("position").values_list("observed_property__key", flat=True)
    assert list(names) == ["air_temperature", "sky"]
    assert stream.unit_of_measurements == [
        {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"},
        {"name": None, "symbol": None, "definition": None},
    ]


def test_a_key_keeps_its_number_of_values_and_a_thing_must_be_there() -> None:
    make_multi()
    with pytest.raises(Conflict):
        register_multi_datastream(ACTOR, spec(ValueSpec(SKY, None)))
    with pytest.raises(NotFound):
        register_multi_datastream(ACTOR, spec(thing_key="nowhere"))


@pytest.mark.parametrize("result", [1, "x", [1], [1, 2, 3], {"a": 1}, [[1, 2]]])
def test_every_writer_refuses_results_of_another_size(result: object) -> None:
    number = make_multi()
    readings = [
        Reading(number, minutes(0), [20.5, "klar"]),
        Reading(number, minutes(1), result),
        Reading(number, minutes(2), [None, "klar"]),
    ]
    found = store_readings(ACTOR, readings)
    assert [(item.row, item.field) for item in found.refusals] == [(1, "result")]
    assert found.stored == 2
    key = ObservationKey(number, minutes(0), found.ids[0])
    with pytest.raises(Invalid):
        correct_observations(ACTOR, [Correction(*key, result=result)])
    assert append(raw(), Batch.of(readings), whole=True).stored == 0


def test_the_maintained_state_knows_the_newest_list() -> None:
    number = make_multi()
    store_readings(ACTOR, [Reading(number, minutes(n), [n, "klar"]) for n in range(5)])
    state = Datastream.objects.get(pk=number).state
    assert (state.count, state.last_number, state.last_json) == (5, None, [4, "klar"])


def test_what_reads_single_values_does_not_see_it() -> None:
    number = make_multi()
    store_readings(ACTOR, [Reading(number, minutes(0), [1, "klar"])])
    assert [info.key for info in find_datastreams()] == ["station/0"]
    assert find_datastreams(ids=[number]) == []
    (thing,) = latest_of_things()
    assert thing.values == {}
    assert latest(["station/multi"])["station/multi"].value == [1, "klar"]  # asked for by its own key


@pytest.mark.parametrize(
    "change",
    [
        "observed_property_id = (SELECT min(id) FROM observations_observedproperty)",
        "multi_observation_data_types = '[\"x\"]'",
        "unit_of_measurements = NULL",
        "id = 5",
    ],
)
def test_the_database_keeps_both_kinds_apart(change: str) -> None:
    number = make_multi()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE observations_datastream SET {change} WHERE id = %s", [number])


def test_it_goes_with_its_thing_and_leaves_a_tombstone() -> None:
    number = make_multi()
    store_readings(ACTOR, [Reading(number, minutes(0), [1, "klar"])])
    thing = Datastream.objects.get(pk=number).thing_id
    delete_things(ACTOR, [thing])
    assert not Datastream.objects.filter(pk=number).exists()
    assert DatastreamTombstone.objects.get(datastream_id=number).count == 1
    assert Observation.objects.filter(datastream_id=number).exists()  # until the job purges it
