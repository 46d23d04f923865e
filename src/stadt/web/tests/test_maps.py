"""The map element carries the same content as a list, and outlines are its ground."""

import json
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import Client, RequestFactory

from stadt.core.manifest import Layer
from stadt.web import map_rendering
from stadt.web.maps import LayerKind, MapFeature, MapLayer, State, as_feature_collection, point

SQUARE = {"type": "Polygon", "coordinates": [[[7, 51], [7.1, 51], [7.1, 51.1], [7, 51]]]}


def rendered(*layers: MapLayer) -> str:
    template = engines["django"].from_string('{% load stadt %}{% stadt_map layers "Karte" refresh=30 %}')
    return str(template.render({"layers": layers}, RequestFactory().get("/")))


def container(key: str, *, simulated: bool) -> MapFeature:
    return MapFeature(
        key, f"Behälter {key}", point(7.1, 51.5), value="80 %", url=f"/b/{key}", state=State.WARNING,
        state_label="fast voll", simulated=simulated,
    )  # fmt: skip


@pytest.fixture
def outlines(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = {
        "points": Layer("points", "Punkte", lambda: [container("1", simulated=False)]),
        "city": Layer("city", "Stadt", lambda: [MapFeature("c", "Probstadt", SQUARE)], kind="outline"),
        "parts": Layer("parts", "Bezirke", lambda: [MapFeature("n", "Nord", SQUARE)], kind="outline"),
    }
    monkeypatch.setattr(map_rendering, "registry", SimpleNamespace(layers=layers))


def test_the_list_says_what_the_map_shows() -> None:
    page = rendered(MapLayer("waste", "Behälter", [container("1", simulated=False)]))
    assert 'href="/b/1"' in page
    assert "80 %" in page
    assert "fast voll" in page
    assert 'data-geometry="{&quot;type&quot;:&quot;Point&quot;,&quot;coordinates&quot;:[7.1,51.5]}"' in page
    assert 'data-refresh="30"' in page


def test_a_layer_that_is_simulated_throughout_is_marked_once() -> None:
    page = rendered(MapLayer("waste", "Behälter", [container(key, simulated=True) for key in "12"]))
    assert page.count('class="simulated"') == 1
    assert page.count("data-simulated") == 2


def test_single_simulated_features_are_marked_in_their_line() -> None:
    page = rendered(
        MapLayer("waste", "Behälter", [container("1", simulated=True), container("2", simulated=False)])
    )
    assert '<span class="map__all" hidden>' in page
    assert page.count('class="simulated"') == 2


def test_an_unknown_height_is_refused() -> None:
    with pytest.raises(ValueError, match="medium"):
        map_rendering.map_context([], "Karte", "huge", 0, True, True)


def test_features_become_geojson_with_the_properties_the_element_reads() -> None:
    document = as_feature_collection([container("1", simulated=True)])
    feature = json.loads(json.dumps(document))["features"][0]
    assert feature["id"] == "1"
    assert (
        feature["properties"] | {"key": "1", "state": "warning", "simulated": True} == feature["properties"]
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("outlines")
def test_outlines_are_served_with_the_city_first(client: Client) -> None:
    answer = client.get("/umrisse.geojson")
    levels = [feature["properties"]["level"] for feature in answer.json()["features"]]
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert levels == ["city", "district"]


@pytest.mark.usefixtures("outlines")
def test_outline_layers_are_the_ground_and_not_a_switch() -> None:
    page = rendered(MapLayer("city", "Stadt", kind=LayerKind.OUTLINE), MapLayer("waste", "Behälter"))
    assert 'data-outlines="/umrisse.geojson"' in page
    assert 'data-layer="city"' not in page
    assert 'data-layer="waste"' in page


def test_several_things_at_one_spot_say_how_many_and_a_single_one_does_not() -> None:
    many = MapFeature("c", "3 Meldungen", point(7, 51), count=3).as_geojson()
    assert many["properties"]["count"] == 3
    assert "count" not in MapFeature("one", "Markt", point(7, 51)).as_geojson()["properties"]


def test_a_map_can_begin_with_a_box_of_its_own_and_a_layer_can_follow_the_view() -> None:
    layer = MapLayer("many", "Viele", source="/viele.geojson", follows=True)
    template = engines["django"].from_string(
        '{% load stadt %}{% stadt_map layers "Karte" box="7,51,7.1,51.1" %}'
    )
    shown = str(template.render({"layers": [layer]}, RequestFactory().get("/")))
    assert 'data-bbox="7,51,7.1,51.1"' in shown
    assert "data-follow" in shown
