"""The form of `card.py`, read and kept."""

from typing import Any

import pytest

from stadt.civic.forms.tests.card import CARD


@pytest.fixture(scope="session")
def card() -> Any:
    """The definition, read."""
    from stadt.civic.forms.reading import read_definition

    return read_definition(CARD)


@pytest.fixture
def kept(db: None, card: Any) -> Any:
    """The definition, kept."""
    from stadt.civic.forms.services import keep_form
    from stadt.core.people.actor import Actor

    return keep_form(Actor.system("command:test"), card)


@pytest.fixture
def city_outlines(db: None) -> int:
    """The simplified outlines of the city this run is for; gives their number."""
    from stadt.core.people.actor import Actor
    from stadt.hub.places.services import seed_city_areas

    return seed_city_areas(Actor.system("test"))
