"""18-088 req/create-update-delete: update-entity, update-entity-put, update-entity-jsonpatch, for every entity type."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

POINT = {"type": "Point", "coordinates": [7.5, 51.2]}
STEPS = {"Content-Type": "application/json-patch+json"}
# What a PATCH of one property leaves as it was, by entity type.
PATCHES: list[tuple[str, dict[str, Any]]] = [
    ("Things", {"description": "changed"}),
    ("Things", {"properties": {"a": 1}}),
    ("Locations", {"location": POINT}),
    ("HistoricalLocations", {"time": "2025-07-01T00:00:00Z"}),
    ("Datastreams", {"description": "changed"}),
    ("Datastreams", {"unitOfMeasurement": {"name": "Celsius", "symbol": "°", "definition": "Cel"}}),
    ("Sensors", {"metadata": {"any": "thing"}}),
    ("ObservedProperties", {"definition": "https://example.org/changed"}),
    ("FeaturesOfInterest", {"feature": POINT}),
    ("Observations", {"result": "changed"}),
    ("Observations", {"phenomenonTime": "2026-01-30T00:30:00Z/2026-01-30T00:40:00Z"}),
    (
        "Observations",
        {"validTime": "2026-01-30T00:30:00Z/2026-01-30T00:40:00Z", "resultQuality": {"code": 1}},
    ),
]


def thing() -> dict[str, Any]:
    """A Thing with one of everything."""
    return {
        "name": "Station", "description": "d", "properties": {"floor": 1},
        "Locations": [{"name": "Ort", "description": "", "encodingType": "application/geo+json", "location": {"type": "Point", "coordinates": [7, 51]}}],
        "Datastreams": [{
            "name": "Temperatur", "description": "d", "observationType": "x", "properties": {"p": 1},
            "unitOfMeasurement": {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"},
            "Sensor": {"name": "s", "description": "d", "encodingType": "x", "metadata": "m", "properties": {"p": 1}},
            "ObservedProperty": {"name": "o", "description": "d", "definition": "x", "properties": {"p": 1}},
            "Observations": [{"result": 1, "phenomenonTime": "2026-01-30T00:00:00Z", "resultTime": "2026-01-30T00:00:00Z", "parameters": {"p": 1}}],
        }],
    }  # fmt: skip


@pytest.fixture
def made(sta: "Client") -> dict[str, str]:
    """Paths of one entity of each type, by entity set."""
    root = sta.post("/Things", thing()).headers["location"]
    ways = {
        "Things": "", "Locations": "/Locations", "HistoricalLocations": "/HistoricalLocations", "Datastreams": "/Datastreams",
    }  # fmt: skip
    paths = {
        name: f"/Things({key(sta, root, way)})" if not way else f"/{name}({key(sta, root, way)})"
        for name, way in ways.items()
    }
    below = {"Sensors": "Sensor", "ObservedProperties": "ObservedProperty", "Observations": "Observations"}
    paths |= {name: f"/{name}({key(sta, paths['Datastreams'], '/' + way)})" for name, way in below.items()}
    paths["FeaturesOfInterest"] = (
        f"/FeaturesOfInterest({key(sta, paths['Observations'], '/FeatureOfInterest')})"
    )
    return paths


def key(sta: "Client", root: str, way: str) -> int:
    found = sta.get(f"{root}{way}", token="manager")
    number = (found["value"][0] if "value" in found else found)["@iot.id"]
    assert isinstance(number, int)
    return number


def send(
    sta: "Client", method: str, path: str, body: Any = None, status: int = 200, **more: Any
) -> "httpx.Response":
    answer = sta.request(method, path, token=more.pop("token", "manager"), json=body, **more)
    assert answer.status_code == status, answer.text
    return answer


def properties(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if "@" not in name}


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/update-entity")
@pytest.mark.parametrize(("collection", "body"), PATCHES)
def test_patch_changes_what_it_names_and_nothing_else(
    sta: "Client", made: dict[str, str], collection: str, body: dict[str, Any]
) -> None:
    path = made[collection]
    before = properties(sta.get(path, token="manager"))
    answer = send(sta, "PATCH", path, body)
    assert answer.json()["@iot.selfLink"].endswith(path)
    assert properties(sta.get(path, token="manager")) == {**before, **body}


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/update-entity-put"
)
@pytest.mark.parametrize(
    "collection",
    ["Things", "Locations", "Datastreams", "Sensors", "ObservedProperties", "FeaturesOfInterest"],
)
def test_put_empties_what_it_does_not_name_and_keeps_what_must_be(
    sta: "Client", made: dict[str, str], collection: str
) -> None:
    path = made[collection]
    before = properties(sta.get(path, token="manager"))
    send(sta, "PUT", path, {"description": "put"})
    before.pop("properties", None)
    assert properties(sta.get(path, token="manager")) == {**before, "description": "put"}


def test_put_of_an_observation_empties_its_optional_properties(sta: "Client", made: dict[str, str]) -> None:
    send(sta, "PUT", made["Observations"], {"result": 99, "phenomenonTime": "2026-01-30T00:40:00Z"})
    found = properties(sta.get(made["Observations"], token="manager"))
    assert found == {"phenomenonTime": "2026-01-30T00:40:00Z", "result": 99, "resultTime": None}


def test_what_is_read_can_be_put_back(sta: "Client", made: dict[str, str]) -> None:
    for path in made.values():
        before = sta.get(path, token="manager")
        send(sta, "PUT", path, before)
        assert sta.get(path, token="manager") == before


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/update-entity-jsonpatch"
)
@pytest.mark.parametrize(
    ("collection", "steps", "expected"),
    [
        ("Things", [{"op": "replace", "path": "/properties/floor", "value": 2}], {"properties": {"floor": 2}}),
        ("Things", [{"op": "add", "path": "/properties/b", "value": [1]}, {"op": "remove", "path": "/properties/floor"}], {"properties": {"b": [1]}}),
        ("Things", [{"op": "test", "path": "/name", "value": "Station"}, {"op": "copy", "from": "/name", "path": "/description"}], {"description": "Station"}),
        ("Datastreams", [{"op": "move", "from": "/properties/p", "path": "/properties/q"}], {"properties": {"q": 1}}),
        ("Observations", [{"op": "add", "path": "/parameters/q", "value": 2}], {"parameters": {"p": 1, "q": 2}}),
        ("Locations", [{"op": "replace", "path": "/location/coordinates/0", "value": 8}], {"location": {"type": "Point", "coordinates": [8, 51]}}),
    ],
)  # fmt: skip
def test_json_patch_takes_steps(
    sta: "Client", made: dict[str, str], collection: str, steps: list[Any], expected: dict[str, Any]
) -> None:
    before = properties(sta.get(made[collection], token="manager"))
    send(sta, "PATCH", made[collection], steps, headers=STEPS)
    assert properties(sta.get(made[collection], token="manager")) == {**before, **expected}


@pytest.mark.parametrize(
    ("steps", "status", "message"),
    [
        ([{"op": "test", "path": "/name", "value": "x"}], 409, "The test of step [0] fails."),
        ([{"op": "add", "path": "/description", "value": "x"}, {"op": "remove", "path": "/nothing"}], 400, "Step [1] cannot be taken"),
        ([{"op": "jump", "path": "/name"}], 400, "Step [0] cannot be taken"),
        ([{"path": "/name"}], 400, "Step [0] cannot be taken"),
        ([5], 400, "Step [0] cannot be taken"),
        ({"op": "add"}, 400, "A JSON Patch is a list"),
        ([{"op": "replace", "path": "/name", "value": 5}], 400, "name: expected a text, found a number"),
        ([{"op": "remove", "path": "/name"}], 200, ""),
        ([{"op": "replace", "path": "", "value": 5}], 400, "body: expected an object"),
        ([{"op": "add", "path": "/properties/x", "value": "x" * 99}] + [{"op": "copy", "from": "/properties", "path": f"/properties/a{n}"} for n in range(60)], 400, "The document would become too large."),
    ],
)  # fmt: skip
def test_a_patch_that_does_not_fit_changes_nothing(
    sta: "Client", made: dict[str, str], steps: Any, status: int, message: str
) -> None:
    before = sta.get(made["Things"], token="manager")
    answer = send(sta, "PATCH", made["Things"], steps, status, headers=STEPS)
    assert answer.json().get("message", "").startswith(message)
    assert sta.get(made["Things"], token="manager") == before


@pytest.mark.parametrize(
    ("collection", "body", "message"),
    [
        ("Things", {"nmae": "x"}, "nmae: unknown property, did you mean 'name'?"),
        ("Things", {"name": None}, "name: cannot be null"),
        ("Things", {"name": ""}, "name: is empty"),
        ("Things", [1], "body: expected an object"),
        ("Things", {"Datastreams": [{"name": "new"}]}, 'Datastreams[0]: a change links to entities that exist: {"@iot.id": …}'),
        ("Things", {"Locations": {"@iot.id": 1}}, "Locations: expected a list"),
        ("Things", {"Locations": [{"@iot.id": 999999}]}, "Locations[0]: there is no Location(999999)"),
        ("Datastreams", {"Sensor": {"@iot.id": "x"}}, "Sensor.@iot.id: expected a whole number, found a text"),
        ("Datastreams", {"unitOfMeasurement": {"name": "x"}}, "unitOfMeasurement.symbol: is missing"),
        ("Locations", {"location": {"type": "Point", "coordinates": [999, 0]}}, "location.coordinates: longitude and latitude are outside"),
        ("Observations", {"phenomenonTime": "gestern"}, "phenomenonTime: 'gestern' is no ISO 8601 time"),
        ("Observations", {"Datastream": {"@iot.id": 999999}}, "Datastream: there is no Datastream(999999)"),
    ],
)  # fmt: skip
def test_a_wrong_change_names_the_field(
    sta: "Client", made: dict[str, str], collection: str, body: Any, message: str
) -> None:
    before = sta.get(made[collection], token="manager")
    assert send(sta, "PATCH", made[collection], body, 400).json()["message"].startswith(message)
    assert sta.get(made[collection], token="manager") == before


def test_links_lead_elsewhere(sta: "Client", made: dict[str, str]) -> None:
    sensor = sta.post(
        "/Sensors", {"name": "new", "description": "", "encodingType": "x", "metadata": "x"}
    ).json()["@iot.id"]
    other = sta.post("/Things", {"name": "other", "description": ""}).json()["@iot.id"]
    stream = int(made["Datastreams"][13:-1])
    send(sta, "PATCH", made["Datastreams"], {"Sensor": {"@iot.id": sensor}, "Thing": {"@iot.id": other}})
    assert sta.get(f"{made['Datastreams']}/Sensor/name", token="manager") == {"name": "new"}
    assert sta.values(f"{made['Things']}/Datastreams", "manager") == []
    send(sta, "PATCH", made["Things"], {"Datastreams": [{"@iot.id": stream}]})
    assert [item["@iot.id"] for item in sta.values(f"{made['Things']}/Datastreams", "manager")] == [stream]


def test_a_thing_that_moves_keeps_where_it_was(sta: "Client", made: dict[str, str]) -> None:
    place = {"name": "neu", "description": "", "encodingType": "application/geo+json", "location": POINT}
    new = sta.post("/Locations", place).json()["@iot.id"]
    send(sta, "PATCH", made["Things"], {"Locations": [{"@iot.id": new}]})
    assert [item["@iot.id"] for item in sta.values(f"{made['Things']}/Locations", "manager")] == [new]
    past = sta.values(f"{made['Things']}/HistoricalLocations?$expand=Locations&$orderby=time", "manager")
    assert [[item["name"] for item in moment["Locations"]] for moment in past] == [["Ort"], ["neu"]]
    sta.post(f"{made['Datastreams']}/Observations", {"result": 5})
    newest = (
        f"{made['Datastreams']}/Observations?$orderby=phenomenonTime desc&$top=1&$expand=FeatureOfInterest"
    )
    assert sta.values(newest, "manager")[0]["FeatureOfInterest"]["feature"] == POINT


def test_a_corrected_place_is_that_of_later_observations(sta: "Client", made: dict[str, str]) -> None:
    send(sta, "PATCH", made["Locations"], {"location": POINT})
    sta.post(f"{made['Datastreams']}/Observations", {"result": 5})
    found = sta.values(f"{made['Datastreams']}/Observations?$orderby=id&$expand=FeatureOfInterest", "manager")
    assert [item["FeatureOfInterest"]["feature"]["coordinates"] for item in found] == [[7, 51], [7.5, 51.2]]


def test_a_corrected_observation_keeps_its_former_value(sta: "Client", made: dict[str, str]) -> None:
    from stadt.hub.observations.models import ObservationRevision

    send(sta, "PATCH", made["Observations"], {"result": 7})
    number = int(made["Observations"][14:-1])
    assert [row.result_number for row in ObservationRevision.objects.filter(id=number)] == [1]


def test_a_change_is_noted_without_its_text(sta: "Client", made: dict[str, str]) -> None:
    from stadt.core.people.models import AuditEntry

    send(sta, "PATCH", made["Things"], {"description": "geheim"})
    send(sta, "DELETE", made["Things"])
    verbs = {entry.verb: entry for entry in AuditEntry.objects.filter(subject=made["Things"][1:])}
    assert {"update_entity", "delete_entity"} <= set(verbs)
    assert verbs["update_entity"].changes == {"changed": ["description"]}


def test_changing_needs_the_right_and_sight(sta: "Client", city: "City", made: dict[str, str]) -> None:
    for method in ("PATCH", "PUT", "DELETE"):
        body = None if method == "DELETE" else {"description": "x"}
        for token, status in (("", 401), ("reader", 403), ("writer", 403)):
            send(sta, method, made["Things"], body, status, token=token)
        for path in (
            f"/Things({city.other_thing})",
            f"/Things({city.other_thing})/Datastreams({city.other_stream})",
            "/Things(999999)",
        ):
            send(sta, method, path, body, 404)
    send(
        sta, "PATCH", f"/Things({city.closed_thing})", {"Datastreams": [{"@iot.id": city.other_stream}]}, 400
    )
    assert sta.get(made["Things"], token="manager")["description"] == "d"


def test_only_an_entity_is_changed(sta: "Client", made: dict[str, str]) -> None:
    for path in (
        "/Things",
        f"{made['Things']}/Datastreams",
        f"{made['Things']}/name",
        f"{made['Things']}/$ref",
    ):
        send(sta, "PATCH", path, {}, 405)
    send(sta, "DELETE", f"{made['Things']}?$filter=id eq 1", None, 400)
    send(sta, "PATCH", f"{made['Things']}/Nothing", {}, 404)
    send(sta, "PUT", made["Things"], [], 415, headers=STEPS)
    send(sta, "PATCH", made["Things"], {}, 415, headers={"Content-Type": "text/plain"})
    answer = sta.request(
        "PATCH", made["Things"], token="manager", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


def test_an_entity_is_changed_through_a_path(sta: "Client", made: dict[str, str]) -> None:
    send(sta, "PATCH", f"{made['Datastreams']}/Thing", {"description": "through"})
    assert sta.get(made["Things"], token="manager")["description"] == "through"
