"""DELETE of what a `$filter` selects: an extension that FROST names FilteredDelete."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.access.test_access import committed

if TYPE_CHECKING:
    import httpx
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db
UNIT = {"name": "Celsius", "symbol": "°C", "definition": "Cel"}


@pytest.fixture
def stream(sta: "Client", city: "City") -> str:
    """The path of a new datastream with results 0 to 9, one a day."""
    body = {
        "name": "weg", "description": "", "observationType": "x", "unitOfMeasurement": UNIT,
        "Thing": {"@iot.id": city.closed_thing}, "Sensor": {"@iot.id": city.closed_sensor},
        "ObservedProperty": {"@iot.id": city.closed_property},
        "Observations": [{"result": n, "phenomenonTime": f"2026-02-{n + 20}T00:00:00Z"} for n in range(9)],
    }  # fmt: skip
    address = sta.post("/Datastreams", body).headers["location"]
    return f"/{address.rpartition('/')[2]}"


def delete(sta: "Client", path: str, token: str = "manager") -> "httpx.Response":
    return sta.request("DELETE", path, token=token)


def results(sta: "Client", stream: str) -> list[Any]:
    return [item["result"] for item in sta.values(f"{stream}/Observations", "manager")]


@pytest.mark.requirement("https://fraunhoferiosb.github.io/FROST-Server/extensions/FilteredDelete.html")
@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?$filter=phenomenonTime lt 2026-02-25T00:00:00Z", [5, 6, 7, 8]),
        ("?$filter=result mod 2 eq 0", [1, 3, 5, 7]),
        ("?$filter=result gt 100", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("", []),
    ],
)
def test_the_selected_observations_of_a_datastream_go(
    sta: "Client", stream: str, query: str, left: list[int]
) -> None:
    answer = delete(sta, f"{stream}/Observations{query}")
    assert (answer.status_code, answer.json()) == (200, {"@iot.count": 9 - len(left)})
    assert results(sta, stream) == left
    assert sta.request("GET", f"{stream}/Observations/$count", token="manager").text == str(len(left))


def test_the_audit_keeps_how_many(sta: "Client", stream: str) -> None:
    from stadt.core.people.models import AuditEntry

    delete(sta, f"{stream}/Observations?$filter=result lt 3")
    entry = AuditEntry.objects.filter(verb="delete_entities").latest("pk")
    assert (entry.subject, entry.changes) == (f"{stream[1:]}/Observations", {"count": 3})


def test_things_go_with_what_belongs_to_them(sta: "Client", city: "City") -> None:
    for number in range(3):
        sta.post("/Things", {"name": f"weg {number}", "description": ""})
    answer = delete(sta, "/Things?$filter=startswith(name,'weg') and name ne 'weg 2'")
    assert answer.json() == {"@iot.count": 2}
    assert sta.names("/Things?$filter=startswith(name,'weg')", "manager") == ["weg 2"]


def test_a_geo_function_selects(sta: "Client", city: "City") -> None:
    place = {"type": "Point", "coordinates": [1, 1]}
    body = {"name": "fern", "description": "", "encodingType": "application/geo+json", "location": place}
    sta.post("/Locations", body)
    area = "geography'POLYGON((0 0,2 0,2 2,0 2,0 0))'"
    assert delete(sta, f"/Locations?$filter=st_within(location,{area})").json() == {"@iot.count": 1}
    assert "fern" not in sta.names("/Locations", "manager")


@pytest.mark.parametrize(
    "path",
    [
        "/Observations",
        "/Things",
        "/Datastreams",
        "/Things?$top=1",
        "/Observations?$filter=result eq 1&$top=1",
        "/Observations?$filter=result eq 1&$top=0",
        "/Observations?$filter=result eq 1&$count=false",
        "/Observations?$filter=nix eq 1",
        "/Things({closed_thing})/Datastreams",
    ],
)
def test_a_collection_is_not_deleted_without_a_filter_nor_with_other_options(
    sta: "Client", city: "City", path: str
) -> None:
    answer = delete(sta, path.format(**city.ids))
    assert (answer.status_code, answer.json()["type"]) == (400, "error")
    assert len(sta.values("/Things", "manager")) >= 2


def test_without_the_right_for_one_of_them_none_goes(sta: "Client", city: "City") -> None:
    """The manager of `amt` sees what `verein` made public, and may not delete it."""
    from stadt.core.people.actor import Actor
    from stadt.hub.observations.services import set_publication

    committed(lambda: set_publication(Actor.system("test"), [city.other_stream], True))
    try:
        answer = delete(sta, "/Datastreams?$filter=name ne 'x'")
        assert answer.status_code == 403
        assert city.closed_stream in [item["@iot.id"] for item in sta.values("/Datastreams", "manager")]
    finally:
        committed(lambda: set_publication(Actor.system("test"), [city.other_stream], False))


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("reader", 403), ("writer", 403), ("stranger", 403)]
)
def test_it_needs_the_right_to_manage(sta: "Client", stream: str, token: str, status: int) -> None:
    assert delete(sta, f"{stream}/Observations?$filter=result lt 3", token).status_code == status
    assert len(results(sta, stream)) == 9


def test_what_is_hidden_is_neither_selected_nor_told(sta: "Client", city: "City") -> None:
    from stadt.hub.observations.models import Thing

    assert delete(sta, "/Things?$filter=name eq 'other thing'").json() == {"@iot.count": 0}
    assert Thing.objects.filter(pk=city.other_thing).exists()
    hidden = delete(sta, f"/Datastreams({city.other_stream})/Observations")
    none = delete(sta, "/Datastreams(987654321)/Observations")
    assert (hidden.status_code, hidden.content) == (none.status_code, none.content) == (404, none.content)


def test_more_than_the_bound_is_refused_whole(
    sta: "Client", stream: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta.creating import selecting

    monkeypatch.setattr(selecting, "MOST_OBSERVATIONS", 8)
    answer = delete(sta, f"{stream}/Observations")
    assert answer.status_code == 409
    assert "nothing was deleted" in answer.json()["message"]
    assert len(results(sta, stream)) == 9


def test_a_filtered_deletion_stands_in_a_change_set(sta: "Client", stream: str) -> None:
    requests = [
        {
            "id": "1",
            "atomicityGroup": "g",
            "method": "delete",
            "url": f"{stream[1:]}/Observations?$filter=result lt 5",
        },
        {"id": "2", "atomicityGroup": "g", "method": "patch", "url": stream[1:], "body": {"name": "kürzer"}},
    ]
    answer = sta.request("POST", "/$batch", token="manager", json={"requests": requests})
    assert [item["status"] for item in answer.json()["responses"]] == [200, 200]
    assert answer.json()["responses"][0]["body"] == {"@iot.count": 5}
    assert results(sta, stream) == [5, 6, 7, 8]
