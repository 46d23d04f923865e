"""How much of the city the narrowband network provably reaches, computed and explained."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.strategy.indicators import NARROWBAND_COVERAGE
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.services import compute_now
from stadt.hub.ingest.models import Device, DeviceProfile, Source
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_city, list_areas
from stadt.hub.places.services import seed_city_areas

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")


def compute() -> Value:
    return compute_now(ACTOR, NARROWBAND_COVERAGE.key)


def heard(name: str, point: tuple[float, float], ago: timedelta) -> Device:
    """A device at a point (lon, lat) whose last message came so long ago."""
    organisation, _ = Organisation.objects.get_or_create(key="netz", defaults={"name": "Netz"})
    source, _ = Source.objects.get_or_create(
        slug="netz", defaults={"title": "Netz", "organisation": organisation}
    )
    profile, _ = DeviceProfile.objects.get_or_create(
        key="fuehler", defaults={"title": "Fühler", "category": "test"}
    )
    return Device.objects.create(
        source=source,
        device_id=name,
        profile=profile,
        lon=point[0],
        lat=point[1],
        last_seen_at=timezone.now() - ago,
    )


def test_without_outline_or_device_there_is_no_value() -> None:
    assert compute().reason == "Die Stadt hat noch keinen Umriss."

    seed_city_areas(ACTOR)

    assert compute().reason == "Noch ist kein Funksensor mit bekanntem Standort angeschlossen."


def test_a_heard_device_proves_about_a_square_kilometre_and_a_silent_one_nothing(client: Client) -> None:
    seed_city_areas(ACTOR)
    city = find_city()
    assert city is not None
    middle = list_areas(PlaceKind.QUARTER)[0].point
    silent = heard("still", middle, timedelta(days=8))
    assert compute().value == 0

    heard("laut", middle, timedelta(days=6))

    value = compute()
    assert value.numerator is not None
    assert value.denominator is not None
    assert value.denominator == pytest.approx(city.area_m2 / 1e6)
    assert 0 < value.numerator <= 1.02
    assert value.value == pytest.approx(100 * value.numerator / value.denominator)
    assert not value.simulated
    assert silent.pk
    assert client.get(f"/kennzahlen/{NARROWBAND_COVERAGE.key}/").status_code == 200
