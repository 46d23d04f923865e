"""The demo's environment stations: weather, traffic and seasons make the values, differently at each place."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from stadt.apps.environment import demo_weather
from stadt.apps.environment import quantities as q
from stadt.apps.environment.models import Station, Surroundings
from stadt.apps.environment.services import StationDraft, add_stations, remove_station
from stadt.hub.ingest import demo as fleets
from stadt.hub.ingest.demo_signals import Clock, Numbers, bump, noise, waves
from stadt.hub.ingest.services import ProfileDraft, RowDraft

EVERY = timedelta(minutes=1)
STATIONS = 40
KINDS = (
    Surroundings.TRAFFIC,
    Surroundings.BACKGROUND,
    Surroundings.BACKGROUND,
    Surroundings.GREEN,
    Surroundings.INDUSTRIAL,
)
TRAFFIC_NEARBY = {
    Surroundings.TRAFFIC: 1.0,
    Surroundings.INDUSTRIAL: 0.6,
    Surroundings.BACKGROUND: 0.4,
    Surroundings.GREEN: 0.15,
}

PROFILE = ProfileDraft(
    key="simulated-environment-station",
    title="Simulierte Umweltstation",
    category="environment-station",
    description="Kostengünstige Sensoren der Demo; alle Werte sind erfunden.",
    battery_path="battery",
    is_public=True,
    rows=(
        RowDraft(
            "temperature", q.TEMPERATURE.key, q.TEMPERATURE.title, q.TEMPERATURE.unit, minimum=-40, maximum=60
        ),
        RowDraft("humidity", q.HUMIDITY.key, q.HUMIDITY.title, q.HUMIDITY.unit, minimum=0, maximum=100),
        RowDraft("pm10", q.PM10.key, q.PM10.title, q.PM10.unit, minimum=0, maximum=1000),
        RowDraft("pm2_5", q.PM2_5.key, q.PM2_5.title, q.PM2_5.unit, minimum=0, maximum=1000),
        RowDraft("no2", q.NO2.key, q.NO2.title, q.NO2.unit, minimum=0, maximum=1000),
        RowDraft("noise", q.NOISE.key, q.NOISE.title, q.NOISE.unit, minimum=20, maximum=140),
    ),
)


def kind_of(number: int) -> Surroundings:
    """Where the station with this number (from 0) stands."""
    return KINDS[(number * 3 + number // 5) % len(KINDS)]


def measure(number: int, moments: Sequence[datetime]) -> list[dict[str, Any]]:
    """All quantities of a station and its battery (%) at these times."""
    clock = Clock(moments)
    kind = kind_of(number)
    cars = traffic(clock) * TRAFFIC_NEARBY[kind]
    wet, still = rain(clock), stillness(clock)
    warm = (
        temperature(clock)
        - 1.2 * wet
        - (1.5 if kind is Surroundings.GREEN else 0)
        + ((number * 11) % 10) / 10
    )
    stove = bump(clock.hour, 20, 4) * ((14 - warm) / 14).clip(0, 1)
    washed = 1 - 0.55 * wet
    fine = (4 + 3 * (still + 1) + 5 * stove + 3 * cars) * washed * (1 + 0.08 * noise(number, clock.seconds))
    coarse = fine * 1.35 + (2 + 5 * cars + (4 if kind is Surroundings.INDUSTRIAL else 0)) * washed
    nitrogen = (
        (6 + 4 * (still + 1) + 30 * cars) * (1 - 0.2 * wet) * (1 + 0.06 * noise(200 + number, clock.seconds))
    )
    humid = 74 - 1.9 * (warm - _season(clock)) + 16 * wet + 1.5 * noise(400 + number, clock.seconds)
    loud = 41 + 24 * np.sqrt(cars) + 3 * wet + 1.6 * noise(600 + number, clock.seconds)
    columns = {
        "temperature": warm + 0.2 * noise(800 + number, clock.seconds),
        "humidity": humid.clip(18, 100),
        "pm10": coarse.clip(0.5, None),
        "pm2_5": fine.clip(0.5, None),
        "no2": nitrogen.clip(0.5, None),
        "noise": loud.clip(30, None),
        "battery": 99 - (number * 5) % 20 - (clock.day / 365) * 3,
    }
    rounded = {name: np.round(values, 1).tolist() for name, values in columns.items()}
    return [dict(zip(rounded, row, strict=True)) for row in zip(*rounded.values(), strict=True)]


def weather(moments: Sequence[datetime]) -> list[list[float]]:
    """What the weather station at the first station reports: temperature (°C), humidity (%) and wind (m/s)."""
    clock = Clock(moments)
    wind = (3.5 - 2.5 * stillness(clock) + 0.4 * noise(77, clock.seconds)).clip(0, None).round(1).tolist()
    rows = zip(measure(0, moments), wind, strict=True)
    return [[row["temperature"], row["humidity"], speed] for row, speed in rows]


def temperature(clock: Clock) -> Numbers:
    """Air temperature over the city (°C): season, weather of several days, and the course of the day."""
    weather = 4.5 * waves(7, clock.seconds, (3.1, 5.3, 8.9, 13.7))
    swing = 2.2 + 2.6 * np.sin(np.pi * ((clock.day - 10) % 365) / 365) * (1 - 0.6 * rain(clock))
    return np.asarray(_season(clock) + weather - swing * np.cos(2 * np.pi * (clock.hour - 3) / 24), float)


def _season(clock: Clock) -> Numbers:
    """Mean temperature of a day of the year in western Germany, roughly (°C)."""
    return np.asarray(10.6 - 8.2 * np.cos(2 * np.pi * (clock.day - 20) / 365), float)


def rain(clock: Clock) -> Numbers:
    """How hard it rains, 0 (dry, most of the time) to 1."""
    return ((waves(11, clock.seconds, (0.43, 1.1, 2.7, 4.9)) - 0.2) * 2.2).clip(0, 1)


def stillness(clock: Clock) -> Numbers:
    """How little the air is exchanged, -1 (wind) to 1 (inversion); higher at night and in winter."""
    slow = waves(13, clock.seconds, (2.3, 4.1, 7.9))
    return (slow + 0.3 * bump(clock.hour, 4, 5) + 0.15 * np.cos(2 * np.pi * (clock.day - 10) / 365)).clip(
        -1, 1
    )


def traffic(clock: Clock) -> Numbers:
    """Traffic of the hour as a share of the busiest: two rush hours on working days, one late hump at weekends."""
    work = (
        0.06
        + 0.85 * bump(clock.hour, 7.7, 1.6)
        + 0.9 * bump(clock.hour, 16.8, 2.4)
        + 0.45 * bump(clock.hour, 12.2, 3.4)
    )
    weekend = 0.08 + 0.55 * bump(clock.hour, 14.5, 4.5) + 0.12 * bump(clock.hour, 0.5, 1.5)
    sunday = np.where(clock.weekday == 6, 0.75, 1.0)
    return np.asarray(np.where(clock.weekday >= 5, weekend * sunday, work).clip(0, 1), float)


FLEET = fleets.Fleet(
    key="demo-umwelt",
    title="Demo: Umweltstationen",
    device="station",
    profile=PROFILE,
    measure=measure,
    spacing=timedelta(minutes=15),
)


def fill(progress: Callable[[str], None]) -> None:
    """Stations spread over the quarters, with 30 days of history."""
    places = fleets.spots(fleets.count_from_city("environment_stations", STATIONS), "stations")
    titles = [f"Umweltstation {place.quarter} {number + 1}" for number, place in enumerate(places)]
    source = fleets.make_fleet(FLEET, places, titles)
    if not Station.objects.filter(is_simulated=True).exists():
        drafts = [
            StationDraft(
                number=f"U-{number + 1:04d}", title=title, surroundings=kind_of(number), lon=place.lon, lat=place.lat,
                thing_key=FLEET.thing_key(number), is_simulated=True,
            )
            for number, (place, title) in enumerate(zip(places, titles, strict=True))
        ]  # fmt: skip
        add_stations(fleets.ACTOR, drafts)
    stored = fleets.fill_history(FLEET, source)
    if places:
        demo_weather.fill(FLEET.thing_key(0), weather)
    progress(
        _("%(count)d Umweltstationen, %(stored)d Meldungen aus 30 Tagen")
        % {"count": len(places), "stored": stored}
    )


def clear() -> None:
    """Remove the simulated stations and their readings."""
    for station in Station.objects.filter(is_simulated=True):
        remove_station(fleets.ACTOR, station)
    fleets.clear_fleet(FLEET)


def send_round() -> None:
    """The job: every simulated station reports once."""
    fleets.send_round(FLEET)
    demo_weather.send_round(weather)
