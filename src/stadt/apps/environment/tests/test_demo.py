"""The simulated stations are believable, always the same, and speak through the webhook."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from stadt.apps.environment import demo, demo_weather
from stadt.apps.environment.models import Station, Surroundings
from stadt.core.outbound import Answer
from stadt.core.people.actor import Actor
from stadt.core.people.services import ensure_foundations
from stadt.hub.ingest import demo as fleets
from stadt.hub.ingest.mapping import decode
from stadt.hub.ingest.models import RawFrame, Source
from stadt.hub.ingest.tts import Uplink, read_message
from stadt.hub.observations.models import Datastream, Observation
from stadt.hub.observations.multi import FIRST_MULTI_ID
from stadt.hub.places.queries import find_place_at
from stadt.hub.places.services import seed_city_areas

MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)


def of_kind(kind: Surroundings) -> int:
    return next(number for number in range(40) if demo.kind_of(number) is kind)


def values(number: int, name: str, hours: list[int], days: int = 28) -> list[float]:
    moments = [MONDAY + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]
    return [row[name] for row in demo.measure(number, moments)]


def test_the_same_device_and_moment_always_measure_the_same() -> None:
    moments = [MONDAY + timedelta(minutes=n) for n in range(500)]
    assert demo.measure(7, moments)[321] == demo.measure(7, [moments[321]])[0]


def test_rush_hour_shows_at_a_main_road_and_less_in_the_green() -> None:
    road, park = of_kind(Surroundings.TRAFFIC), of_kind(Surroundings.GREEN)
    rise_road = mean(values(road, "no2", [16])) - mean(values(road, "no2", [2]))
    rise_park = mean(values(park, "no2", [16])) - mean(values(park, "no2", [2]))
    assert rise_road > 10 > rise_park


def test_afternoons_are_warmer_than_nights_and_july_than_january() -> None:
    assert mean(values(3, "temperature", [14])) > mean(values(3, "temperature", [3])) + 2
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

    def month(start: datetime) -> float:
        moments = [start + timedelta(hours=n) for n in range(720)]
        return float(mean(row["temperature"] for row in demo.measure(3, moments)))

    assert month(summer) > month(winter) + 10


def test_sundays_are_quieter_than_mondays() -> None:
    road = of_kind(Surroundings.TRAFFIC)
    mondays = [MONDAY + timedelta(days=7 * week, hours=7) for week in range(8)]
    loud = mean(row["noise"] for row in demo.measure(road, mondays))
    quiet = mean(row["noise"] for row in demo.measure(road, [m + timedelta(days=6) for m in mondays]))
    assert loud > quiet + 5


def test_every_simulated_value_is_valid_by_the_profile() -> None:
    from stadt.hub.ingest.mapping import Rule, ValueKind

    rules = [
        Rule(
            row.key,
            (row.path,),
            ValueKind(row.observation_type),
            row.factor,
            row.offset,
            row.minimum,
            row.maximum,
        )
        for row in demo.PROFILE.rows
    ]
    moments = [MONDAY + timedelta(hours=n) for n in range(24 * 365)]
    for number in (0, 1, 3):
        for payload in demo.measure(number, moments):
            assert decode(rules, payload).notes == ()


def test_a_round_says_the_same_as_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = fleets._moment(5, MONDAY)
    [payload] = demo.measure(5, [moment])
    body = fleets.as_webhook_body(demo.FLEET, 5, moment, payload)
    read = read_message(body)
    assert isinstance(read, Uplink)
    eui = fleets._eui(demo.FLEET, 5)
    assert read == fleets._uplink(5, demo.FLEET.device_id(5), eui, moment, payload)
    assert read.simulated


@pytest.mark.django_db
def test_spots_lie_in_the_quarter_they_name() -> None:
    seed_city_areas(Actor.system("test"))
    found = fleets.spots(12, "stations")
    for spot in found:
        area = find_place_at(spot.lon, spot.lat)
        assert area is not None
        assert area.name == spot.quarter
    assert found == fleets.spots(12, "stations")


@pytest.fixture
def short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hours instead of thirty days, two stations instead of forty."""
    monkeypatch.setattr(fleets, "HISTORY", timedelta(hours=3))
    monkeypatch.setattr(fleets, "count_from_city", lambda name, otherwise: 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history")
def test_filling_twice_changes_nothing_and_clearing_leaves_nothing() -> None:
    ensure_foundations()
    told: list[str] = []
    demo.fill(told.append)
    demo.fill(told.append)
    assert Station.objects.count() == 2
    plain = Observation.objects.filter(datastream_id__lt=FIRST_MULTI_ID)
    assert plain.count() == 2 * 12 * 6
    assert set(Observation.objects.values_list("is_simulated", flat=True)) == {True}
    assert RawFrame.objects.count() == 24

    demo.clear()

    assert not Datastream.objects.exists()
    assert not Station.objects.exists()
    assert not Source.objects.exists()
    assert not RawFrame.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history")
def test_a_weather_station_has_three_values_at_once(settings: Settings) -> None:
    ensure_foundations()
    demo.fill(lambda line: None)
    weather = Datastream.objects.get(key=demo_weather.KEY)
    assert weather.pk >= FIRST_MULTI_ID
    assert (weather.is_public, weather.is_simulated) == (True, True)
    assert [unit["definition"] for unit in weather.unit_of_measurements or []] == ["Cel", "%", "m/s"]
    found = Observation.objects.filter(datastream_id=weather.pk)
    before = found.count()
    assert before == fleets.HISTORY // demo_weather.EVERY
    demo_weather.send_round(demo.weather)
    assert found.count() == before
    settings.STADT = replace(settings.STADT, demo=True)
    demo_weather.send_round(demo.weather)
    temperature, humidity, wind = found.latest("phenomenon_time").result_json or []
    assert -30 < temperature < 45
    assert 18 <= humidity <= 100
    assert 0 <= wind < 12


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history")
def test_a_round_posts_one_message_of_each_station(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    ensure_foundations()
    demo.fill(lambda line: None)
    settings.STADT = replace(settings.STADT, demo=True)
    posted: list[tuple[str, dict[str, Any]]] = []

    def call_own(method: str, path: str, *, content: bytes, headers: Mapping[str, str]) -> Answer:
        assert headers["Authorization"].startswith("Bearer stadt_")
        posted.append((path, json.loads(content)))
        return Answer(200, {}, b"", path)

    monkeypatch.setattr(fleets, "call_own", call_own)
    demo.send_round()

    assert [path for path, _ in posted] == ["/ingest/tts/demo-umwelt"] * 2
    assert [body["end_device_ids"]["device_id"] for _, body in posted] == ["station-0001", "station-0002"]
    assert all(body["simulated"] is True for _, body in posted)


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history")
def test_nothing_is_posted_where_the_demo_is_off(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    ensure_foundations()
    demo.fill(lambda line: None)
    settings.STADT = replace(settings.STADT, demo=False)
    monkeypatch.setattr(fleets, "call_own", lambda *a, **k: pytest.fail("somebody was called"))
    assert fleets.send_round(demo.FLEET) == 0
