"""Reads: bounded, set-wise, and only what may be seen."""

from datetime import UTC, date, datetime, timedelta

import pytest

from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.observations import queries
from stadt.hub.observations.batch import Reading
from stadt.hub.observations.queries import Visibility
from stadt.hub.observations.services import (
    ThingSpec,
    delete_observations,
    register_thing,
    set_publication,
    store_readings,
)
from stadt.hub.observations.tests.city import ACTOR, NOON, make_datastreams, make_thing, minutes, stream
from stadt.hub.observations.tests.test_services import keys_of

pytestmark = pytest.mark.django_db


def test_the_newest_values_of_datastreams_and_things() -> None:
    thing = make_thing("station", 2)
    first = thing.datastreams["station/0"]
    store_readings(ACTOR, [Reading(first, minutes(n), float(n), result_quality=2) for n in (1, 3, 2)])
    [found] = queries.latest(["station/0", "station/1", "unknown"]).values()
    assert (found.key, found.time, found.value, found.quality) == ("station/0", minutes(3), 3.0, 2)
    [now] = queries.latest_of_things(thing_key_prefix="stat", property_keys=["air_temperature"])
    assert (now.key, now.lon, now.lat) == ("station", 7.1, 51.5)
    assert now.values["air_temperature"].value == 3.0


def test_texts_and_objects_come_back_as_they_went_in() -> None:
    [number] = make_datastreams(1)
    store_readings(ACTOR, [Reading(number, minutes(0), {"offen": True}), Reading(number, minutes(1), "voll")])
    assert queries.latest(["station/0"])["station/0"].value == "voll"
    assert [row.value for row in queries.newest(number)] == ["voll", {"offen": True}]


def test_things_are_found_by_their_properties() -> None:
    for key, category in (("a", "waste"), ("b", "air")):
        register_thing(
            ACTOR, ThingSpec(key, key, properties={"category": category}, datastreams=(stream(f"{key}/0"),))
        )
    [thing] = queries.latest_of_things(thing_properties={"category": "waste"})
    assert (thing.key, thing.values) == ("a", {})


def test_who_may_see_what() -> None:
    office = Organisation.objects.create(key="office", name="office")
    spec = ThingSpec(
        "station",
        "Station",
        organisation_id=office.pk,
        datastreams=(stream("hidden", is_public=False), stream("open")),
    )
    ids = register_thing(ACTOR, spec).datastreams
    store_readings(ACTOR, [Reading(number, minutes(0), 1.0) for number in ids.values()])
    member = Visibility.of(Actor("user", "1", {"observations.read": frozenset({office.pk})}))
    stranger = Visibility.of(Actor("user", "2", {"observations.read": frozenset({office.pk + 1})}))

    def seen(visibility: Visibility) -> list[set[object]]:
        numbers = list(ids.values())
        return [
            {ids_of[item.id] for item in queries.find_datastreams(visibility=visibility)},
            set(queries.latest(["hidden", "open"], visibility=visibility)),
            {
                ids_of[item.datastream_id]
                for item in queries.series(numbers, NOON, minutes(1), visibility=visibility)
            },
            {
                ids_of[item.datastream_id]
                for item in queries.observations(numbers, NOON, minutes(1), visibility=visibility)
            },
            {ids_of[number] for number in queries.counts(numbers, visibility=visibility)},
            {key for key, number in ids.items() if queries.newest(number, visibility=visibility)},
        ]

    ids_of = {number: key for key, number in ids.items()}
    assert seen(Visibility.PUBLIC) == seen(stranger) == [{"open"}] * 6
    assert seen(member) == seen(Visibility.ALL) == seen(Visibility.of(ACTOR)) == [{"hidden", "open"}] * 6
    set_publication(ACTOR, [ids["open"]], False)
    assert seen(Visibility.PUBLIC) == [set()] * 6


def test_a_series_in_buckets() -> None:
    first, second = make_datastreams(2)
    readings = [Reading(first, minutes(n * 10), float(n), is_simulated=n == 7) for n in range(12)]
    store_readings(
        ACTOR, [*readings, Reading(second, minutes(5), 9.0), Reading(second, minutes(6), "kaputt")]
    )
    found = queries.series([second, first], NOON, minutes(120), timedelta(hours=1))
    assert [
        (item.datastream_id, item.time, item.mean, item.minimum, item.maximum, item.count) for item in found
    ] == [
        (first, minutes(0), 2.5, 0.0, 5.0, 6),
        (first, minutes(60), 8.5, 6.0, 11.0, 6),
        (second, minutes(0), 9.0, 9.0, 9.0, 1),
    ]
    assert [item.is_simulated for item in found] == [False, True, False]
    assert len(queries.series([first], minutes(10), minutes(30))) == 2
    assert queries.series([first], minutes(500), minutes(900), timedelta(hours=1)) == []


def test_a_day_of_a_series_is_a_local_day() -> None:
    [number] = make_datastreams(1)
    spring_forward = datetime(2026, 3, 28, 23, tzinfo=UTC)  # 2026-03-29 00:00 in Berlin, a day of 23 hours
    store_readings(ACTOR, [Reading(number, spring_forward + timedelta(hours=n), 1.0) for n in range(24)])
    found = queries.series([number], spring_forward, spring_forward + timedelta(days=2), timedelta(days=1))
    assert [(item.time, item.count) for item in found] == [
        (spring_forward, 23),
        (spring_forward + timedelta(hours=23), 1),
    ]


@pytest.mark.parametrize("limit", [1, 3, 10, 11, 500])
def test_the_newest_observations_across_days_and_months(limit: int) -> None:
    [number] = make_datastreams(1)
    store_readings(ACTOR, [Reading(number, minutes(-n * 5000), float(n)) for n in range(11)])
    assert [row.value for row in queries.newest(number, limit)] == [float(n) for n in range(min(limit, 11))]


def test_counts_are_exact() -> None:
    first, second = make_datastreams(2)
    store_readings(ACTOR, [Reading(first, minutes(n), 1.0) for n in range(7)])
    assert queries.counts([first, second]) == {first: 7, second: 0}


def test_all_observations_as_a_stream_in_order() -> None:
    first, second = make_datastreams(2)
    store_readings(
        ACTOR, [Reading(number, minutes(n), float(n)) for n in (2, 0, 1) for number in (second, first)]
    )
    rows = list(queries.observations([second, first], NOON, minutes(2)))
    assert [(row.datastream_id, row.value) for row in rows] == [
        (first, 0.0),
        (first, 1.0),
        (second, 0.0),
        (second, 1.0),
    ]


def test_fingerprints_change_with_every_kind_of_change_and_only_then() -> None:
    first, second, third = make_datastreams(3)
    span = (date(2026, 1, 1), date(2027, 1, 1))
    store_readings(
        ACTOR, [Reading(number, minutes(n * 1440), 1.0) for number in (first, second) for n in range(3)]
    )

    def marks() -> dict[date, object]:
        return {item.day: item for item in queries.day_fingerprints([first, second], *span)}

    before = marks()
    assert [item.count for item in queries.day_fingerprints([first, second], *span)] == [2, 2, 2]
    [month] = queries.month_fingerprints([first, second], *span)
    assert (month.month, month.count) == (date(2026, 3, 1), 6)
    store_readings(ACTOR, [Reading(third, minutes(0), 1.0)])
    assert marks() == before
    delete_observations(ACTOR, [keys_of(first)[1]])
    after = marks()
    assert [day for day in before if before[day] != after[day]] == [minutes(1440).date()]
