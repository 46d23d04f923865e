"""The inventory of containers, their fill levels, and the figure about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from stadt.apps.waste import layers, queries, services, views
from stadt.apps.waste.indicators import MONITORED_SHARE
from stadt.apps.waste.models import Container
from stadt.apps.waste.tests.containers import draft, make_container, make_source, send
from stadt.core.errors import Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, User
from stadt.core.people.services import create_administrator
from stadt.hub.datasets.queries import read_rows
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators.declaration import Figure, Period, PeriodKind
from stadt.hub.ingest.demo import ACTOR
from stadt.hub.observations.services import set_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser signed in as administrator."""
    client.force_login(create_administrator(Actor.system("test"), "a@stadt.example", "Viele-Sensoren-3000"))
    return client


def text(client: Client, name: str, **kwargs: str) -> str:
    answer = client.get(reverse(f"waste:{name}", kwargs=kwargs or None))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# -- inventory -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "verwalten"}, "number"),
        ({"number": "a b"}, "number"),
        ({"kind": "gold"}, "kind"),
        ({"title": " "}, "title"),
        ({"lon": 181.0}, "lon"),
        ({"lat": float("nan")}, "lat"),
        ({"capacity_l": 0}, "capacity_l"),
    ],
)
def test_an_impossible_container_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        services.add_containers(ACTOR, [draft(1), replace(draft(), **change)])
    assert [item.field for item in caught.value.fields] == [field]
    assert not Container.objects.exists()


def test_a_container_is_a_place_that_reports_can_name_and_each_change_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "tell_sites_changed", told.append)
    container = make_container(is_simulated=True)
    services.change_container(ACTOR, container, replace(draft(is_simulated=True), title="Markt"))
    [spot] = queries.spots()
    assert (spot.name, spot.external_id, spot.is_simulated) == ("Markt (P-1)", "P-1", True)
    services.remove_container(ACTOR, container)
    assert list(queries.spots()) == []
    assert told == [services.SITES] * 3


def test_a_number_and_a_sensor_belong_to_one_container() -> None:
    make_container()
    with pytest.raises(Invalid) as caught:
        services.add_containers(ACTOR, [draft()])
    assert {item.field for item in caught.value.fields} == {"number", "thing_key"}


def test_strangers_cannot_change_the_inventory() -> None:
    with pytest.raises(Forbidden):
        services.add_containers(Actor(kind="user", identifier="1"), [draft()])
    assert not Container.objects.exists()


def test_adding_leaves_a_trace_of_ids() -> None:
    container = make_container()
    assert AuditEntry.objects.get(verb="add_containers").changes == {"ids": [container.pk]}


# -- fill levels ---------------------------------------------------------------------------------------------------


def test_a_container_shows_its_newest_fill_level() -> None:
    make_container()
    source = make_source()
    send(source, 40, timezone.now() - timedelta(hours=2))
    send(source, 85, timezone.now() - timedelta(hours=1))
    [now] = queries.containers_now()
    assert (now.fill, now.is_nearly_full, now.is_simulated) == (85, True, False)


def test_a_container_without_sensor_has_no_fill_level() -> None:
    make_container(thing_key="")
    [now] = queries.containers_now()
    assert (now.fill, now.seen_at, now.is_nearly_full) == (None, None, False)


def test_readings_that_are_not_public_are_not_shown() -> None:
    make_container()
    send(make_source(), 40)
    [now] = queries.containers_now()
    assert now.datastream_id is not None
    set_publication(ACTOR, [now.datastream_id], is_public=False)
    [now] = queries.containers_now()
    assert now.fill is None


def test_a_day_without_a_reading_ends_the_monitoring() -> None:
    make_container()
    moment = timezone.now()
    send(make_source(), 40, moment - timedelta(hours=24, minutes=1))
    [now] = queries.containers_now()
    assert not now.is_monitored(moment)
    assert now.is_monitored(moment - timedelta(minutes=2))


def test_things_with_a_fill_level_can_be_chosen_until_they_have_a_container() -> None:
    send(make_source(), 40)
    assert [key for key, _ in queries.free_things()] == ["demo-behaelter/paper-0001"]
    make_container()
    assert queries.free_things() == []
    assert [key for key, _ in queries.free_things("demo-behaelter/paper-0001")] == [
        "demo-behaelter/paper-0001"
    ]


