"""Places that apps keep are found by their names, and go when they are gone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from stadt.core.city import current
from stadt.core.errors import Invalid
from stadt.core.manifest import SpotSource
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.places import handed, spots
from stadt.hub.places.events import SitesChanged
from stadt.hub.places.models import Spot, SpotKind
from stadt.hub.places.spot_files import SpotRow
from stadt.hub.places.spot_queries import find_spots

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_areas")]


@pytest.fixture
def bins(monkeypatch: pytest.MonkeyPatch) -> list[SpotRow]:
    """What an app keeps; the test changes it."""
    lon, lat = current().centre
    rows = [
        SpotRow(
            SpotKind.SITE,
            f"Tonne am Probeplatz (T-{n})",
            "",
            "",
            "",
            "",
            lon,
            lat,
            f"T-{n}",
            is_simulated=n == 2,
        )
        for n in (1, 2)
    ]
    known = SimpleNamespace(spot_sources={"probe.bins": SpotSource("probe.bins", lambda: rows)})
    for module in (handed, spots):
        monkeypatch.setattr(module, "registry", known)
    return rows


def test_what_an_app_keeps_is_found_by_name_and_number_and_says_what_it_is(
    bins: list[SpotRow], client: Client
) -> None:
    handed.sites_changed(SitesChanged("probe.bins"))
    for words in ("probeplatz tonne", "T-2", "Tonne am Probeplatz (T-2)"):
        found = find_spots(words)
        assert "Tonne am Probeplatz (T-2)" in [spot.name for spot in found], words
    [told] = client.get("/api/v1/places/search", {"q": "Tonne am Probeplatz (T-2)"}).json()["places"]
    assert (told["kind"], told["asset"], told["is_simulated"]) == ("site", told["name"], True)
    assert told["source"] == "probe.bins"


def test_the_same_again_writes_nothing_and_what_is_gone_goes(bins: list[SpotRow]) -> None:
    mine = Spot.objects.create(
        kind="site", name="Brunnen", folded="brunnen", lon=7.1, lat=51.5, source="Verein", external_id="T-1"
    )
    handed.take_over_all()
    written = AuditEntry.objects.count()
    handed.take_over_all()
    assert AuditEntry.objects.count() == written
    del bins[0]
    assert handed.take_over("probe.bins").removed == 1
    assert set(Spot.objects.values_list("external_id", "source")) == {
        ("T-2", "probe.bins"),
        ("T-1", mine.source),
    }
    bins.clear()
    handed.sites_changed(SitesChanged("probe.bins"))
    handed.sites_changed(SitesChanged("probe.unknown"))
    assert list(Spot.objects.all()) == [mine]


def test_nobody_imports_under_the_name_of_an_app(bins: list[SpotRow]) -> None:
    with pytest.raises(Invalid) as refused:
        spots.put_spots(Actor.system("test"), bins, source="probe.bins")
    assert [item.field for item in refused.value.fields] == ["source"]
    assert not Spot.objects.exists()


def test_a_city_without_addresses_says_so_to_who_can_help(client: Client) -> None:
    from stadt.core.people.services import create_administrator
    from stadt.core.registry import registry

    check = next(check for check in registry.doctor_checks if check.key == "places.addresses")
    assert "import-spots" in (check.run() or "")
    assert "import-spots" not in client.get("/gebiete/").content.decode()
    client.force_login(
        create_administrator(Actor.system("test"), "chef@stadt.example", "Viele-Sensoren-3000")
    )
    assert "import-spots" in client.get("/gebiete/").content.decode()
    Spot.objects.create(
        kind="street", name="Ring", folded="ring", lon=7.1, lat=51.5, source="x", external_id="1"
    )
    assert check.run() is None
    assert "import-spots" not in client.get("/gebiete/").content.decode()


def test_every_app_that_keeps_places_hands_them_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.core.registry import registry

    told: list[Any] = []
    monkeypatch.setattr(handed, "publish", told.append)
    for key, source in registry.spot_sources.items():
        assert all(isinstance(row, SpotRow) for row in source.rows())
        handed.tell_sites_changed(key)
        assert registry.owner_of(key), (
            key
        )  # the key is that of its dataset or layer, which says whose data it is
    assert told == [SitesChanged(key) for key in registry.spot_sources]
