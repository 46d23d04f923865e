"""Stations as they are now, and their hourly means."""

from datetime import timedelta

import pytest

from stadt.apps.environment import queries, services
from stadt.apps.environment.air_quality import AirClass
from stadt.apps.environment.summary import summarise
from stadt.apps.environment.tests.stations import hour_ago, make_source, make_station, quarters, send
from stadt.hub.datasets.declaration import Span
from stadt.hub.ingest.demo import ACTOR

pytestmark = pytest.mark.django_db


def means(hours: int = 1) -> list[dict[str, object]]:
    return list(queries.hourly_means(Span(hour_ago(hours), hour_ago(-1))))


def test_a_station_is_a_place_that_reports_can_name_and_each_change_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "tell_sites_changed", told.append)
    station = make_station(is_simulated=True)
    [spot] = queries.spots()
    assert (spot.name, spot.external_id, spot.is_simulated) == ("Station 1 (U-1)", "U-1", True)
    services.remove_station(ACTOR, station)
    assert list(queries.spots()) == []
    assert told == [services.SITES] * 2


def test_an_hourly_mean_is_the_mean_of_its_readings() -> None:
    make_station()
    send(make_source(), quarters(hour_ago(1), {"pm10": 10}, {"pm10": 20}, {"pm10": 30}, {"pm10": 40}))
    [row] = means()
    assert (row["number"], row["hour"], row["pm10"], row["readings"]) == ("U-1", hour_ago(1), 25.0, 4)


def test_three_of_four_quarter_hours_make_a_valid_mean_and_two_do_not() -> None:
    make_station()
    source = make_source()
    send(source, quarters(hour_ago(2), {"pm10": 10}, {"pm10": 10}, {"pm10": 10}))
    many_in_one_quarter = {hour_ago(1) + timedelta(minutes=n): {"pm10": 10} for n in range(14)}
    send(source, many_in_one_quarter | {hour_ago(1) + timedelta(minutes=20): {"pm10": 10}})
    assert [row["pm10"] for row in means(2)] == [10.0, None]


def test_levels_are_averaged_by_energy() -> None:
    make_station()
    send(make_source(), quarters(hour_ago(1), {"noise": 50}, {"noise": 50}, {"noise": 50}, {"noise": 80}))
    [row] = means()
    assert row["noise"] == pytest.approx(73.99, abs=0.02)  # 10 lg((3 * 10^5 + 10^8) / 4)


def test_the_running_hour_has_no_mean_yet() -> None:
    make_station()
    send(make_source(), {hour_ago(0): {"pm10": 10}})
    assert means() == []


def test_values_outside_the_valid_range_do_not_count() -> None:
    make_station()
    send(make_source(), quarters(hour_ago(1), {"pm10": 10}, {"pm10": 10}, {"pm10": 10}, {"pm10": -999}))
    [row] = means()
    assert row["pm10"] == 10.0


def test_a_station_knows_its_newest_values_and_the_air_of_the_last_full_hour() -> None:
    station = make_station()
    air = {"pm10": 8, "pm2_5": 16, "no2": 9, "temperature": 12.5}
    send(make_source(), quarters(hour_ago(1), air, air, air, air) | {hour_ago(0): {"temperature": 13.0}})
    [now] = queries.stations_now([station])
    assert now.number("temperature") == 13.0
    assert (now.air, now.decided_by) == (AirClass.MODERATE, "pm2-5")
    assert now.is_fresh(hour_ago(0))
    assert not now.is_simulated


def test_simulated_readings_make_what_is_shown_simulated() -> None:
    make_station()
    send(make_source(), quarters(hour_ago(1), *[{"pm10": 10}] * 4), simulated=True)
    [now] = queries.stations_now()
    assert now.is_simulated
    assert [row["simulated"] for row in queries.measurement_rows(Span(hour_ago(1), hour_ago(0)))] == [True]


def test_hours_without_a_valid_mean_are_no_rows() -> None:
    make_station()
    send(make_source(), quarters(hour_ago(1), {"pm10": 10}))
    assert list(queries.measurement_rows(Span(hour_ago(1), hour_ago(0)))) == []


def test_the_sentence_counts_good_air_and_names_the_worst_place() -> None:
    make_station(0)
    make_station(1)
    source = make_source()
    send(source, quarters(hour_ago(1), *[{"pm10": 5}] * 4))
    send(source, quarters(hour_ago(1), *[{"pm10": 95}] * 4), number=1)
    sentence = summarise(queries.stations_now()).sentence
    assert sentence == (
        "An 1 von 2 Stationen war die Luft in der letzten vollen Stunde gut oder sehr gut."
        " Am schlechtesten: Station 2 (sehr schlecht)."
    )


def test_without_stations_the_sentence_says_so() -> None:
    assert summarise([]).sentence == "Die Stadt hat noch keine Messstation eingetragen."


def test_a_thing_that_measures_and_is_no_station_yet_can_be_chosen() -> None:
    send(make_source(), {hour_ago(1): {"pm10": 10}})
    assert [key for key, _ in queries.free_things()] == ["demo-umwelt/station-0001"]
    make_station()
    assert queries.free_things() == []
