"""The city's own outlines, loaded for a test."""

import pytest


@pytest.fixture
def city_areas(db: None) -> int:
    """The simplified outlines of the city this run is for; gives their number."""
    from stadt.core.people.actor import Actor  # models can be imported only after the settings
    from stadt.hub.places.services import seed_city_areas

    return seed_city_areas(Actor.system("test"))
