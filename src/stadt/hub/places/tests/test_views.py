"""Pages of areas and the outlines every map draws."""

import json

import pytest
from django.test import Client

from stadt.core.city import current
from stadt.core.registry import registry
from stadt.hub.places import queries
from stadt.hub.places.models import PlaceKind

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("city_areas")
def test_outlines_are_geojson_that_browsers_may_keep(client: Client) -> None:
    response = client.get("/gebiete/umrisse.geojson", {"art": "district"})

    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    assert "max-age" in response["Cache-Control"]
    assert len(json.loads(response.content)["features"]) == len(queries.list_areas(PlaceKind.DISTRICT))
    again = client.get(
        "/gebiete/umrisse.geojson", {"art": "district"}, headers={"If-None-Match": response["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_outlines_of_an_unknown_kind_are_refused(client: Client) -> None:
    response = client.get(
        "/gebiete/umrisse.geojson", {"art": "planet"}, headers={"Accept": "application/json"}
    )

    assert response.status_code == 422
    assert b"art muss" in response.content


@pytest.mark.usefixtures("city_areas")
def test_every_area_has_a_page_that_says_simplified(client: Client) -> None:
    for kind in (PlaceKind.CITY, PlaceKind.DISTRICT, PlaceKind.QUARTER):
        area = queries.list_areas(kind)[0]
        page = client.get(f"/gebiete/{area.key}/").content.decode()
        assert area.name in page
        assert "vereinfacht" in page


@pytest.mark.usefixtures("city_areas")
def test_the_overview_lists_all_quarters(client: Client) -> None:
    page = client.get("/gebiete/").content.decode()

    assert all(f"/gebiete/{area.key}/" in page for area in queries.list_areas(PlaceKind.QUARTER))


def test_an_empty_city_says_so(client: Client) -> None:
    assert "Noch keine Gebiete" in client.get("/gebiete/").content.decode()
    assert queries.find_city() is None
    assert queries.as_geojson(PlaceKind.CITY)["features"] == []


def test_an_unknown_area_has_no_page(client: Client) -> None:
    assert client.get("/gebiete/atlantis/").status_code == 404


@pytest.mark.usefixtures("city_areas")
def test_pages_speak_english(client: Client) -> None:
    area = queries.list_areas(PlaceKind.QUARTER)[0]

    page = client.get(f"/gebiete/{area.key}/", headers={"Accept-Language": "en"}).content.decode()

    assert "simplified, drawn by hand" in page


@pytest.mark.usefixtures("city_areas")
def test_maps_get_the_outlines_as_layers_and_search_finds_areas() -> None:
    area = queries.list_areas(PlaceKind.QUARTER)[0]
    layer = registry.layers["places.quarters"].features()
    source = next(source for source in registry.search_sources if source.key == "places")

    assert {feature.url for feature in layer} >= {f"/gebiete/{area.key}/"}
    assert [hit.title for hit in source.find(area.name, 1)] == [area.name]
    assert registry.layers["places.city"].features()[0].title == current().name


def test_the_doctor_misses_the_outline_of_an_empty_city() -> None:
    check = next(check for check in registry.doctor_checks if check.key == "places.outlines")

    assert "import areas" in (check.run() or "")
