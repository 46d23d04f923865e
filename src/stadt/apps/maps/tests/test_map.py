"""The map shows every layer of the registry, also as GeoJSON."""

from collections.abc import Iterator

import pytest
from django.test import Client

from stadt.core.manifest import Layer, Manifest
from stadt.core.registry import registry
from stadt.web.maps import MapFeature, State, point


def features() -> list[MapFeature]:
    return [
        MapFeature(
            "b1",
            "Behälter 1 <script>",
            point(7.1, 51.5),
            value="82 %",
            url="/x/",
            state=State.WARNING,
            state_label="fast voll",
        )
    ]


@pytest.fixture
def layer() -> Iterator[str]:
    manifest = Manifest(layers=(Layer("probe.bins", "Probe-Behälter", features, shape="square"),))
    registry.add(label="probe", name="probe", title="", uses=(), manifest=manifest)
    yield "probe.bins"
    del registry.apps["probe"]


@pytest.mark.django_db
def test_every_layer_stands_on_the_map_and_in_its_list_with_text_escaped(layer: str) -> None:
    page = Client().get("/karte/").content.decode()
    assert "Probe-Behälter" in page
    assert "Behälter 1 &lt;script&gt;" in page
    assert "82 %" in page


@pytest.mark.django_db
def test_a_layer_is_geojson(layer: str) -> None:
    answer = Client().get(f"/karte/ebenen/{layer}.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    feature = answer.json()["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [7.1, 51.5]}
    assert feature["properties"]["state_label"] == "fast voll"


@pytest.mark.django_db
def test_an_unknown_layer_is_not_found_and_unknown_names_in_the_address_are_ignored(layer: str) -> None:
    assert Client().get("/karte/ebenen/no.such.geojson").status_code == 404
    assert Client().get("/karte/?ebene=no.such").status_code == 200
