"""These tests are about this folder's city, whichever city the run is for."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from stadt.civic.cases.reading import types
from stadt.core import city


@pytest.fixture(autouse=True)
def this_city(settings: Settings) -> Iterator[None]:
    """Set the city to this folder for one test."""
    settings.STADT = replace(settings.STADT, city=str(Path(__file__).resolve().parents[1]))
    read = (city.current, types)
    for cached in read:
        cached.cache_clear()
    yield
    for cached in read:
        cached.cache_clear()


@pytest.fixture
def city_areas(db: None, this_city: None) -> int:
    """The city's simplified outlines; gives their number."""
    from stadt.core.people.actor import Actor
    from stadt.hub.places.services import seed_city_areas

    return seed_city_areas(Actor.system("test"))
