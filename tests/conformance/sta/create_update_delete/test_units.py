"""A unit never changes under the observations that were measured in it."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

KELVIN = {"name": "Kelvin", "symbol": "K", "definition": "K"}
STEPS = {"Content-Type": "application/json-patch+json"}


def change(sta: "Client", stream: int, way: str, unit: Any) -> "httpx.Response":
    path = f"/Datastreams({stream})"
    if way == "steps":
        steps = [{"op": "replace", "path": "/unitOfMeasurement", "value": unit}]
        return sta.request("PATCH", path, token="manager", json=steps, headers=STEPS)
    whole = {"name": "x", "description": "", "observationType": "x"} if way == "PUT" else {}
    return sta.request(way, path, token="manager", json={**whole, "unitOfMeasurement": unit})


def shown(sta: "Client", stream: int) -> Any:
    return sta.get(f"/Datastreams({stream})?$select=unitOfMeasurement", token="manager")["unitOfMeasurement"]


@pytest.mark.parametrize("way", ["PATCH", "PUT", "steps"])
def test_another_unit_is_refused_where_there_are_observations(sta: "Client", city: "City", way: str) -> None:
    before = shown(sta, city.closed_stream)
    answer = change(sta, city.closed_stream, way, KELVIN)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["field"] == "unitOfMeasurement"
    assert "7 Observations in 'Cel'" in answer.json()["message"]
    assert "Create a new Datastream for 'K'" in answer.json()["message"]
    assert shown(sta, city.closed_stream) == before


@pytest.mark.parametrize("way", ["PATCH", "PUT", "steps"])
def test_the_same_unit_may_be_written_differently(sta: "Client", city: "City", way: str) -> None:
    unit = {"name": way, "symbol": "Grad", "definition": "Cel"}
    assert change(sta, city.closed_stream, way, unit).status_code == 200
    assert shown(sta, city.closed_stream) == unit


@pytest.mark.parametrize("way", ["PATCH", "PUT", "steps"])
def test_a_unit_is_corrected_while_nothing_was_measured(sta: "Client", city: "City", way: str) -> None:
    body = {
        "name": "leer", "description": "", "observationType": "x",
        "unitOfMeasurement": {"name": "Celsius", "symbol": "°C", "definition": "Cel"},
        "Thing": {"@iot.id": city.closed_thing}, "Sensor": {"@iot.id": city.closed_sensor},
        "ObservedProperty": {"@iot.id": city.closed_property},
    }  # fmt: skip
    root = sta.post("/Datastreams", body).headers["location"]
    stream = int(root.rpartition("(")[2].rstrip(")"))
    assert change(sta, stream, way, KELVIN).status_code == 200
    assert shown(sta, stream) == KELVIN


def test_without_a_definition_name_and_symbol_are_the_unit(sta: "Client", city: "City") -> None:
    nameless = {"name": "Grad Celsius", "symbol": "°C", "definition": None}
    assert change(sta, city.closed_stream, "PATCH", nameless).status_code == 409


def test_a_unit_that_was_written_wrongly_is_corrected_expressly(sta: "Client", city: "City") -> None:
    from stadt.core.people.models import AuditEntry

    path, headers = f"/Datastreams({city.closed_stream})", {"Prefer": "correct-unit"}
    answer = sta.request("PATCH", path, token="manager", json={"unitOfMeasurement": KELVIN}, headers=headers)
    assert answer.status_code == 200
    assert shown(sta, city.closed_stream) == KELVIN
    entry = AuditEntry.objects.filter(verb="update_entity").latest("pk")
    assert entry.changes == {"changed": ["unit_of_measurement"], "unit": [["Cel"], ["K"]]}
