"""Beyond 18-088: `LatestObservation` leads from a Datastream to its newest Observation, as `Datastreams/Observations` orders them."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def newest(sta: "Client", stream: int, token: str = "") -> dict[str, Any]:
    """The newest observation in the standard's own words."""
    found = sta.values(
        f"/Datastreams({stream})/Observations?$orderby=phenomenonTime desc,id desc&$top=1", token
    )
    return found[0]


def test_it_is_expanded_in_one_request(sta: "Client", city: "City") -> None:
    (found,) = sta.values("/Datastreams?$expand=LatestObservation")
    assert found["LatestObservation"] == newest(sta, city.open_stream)


def test_select_inside_it(sta: "Client", city: "City") -> None:
    (found,) = sta.values("/Datastreams?$select=name&$expand=LatestObservation($select=result)")
    assert found == {
        "name": "open stream",
        "LatestObservation": {"result": newest(sta, city.open_stream)["result"]},
    }


def test_from_things_through_their_datastreams(sta: "Client", city: "City") -> None:
    (thing,) = sta.values("/Things?$expand=Datastreams($expand=LatestObservation)")
    assert thing["Datastreams"][0]["LatestObservation"] == newest(sta, city.open_stream)


def test_it_has_an_address(sta: "Client", city: "City") -> None:
    latest = newest(sta, city.open_stream)
    path = f"/Datastreams({city.open_stream})/LatestObservation"
    assert sta.get(path) == latest
    assert sta.get(f"{path}/result")["result"] == latest["result"]
    assert sta.get(f"{path}/Datastream")["@iot.id"] == city.open_stream
    assert sta.get(f"{path}/$ref") == {"@iot.selfLink": latest["@iot.selfLink"]}


def test_clients_of_the_standard_meet_no_unknown_link(sta: "Client", city: "City") -> None:
    found = sta.get(f"/Datastreams({city.open_stream})")
    assert not [name for name in found if "LatestObservation" in name]
    asked = sta.get(f"/Datastreams({city.open_stream})?$select=LatestObservation")
    assert asked == {
        "LatestObservation@iot.navigationLink": f"{found['@iot.selfLink']}/LatestObservation",
    }


def test_filter_and_order_by_it(sta: "Client", city: "City") -> None:
    del city
    bound = 100
    above = sta.names(f"/Datastreams?$filter=LatestObservation/result gt {bound}", "writer")
    below = sta.names(f"/Datastreams?$filter=LatestObservation/result le {bound}", "writer")
    assert (above, below) == (["open stream"], [])
    ordered = sta.names("/Datastreams?$orderby=LatestObservation/phenomenonTime desc", "writer")
    assert ordered == ["open stream", "closed stream"]
    by_id = sta.names("/Datastreams?$orderby=LatestObservation/id", "writer")
    assert by_id == ["open stream", "closed stream"]


def test_a_datastream_without_observations_has_none(sta: "Client", city: "City") -> None:
    stream = _empty_stream(sta, city)
    assert (
        sta.get(f"/Datastreams({stream})?$expand=LatestObservation", token="writer")["LatestObservation"]
        is None
    )
    sta.get(f"/Datastreams({stream})/LatestObservation", token="writer", status=404)


def test_late_data_corrections_and_deletions(sta: "Client", city: "City") -> None:
    stream = _empty_stream(sta, city)
    path = f"/Datastreams({stream})"

    def value() -> Any:
        found = sta.get(f"{path}?$expand=LatestObservation", token="manager")["LatestObservation"]
        return found and found["result"]

    def post(time: str, result: float) -> str:
        body = {"phenomenonTime": time, "result": result}
        return str(sta.post(f"{path}/Observations", body).headers["location"])

    post("2026-03-01T10:00:00Z", 1)
    post("2026-02-01T10:00:00Z", 2)
    assert value() == 1
    last = post("2026-03-02T10:00:00Z", 3)
    assert value() == 3
    sta.request("PATCH", last, token="manager", json={"result": 4})
    assert value() == 4
    sta.request("PATCH", last, token="manager", json={"phenomenonTime": "2026-01-01T00:00:00Z"})
    assert value() == 1
    first = sta.get(f"{path}/LatestObservation", token="manager")["@iot.selfLink"]
    assert sta.request("DELETE", first, token="manager").status_code == 200
    assert value() == 2


def test_what_is_out_of_sight_is_not_there(sta: "Client", city: "City") -> None:
    sta.get(f"/Datastreams({city.closed_stream})/LatestObservation", status=404)
    sta.get(f"/Datastreams({city.closed_stream})/LatestObservation", token="stranger", status=404)
    assert (
        sta.get(f"/Datastreams({city.closed_stream})/LatestObservation", token="reader")["result"] == "text 6"
    )
    assert sta.names("/Datastreams?$filter=LatestObservation/id gt 0") == ["open stream"]


def test_it_is_read_only(sta: "Client", city: "City") -> None:
    answer = sta.request(
        "PATCH",
        f"/Datastreams({city.open_stream})",
        token="manager",
        json={"LatestObservation": {"result": 1}},
    )
    assert answer.status_code == 400
    assert "LatestObservation" in answer.json()["message"]


def test_a_collection_below_it_is_none(sta: "Client", city: "City") -> None:
    sta.get(f"/Datastreams({city.open_stream})/LatestObservation/$count", status=404)
    sta.refusal("/Datastreams?$expand=LatestObservation($top=1)")


def _empty_stream(sta: "Client", city: "City") -> int:
    body = {
        "name": "empty",
        "description": "d",
        "observationType": "x",
        "unitOfMeasurement": {"name": "n", "symbol": "s", "definition": "Cel"},
        "Thing": {"@iot.id": city.closed_thing},
        "Sensor": {"@iot.id": city.closed_sensor},
        "ObservedProperty": {"@iot.id": city.closed_property},
    }
    address = sta.post("/Datastreams", body).headers["location"]
    return int(address.rpartition("(")[2].rstrip(")"))


def test_a_multi_datastream_has_one_too(sta: "Client", city: "City") -> None:
    unit = {"name": "n", "symbol": "s", "definition": "Cel"}
    body = {
        "name": "two",
        "description": "d",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation",
        "multiObservationDataTypes": [
            "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
            "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        ],
        "unitOfMeasurements": [unit, unit],
        "Thing": {"@iot.id": city.closed_thing},
        "Sensor": {"@iot.id": city.closed_sensor},
        "ObservedProperties": [{"@iot.id": city.closed_property}, {"@iot.id": city.open_property}],
        "Observations": [{"phenomenonTime": "2026-03-01T00:00:00Z", "result": [1, 2]}],
    }
    address = sta.post("/MultiDatastreams", body).headers["location"]
    assert sta.get(f"{address}/LatestObservation", token="writer")["result"] == [1, 2]
    (found,) = sta.values("/MultiDatastreams?$expand=LatestObservation", "writer")
    assert found["LatestObservation"]["result"] == [1, 2]
