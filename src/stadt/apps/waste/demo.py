"""The demo's paper containers: they fill as people bring paper, and are emptied on their tour days."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from stadt.apps.waste.models import Container, ContainerKind
from stadt.apps.waste.queries import FILL_LEVEL
from stadt.apps.waste.services import ContainerDraft, add_containers, remove_container
from stadt.hub.ingest import demo as fleets
from stadt.hub.ingest.demo_signals import Clock, Numbers, noise
from stadt.hub.ingest.services import ProfileDraft, RowDraft

EVERY = timedelta(minutes=1)
CONTAINERS = 40

WEEKDAYS = np.array([0.9, 0.9, 0.9, 1.0, 1.1, 1.5, 0.7])
"""How much paper is brought on a day from Monday to Sunday, as a share of an average day."""
BEFORE_DAY = np.concatenate(([0.0], np.cumsum(WEEKDAYS)))
WEEK = float(BEFORE_DAY[-1])
EMPTY = 2.0

PROFILE = ProfileDraft(
    key="simulated-fill-sensor",
    title="Simulierter Füllstandssensor",
    category="waste-container",
    description="Ultraschallsensor der Demo; alle Werte sind erfunden.",
    battery_path="battery",
    is_public=True,
    rows=(
        RowDraft("fill_level", FILL_LEVEL, "Füllstand", "%", minimum=0, maximum=100),
        RowDraft("temperature", "temperature", "Temperatur", "Cel", minimum=-40, maximum=85),
    ),
)


def measure(number: int, moments: Sequence[datetime]) -> list[dict[str, Any]]:
    """Fill level (%), temperature in the container (°C) and battery (%) of a container at these times."""
    clock = Clock(moments)
    brought = _brought(clock) - _brought_at_last_tour(number, clock)
    rate = 9 + 23 * ((number * 37) % 40) / 40  # per cent of the container on an average day
    fill = EMPTY + rate * brought + 0.6 * noise(number, clock.seconds)
    warm = 11 - 9 * np.cos(2 * np.pi * (clock.day - 20) / 365) - 4 * np.cos(2 * np.pi * (clock.hour - 3) / 24)
    warm += noise(1000 + number, clock.seconds) / 3
    battery = 97 - (number * 7) % 30 - (clock.day / 365) * 4
    return [
        {"fill_level": round(level), "temperature": round(degrees, 1), "battery": round(charge, 1)}
        for level, degrees, charge in zip(
            fill.clip(0, 100).tolist(), warm.tolist(), battery.tolist(), strict=True
        )
    ]


def _brought(clock: Clock) -> Numbers:
    """Average days' worth of paper brought since Monday 0:00 of the same week; nobody comes between 21 and 7."""
    share = ((clock.hour - 7) / 14).clip(0, 1)
    share = share * share * (3 - 2 * share)
    return np.asarray(BEFORE_DAY[clock.weekday] + WEEKDAYS[clock.weekday] * share, float)


def _brought_at_last_tour(number: int, clock: Clock) -> Numbers:
    """The same figure when the container was last emptied: twice a week, in the morning of its tour."""
    first = number % 3  # Monday, Tuesday or Wednesday, and three days later
    at = 6 + (number % 10) / 2
    passed = clock.weekday + clock.hour / 24
    tours = [first + at / 24, first + 3 + at / 24]
    emptied = [BEFORE_DAY[first] + _morning(first, at), BEFORE_DAY[first + 3] + _morning(first + 3, at)]
    last = np.where(
        passed >= tours[1], emptied[1], np.where(passed >= tours[0], emptied[0], emptied[1] - WEEK)
    )
    return np.asarray(last, float)


def _morning(weekday: int, hour: float) -> float:
    share = min(max((hour - 7) / 14, 0), 1)
    return float(WEEKDAYS[weekday]) * share * share * (3 - 2 * share)


FLEET = fleets.Fleet(
    key="demo-behaelter",
    title="Demo: Papiercontainer",
    device="paper",
    profile=PROFILE,
    measure=measure,
    spacing=timedelta(hours=1),
)


def fill(progress: Callable[[str], None]) -> None:
    """Containers spread over the quarters, with 30 days of history."""
    places = fleets.spots(fleets.count_from_city("paper_containers", CONTAINERS), "containers")
    titles = [f"Papiercontainer {place.quarter} {number + 1}" for number, place in enumerate(places)]
    source = fleets.make_fleet(FLEET, places, titles)
    if not Container.objects.filter(is_simulated=True).exists():
        drafts = [
            ContainerDraft(
                number=f"P-{number + 1:04d}", kind=ContainerKind.PAPER, title=title, lon=place.lon, lat=place.lat,
                capacity_l=3200, thing_key=FLEET.thing_key(number), is_simulated=True,
            )
            for number, (place, title) in enumerate(zip(places, titles, strict=True))
        ]  # fmt: skip
        add_containers(fleets.ACTOR, drafts)
    stored = fleets.fill_history(FLEET, source)
    progress(
        _("%(count)d Papiercontainer, %(stored)d Meldungen aus 30 Tagen")
        % {"count": len(places), "stored": stored}
    )


def clear() -> None:
    """Remove the simulated containers and their readings."""
    for container in Container.objects.filter(is_simulated=True):
        remove_container(fleets.ACTOR, container)
    fleets.clear_fleet(FLEET)


def send_round() -> None:
    """The job: every simulated container reports once."""
    fleets.send_round(FLEET)
