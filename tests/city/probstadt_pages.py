"""Run by test_second_city.py, in a process of its own: what people see in the second city."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from stadt.apps.strategy.document import strategy
from stadt.core.city import CITIES, current
from stadt.core.manifest import EVERYBODY
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_place_at, list_areas
from stadt.hub.places.services import seed_city_areas
from stadt.web.views import CITY_TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def areas() -> int:
    """The outlines of the second city."""
    return seed_city_areas(Actor.system("test"))


def public_addresses() -> list[str]:
    """Every public page without parameters."""
    found = []
    for page in registry.pages:
        if page.page.permission is EVERYBODY:
            try:
                found.append(reverse(page.url_name))
            except NoReverseMatch:
                continue
    return found


def test_the_city_is_the_second_one() -> None:
    assert current().folder == Path(__file__).resolve().parent / "probstadt"
    assert list(registry.problems()) == []


def test_no_public_page_names_another_city(client: Client) -> None:
    others = {folder.parent.name for folder in CITIES.glob("*/city.toml")}
    named = re.compile("|".join(others), re.IGNORECASE)

    for address in public_addresses():
        response = client.get(address)
        assert response.status_code < 500, address
        if not response.streaming:
            assert not named.search(response.content.decode()), address


def test_its_areas_are_its_own() -> None:
    assert [area.name for area in list_areas(PlaceKind.QUARTER)] == ["Aalhafen", "Ölmühle", "Zinnberg"]
    quarter = find_place_at(10.04, 53.01)
    assert quarter is not None
    assert quarter.key == "oelmuehle"


def test_its_strategy_is_its_own(client: Client) -> None:
    text = client.get("/strategie/").content.decode()

    assert "Digitalkonzept der Gemeinde Probstadt" in text
    assert (len(strategy().measures), len(strategy().active_indicators)) == (3, 3)
    for code in strategy().measures:
        assert client.get(f"/strategie/massnahmen/{code}/").status_code == 200
    for code in strategy().indicators:
        assert client.get(f"/strategie/indikatoren/{code}/").status_code == 200


def test_its_legal_pages_are_its_own(client: Client) -> None:
    for name in CITY_TEXTS:
        assert "Probstadt" in client.get(f"/{name}", follow=True).content.decode()