def test_the_layer_marks_simulated_containers_and_says_their_state() -> None:
    make_container(is_simulated=True)
    send(make_source(), 85, simulated=True)
    [feature] = layers.features()
    assert (feature.value, feature.state_label, feature.simulated) == ("85\u202f%", "fast voll", True)


# -- figure --------------------------------------------------------------------------------------------------------


class Published:
    """Sources whose one snapshot gives this answer."""

    def __init__(self, *row: int) -> None:
        self.row = row
        self.parameters: tuple[Any, ...] = ()

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self.parameters = parameters
        return [self.row]

    def query(self, title: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        raise AssertionError("nothing but the snapshot is read")


def compute(sources: Published) -> Figure:
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return MONITORED_SHARE.compute(
        Period.containing(PeriodKind.DAY, moment, ZoneInfo("Europe/Berlin")), None, sources
    )


def test_the_monitored_share_divides_by_all_containers() -> None:
    sources = Published(30, 40)
    figure = compute(sources)
    assert (figure.value, figure.numerator, figure.denominator) == (75, 30, 40)
    assert sources.parameters == (datetime(2026, 11, 19, 12, tzinfo=UTC),)


def test_without_containers_there_is_no_share() -> None:
    figure = compute(Published(0, 0))
    assert (figure.value, bool(figure.reason)) == (None, True)


def test_the_published_dataset_holds_each_container_with_its_fill_level() -> None:
    make_container(0)
    make_container(1, thing_key="")
    send(make_source(), 62, simulated=True)
    publish_now(Actor.system("test"), "waste.containers")
    rows = read_rows(
        "waste.containers", "SELECT number, fill, simulated, ST_X(geom) FROM data ORDER BY number"
    )
    assert rows == [("P-1", 62.0, True, 7.06), ("P-2", None, False, 7.061)]


# -- pages ---------------------------------------------------------------------------------------------------------


def test_an_empty_city_says_so(client: Client) -> None:
    assert "Noch keine Behälter" in text(client, "overview")


def test_the_overview_puts_the_fullest_first(client: Client) -> None:
    source = make_source()
    for number, fill in enumerate((30, 90)):
        make_container(number, is_simulated=True)
        send(source, fill, number=number, simulated=True)
    page = text(client, "overview")
    table = page[page.index("Die vollsten zuerst") :]
    assert table.index("Platz 2") < table.index("Platz 1")
    assert "erfunden" in page


def test_a_container_has_a_page_with_its_course(client: Client) -> None:
    make_container()
    send(make_source(), 62)
    page = text(client, "container", number="P-1")
    assert "62" in page
    assert "<stadt-chart" in page
    assert "3.200 l" in page
    assert client.get(reverse("waste:container", kwargs={"number": "P-404"})).status_code == 404


def test_the_panel_counts() -> None:
    make_container()
    send(make_source(), 85)
    found = views.panel(RequestFactory().get("/"))
    assert (found["total"], found["monitored"], found["nearly_full"]) == (1, 1, 1)


def test_a_container_is_entered_changed_and_removed(operator: Client) -> None:
    send(make_source(), 40)
    data = {"number": "P-9", "kind": "paper", "title": "Marktplatz", "lat": "51.55", "lon": "7.06",
            "thing_key": "demo-behaelter/paper-0001"}  # fmt: skip
    new = reverse("waste:container_new")
    assert operator.post(new, data | {"lon": "abc"}).status_code == 422
    assert operator.post(new, data | {"thing_key": "gibt/es-nicht"}).status_code == 422
    assert operator.post(new, data).status_code == 302
    edit = reverse("waste:container_edit", kwargs={"number": "P-9"})
    assert operator.get(edit).status_code == 200
    assert operator.post(edit, data | {"title": "Rathaus", "thing_key": ""}).status_code == 302
    assert (Container.objects.get().title, Container.objects.get().thing_key) == ("Rathaus", "")
    assert operator.get(reverse("waste:inventory")).status_code == 200
    assert operator.post(edit, {"entfernen": "1"}).status_code == 302
    assert not Container.objects.exists()


def test_people_without_the_right_do_not_reach_the_inventory(client: Client) -> None:
    client.force_login(User.objects.create_user("someone@stadt.example", "x"))
    assert client.get(reverse("waste:inventory")).status_code == 403
