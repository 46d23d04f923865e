"""The pages of the environment, with and without stations."""

import pytest
from django.test import Client
from django.urls import reverse

from stadt.apps.environment import layers, views
from stadt.apps.environment.models import Station
from stadt.apps.environment.tests.stations import hour_ago, make_source, make_station, quarters, send
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import create_administrator

pytestmark = pytest.mark.django_db

AIR = {"temperature": 12.5, "humidity": 80, "pm10": 12, "pm2_5": 7, "no2": 20, "noise": 55}


@pytest.fixture
def station() -> Station:
    """A station that measured in the last full hour."""
    station = make_station()
    send(make_source(), quarters(hour_ago(1), AIR, AIR, AIR, AIR), simulated=True)
    return station


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser signed in as administrator."""
    client.force_login(create_administrator(Actor.system("test"), "a@stadt.example", "Viele-Sensoren-3000"))
    return client


def text(client: Client, name: str, **kwargs: str) -> str:
    answer = client.get(reverse(f"environment:{name}", kwargs=kwargs or None))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_empty_city_says_so(client: Client) -> None:
    assert "Noch keine Messstation" in text(client, "overview")


def test_the_overview_tells_the_air_in_a_sentence_and_that_it_is_simulated(
    client: Client, station: Station
) -> None:
    page = text(client, "overview")
    assert "An 1 von 1 Station war die Luft" in page
    assert "erfunden" in page
    assert "keine amtliche Messung" in page
    assert reverse("environment:station", kwargs={"number": "U-1"}) in page


def test_a_station_shows_values_class_and_course(client: Client, station: Station) -> None:
    page = text(client, "station", number="U-1")
    assert "12,5" in page
    assert "Luft gut" in page
    assert "µg/m³" in page
    assert page.count("<stadt-chart") == 4


def test_an_unknown_station_is_not_found(client: Client) -> None:
    assert client.get(reverse("environment:station", kwargs={"number": "U-404"})).status_code == 404


def test_the_index_is_explained_with_both_versions(client: Client) -> None:
    page = text(client, "air_quality")
    assert "10–27" in page
    assert "21–35" in page
    assert "2019" in page


def test_the_panel_and_the_layer_tell_the_same_station(station: Station) -> None:
    [feature] = layers.features()
    assert (feature.key, feature.simulated, feature.state_label) == ("U-1", True, "Luft gut")
    assert feature.value == "12,5 °C"
    from django.test import RequestFactory

    assert views.panel(RequestFactory().get("/"))["summary"].total == 1


def test_a_station_is_entered_changed_and_removed(operator: Client) -> None:
    send(make_source(), {hour_ago(1): AIR})
    data = {"number": "U-9", "title": "Marktplatz", "surroundings": "traffic", "lat": "51.55", "lon": "7.06",
            "thing_key": "demo-umwelt/station-0001"}  # fmt: skip
    new = reverse("environment:station_new")
    assert operator.post(new, data | {"lat": "95"}).status_code == 422
    assert operator.post(new, data | {"thing_key": "gibt/es-nicht"}).status_code == 422
    assert operator.post(new, data).status_code == 302
    edit = reverse("environment:station_edit", kwargs={"number": "U-9"})
    assert operator.get(edit).status_code == 200
    assert operator.post(edit, data | {"title": "Rathaus"}).status_code == 302
    assert Station.objects.get().title == "Rathaus"
    assert operator.get(reverse("environment:stations")).status_code == 200
    assert operator.post(edit, {"entfernen": "1"}).status_code == 302
    assert not Station.objects.exists()


@pytest.mark.parametrize("number", ["", "a b", "verwalten", "luftqualitaet", "ä"])
def test_a_number_that_cannot_stand_in_an_address_is_refused(operator: Client, number: str) -> None:
    send(make_source(), {hour_ago(1): AIR})
    data = {"number": number, "title": "x", "surroundings": "traffic", "lat": "51", "lon": "7",
            "thing_key": "demo-umwelt/station-0001"}  # fmt: skip
    assert operator.post(reverse("environment:station_new"), data).status_code == 422
    assert not Station.objects.exists()


def test_people_without_the_right_do_not_reach_the_list(client: Client) -> None:
    client.force_login(User.objects.create_user("someone@stadt.example", "x"))
    assert client.get(reverse("environment:station_new")).status_code == 403
