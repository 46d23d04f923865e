"""The verbs: registering, publishing, correcting and deleting."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Organisation
from stadt.hub.observations.batch import Reading
from stadt.hub.observations.models import (
    Datastream,
    DatastreamState,
    DatastreamTombstone,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservationRevision,
    Thing,
)
from stadt.hub.observations.removal import purge
from stadt.hub.observations.services import (
    Correction,
    DatastreamSpec,
    ObservationKey,
    ThingSpec,
    Unit,
    correct_observations,
    delete_datastreams,
    delete_observations,
    delete_things,
    register_thing,
    register_things,
    set_publication,
    store_readings,
)
from stadt.hub.observations.tests.city import (
    ACTOR,
    SENSOR,
    TEMPERATURE,
    counted,
    counted_anew,
    days_counted,
    days_counted_anew,
    make_datastreams,
    make_thing,
    minutes,
    stream,
)

pytestmark = pytest.mark.django_db


def keys_of(datastream_id: int) -> list[ObservationKey]:
    rows = Observation.objects.filter(datastream_id=datastream_id).order_by("phenomenon_time", "id")
    return [ObservationKey(*row) for row in rows.values_list("datastream_id", "phenomenon_time", "id")]


def test_registering_twice_makes_one_thing_and_renews_its_description() -> None:
    first = make_thing("station")
    again = register_thing(
        ACTOR, ThingSpec("station", "Neuer Name", lon=7.1, lat=51.5, datastreams=(stream("station/0"),))
    )
    assert again.id == first.id
    assert again.datastreams["station/0"] == first.datastreams["station/0"]
    assert Thing.objects.get().name == "Neuer Name"
    assert Datastream.objects.count() == DatastreamState.objects.count() == 3


def test_many_things_are_registered_in_the_order_given() -> None:
    specs = [ThingSpec(f"t{n}", f"Gerät {n}", datastreams=(stream(f"t{n}/a"),)) for n in (3, 1, 2)]
    assert [thing.key for thing in register_things(ACTOR, specs)] == ["t3", "t1", "t2"]


def test_a_thing_that_moves_gets_a_location_and_a_historical_one() -> None:
    make_thing("station")
    assert HistoricalLocation.objects.count() == 1
    make_thing("station")
    assert HistoricalLocation.objects.count() == 1
    register_thing(ACTOR, ThingSpec("station", "Station station", lon=7.2, lat=51.6))
    [location] = Thing.objects.get().locations.all()
    assert (location.lon, location.lat) == (7.2, 51.6)
    assert location.location == {"type": "Point", "coordinates": [7.2, 51.6]}
    assert Location.objects.count() == HistoricalLocation.objects.count() == 2


def test_what_observes_from_a_new_place_observes_another_feature() -> None:
    make_thing("station")
    feature = FeatureOfInterest.objects.create(
        name="Alter Platz", feature={"type": "Point", "coordinates": [7, 51]}
    )
    Datastream.objects.update(feature=feature)
    register_thing(ACTOR, ThingSpec("station", "Station station", lon=7.3, lat=51.7))
    assert set(Datastream.objects.values_list("feature", flat=True)) == {None}


def test_a_unit_never_changes_under_readings() -> None:
    number = make_datastreams(1)[0]
    fahrenheit = DatastreamSpec(
        "station/0", "Temperatur", TEMPERATURE, Unit("Fahrenheit", "°F", "[degF]"), SENSOR
    )
    spec = ThingSpec("station", "Station", datastreams=(fahrenheit,))
    register_thing(ACTOR, spec)
    store_readings(ACTOR, [Reading(number, minutes(0), 68.0)])
    register_thing(ACTOR, spec)
    with pytest.raises(Conflict, match="neuen Datenstrom"):
        make_datastreams(1)


def test_publication_is_not_changed_by_registering_again() -> None:
    ids = make_datastreams(2, is_public=False)
    assert set_publication(ACTOR, ids, True) == 2
    assert set_publication(ACTOR, ids, True) == 0
    make_datastreams(2, is_public=False)
    assert Datastream.objects.filter(is_public=True).count() == 2
    assert AuditEntry.objects.filter(verb="set_publication").count() == 1


@pytest.mark.parametrize(
    "spec",
    [
        ThingSpec("", "ohne Schlüssel"),
        ThingSpec("a", "ohne Breite", lon=7.0),
        ThingSpec("a", "fern der Erde", lon=700.0, lat=51.0),
        ThingSpec("a", "doppelt", datastreams=(stream("a/1"), stream("a/1"))),
    ],
)
def test_an_impossible_thing_is_refused_as_a_whole(spec: ThingSpec) -> None:
    with pytest.raises(Invalid):
        register_things(ACTOR, [ThingSpec("good", "gut"), spec])
    assert not Thing.objects.exists()


def test_who_may_not_is_refused() -> None:
    office, other = (Organisation.objects.create(key=key, name=key) for key in ("office", "other"))
    spec = ThingSpec("station", "Station", organisation_id=office.pk, datastreams=(stream("station/0"),))
    stranger = Actor.anonymous()
    member = Actor(
        "user",
        "1",
        {"observations.manage": frozenset({other.pk}), "observations.write": frozenset({other.pk})},
    )
    with pytest.raises(SignInNeeded):
        register_thing(stranger, spec)
    with pytest.raises(Forbidden):
        register_thing(member, spec)
    number = register_thing(ACTOR, spec).datastreams["station/0"]
    with pytest.raises(Forbidden):
        store_readings(member, [Reading(number, minutes(0), 1.0)])
    store_readings(ACTOR, [Reading(number, minutes(0), 1.0)])
    [key] = keys_of(number)
    with pytest.raises(Forbidden):
        set_publication(member, [number], False)
    with pytest.raises(Forbidden):
        correct_observations(member, [Correction(*key, result=2.0)])
    with pytest.raises(Forbidden):
        delete_observations(member, [key])
    with pytest.raises(Forbidden):
        delete_datastreams(member, [number])
    assert Observation.objects.get().result_number == 1.0


def test_readings_are_stored_in_parts_and_rows_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stadt.hub.observations.services.ROWS_PER_TRANSACTION", 10)
    number = make_datastreams(1)[0]
    readings = [Reading(number, minutes(n), float(n), source="s", key=f"{n % 25}") for n in range(30)]
    readings[12] = Reading(number + 999, minutes(12), 1.0)
    result = store_readings(ACTOR, readings)
    assert result.duplicates == (25, 26, 27, 28, 29)
    assert [item.row for item in result.refusals] == [12]
    assert result.ids[25:] == result.ids[:5]
    assert result.stored == Observation.objects.count() == 24


def test_a_correction_keeps_the_id_and_what_was_before() -> None:
    number = make_datastreams(1)[0]
    store_readings(ACTOR, [Reading(number, minutes(n), float(n), parameters={"n": n}) for n in range(3)])
    keys = keys_of(number)
    assert (
        correct_observations(ACTOR, [Correction(*keys[2], result="defekt", result_quality={"flag": 4})]) == 1
    )
    assert correct_observations(ACTOR, [Correction(*keys[2], result=7.5)]) == 1
    row = Observation.objects.get(id=keys[2].id)
    assert (row.result_number, row.result_json, row.result_quality, row.revision) == (
        7.5,
        None,
        {"flag": 4},
        3,
    )
    assert row.parameters == {"n": 2}
    past = ObservationRevision.objects.order_by("revision")
    assert [(old.revision, old.result_number, old.result_json, old.is_tombstone) for old in past] == [
        (1, 2.0, None, False),
        (2, None, "defekt", False),
    ]
    assert counted() == counted_anew()
    assert DatastreamState.objects.get().last_number == 7.5


def test_a_correction_may_move_an_observation_to_another_month() -> None:
    number = make_datastreams(1)[0]
    store_readings(ACTOR, [Reading(number, minutes(n), float(n)) for n in range(3)])
    moved = datetime(2009, 5, 6, tzinfo=UTC)
    correct_observations(
        ACTOR,
        [Correction(*keys_of(number)[1], moved_to=moved, phenomenon_time_end=moved + timedelta(hours=1))],
    )
    assert Observation.objects.get(phenomenon_time=moved).result_number == 1.0
    assert counted() == counted_anew()
    assert days_counted() == days_counted_anew()


def test_a_wrong_correction_changes_nothing() -> None:
    number = make_datastreams(1)[0]
    store_readings(ACTOR, [Reading(number, minutes(n), float(n)) for n in range(2)])
    first, second = keys_of(number)
    with pytest.raises(Invalid) as refused:
        correct_observations(
            ACTOR, [Correction(*first, result=5.0), Correction(*second, result=float("inf"))]
        )
    assert refused.value.fields[0].field == "1.result"
    with pytest.raises(NotFound):
        correct_observations(
            ACTOR, [Correction(*first, result=5.0), Correction(number, minutes(9), 12345, result=1.0)]
        )
    assert list(Observation.objects.values_list("result_number", flat=True).order_by("id")) == [0.0, 1.0]
    assert not ObservationRevision.objects.exists()


def test_a_deletion_leaves_a_tombstone_and_right_counters() -> None:
    first, second = make_datastreams(2)
    store_readings(
        ACTOR, [Reading(first, minutes(n * 700), float(n), result_time=minutes(n * 700)) for n in range(6)]
    )
    store_readings(ACTOR, [Reading(second, minutes(0), 1.0)])
    keys = keys_of(first)
    assert delete_observations(ACTOR, [keys[0], keys[3], keys[5], *keys_of(second)]) == 4
    assert delete_observations(ACTOR, [keys[0]]) == 0
    assert counted() == counted_anew()
    assert days_counted() == days_counted_anew()
    assert ObservationRevision.objects.filter(is_tombstone=True).count() == 4
    assert DatastreamState.objects.get(pk=second).last_id is None


def test_a_deleted_datastream_is_gone_at_once_and_purged_afterwards() -> None:
    doomed, staying = make_datastreams(2)
    moments = [datetime(1990, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, tzinfo=UTC), minutes(0)]
    store_readings(
        ACTOR, [Reading(number, moment, 1.0) for number in (doomed, staying) for moment in moments]
    )
    assert delete_datastreams(ACTOR, [doomed, 999_999]) == 1
    assert not Datastream.objects.filter(pk=doomed).exists()
    assert store_readings(ACTOR, [Reading(doomed, minutes(1), 1.0)]).refusals[0].field == "datastream_id"
    tombstone = DatastreamTombstone.objects.get()
    assert (tombstone.key, tombstone.count, tombstone.first_time) == ("station/0", 3, moments[0])
    purge()
    assert set(Observation.objects.values_list("datastream_id", flat=True)) == {staying}
    assert Observation.objects.count() == 3
    assert DatastreamTombstone.objects.get().purged_at is not None


def test_a_deleted_thing_takes_its_datastreams_with_it() -> None:
    thing = make_thing("station")
    store_readings(ACTOR, [Reading(number, minutes(0), 1.0) for number in thing.datastreams.values()])
    assert delete_things(ACTOR, [thing.id]) == 1
    assert not Thing.objects.exists()
    assert not Datastream.objects.exists()
    assert DatastreamTombstone.objects.count() == 3


def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", "observations", check=True, dry_run=True, verbosity=0)
