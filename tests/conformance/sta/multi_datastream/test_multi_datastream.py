"""18-088 clause 12: http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream/{properties,relations,constraints}"""

from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.multi_datastream.conftest import SEEN, TYPE, multi, number_in, station

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

NO_UNIT = {"name": None, "symbol": None, "definition": None}


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream/properties")
def test_a_multi_datastream_has_its_properties_and_relations(sta: "Client", weather: str) -> None:
    """req/multi-datastream/properties, relations (tables 12-1 and 12-2)"""
    found = sta.get(weather, token="writer")
    relations = ("Thing", "Sensor", "ObservedProperties", "Observations")
    assert set(found) == {
        "@iot.id", "@iot.selfLink", "name", "description", "observationType", "multiObservationDataTypes",
        "unitOfMeasurements", "phenomenonTime", *(f"{name}@iot.navigationLink" for name in relations),
    }  # fmt: skip
    assert found["observationType"] == f"{TYPE}OM_ComplexObservation"
    assert found["phenomenonTime"] == "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z"
    assert found["unitOfMeasurements"][1:] == [{"name": "Prozent", "symbol": "%", "definition": "%"}, NO_UNIT]
    assert found["multiObservationDataTypes"][2] == f"{TYPE}OM_CategoryObservation"
    for name in relations:
        assert sta.get(found[f"{name}@iot.navigationLink"], token="writer")


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream/relations")
def test_every_relation_leads_back(sta: "Client", weather: str) -> None:
    """req/multi-datastream/relations"""
    number = number_in(weather)
    for path in ("Thing", "Sensor", "ObservedProperties", "Observations"):
        found = sta.get(f"{weather}/{path}", token="writer")
        entity = found["value"][0] if "value" in found else found
        back = "MultiDatastream" if path == "Observations" else "MultiDatastreams"
        there = sta.get(entity[f"{back}@iot.navigationLink"], token="writer")
        ids = [item["@iot.id"] for item in there["value"]] if "value" in there else [there["@iot.id"]]
        assert ids == [number]
    (feature,) = {
        item["FeatureOfInterest"]["@iot.id"]
        for item in sta.values(f"{weather}/Observations?$expand=FeatureOfInterest", "writer")
    }
    again = sta.values(f"/FeaturesOfInterest({feature})/Observations?$expand=MultiDatastream", "writer")
    assert [item["MultiDatastream"]["@iot.id"] for item in again] == [number, number]


def test_observed_properties_keep_their_order(sta: "Client", weather: str) -> None:
    """req/multi-datastream/constraints: the order of units and of ObservedProperties is the same"""
    assert tuple(sta.names(f"{weather}/ObservedProperties", "writer")) == SEEN
    expanded = sta.get(f"{weather}?$expand=ObservedProperties", token="writer")["ObservedProperties"]
    assert tuple(item["name"] for item in expanded) == SEEN
    turned = [{"@iot.id": item["@iot.id"]} for item in reversed(expanded)]
    sta.request("PATCH", weather, token="manager", json={"ObservedProperties": turned})
    assert tuple(sta.names(f"{weather}/ObservedProperties", "writer")) == SEEN[::-1]
    first = sta.get(f"{weather}/ObservedProperties?$top=2&$count=true", token="writer")
    assert first["@iot.count"] == 3
    assert [item["name"] for item in sta.values(first["@iot.nextLink"], "writer")] == [SEEN[0]]


def test_a_property_may_be_observed_twice(sta: "Client", city: "City") -> None:
    """req/multi-datastream/constraints: mean and gust of one property are two values and two entries"""
    seen = [{"@iot.id": city.open_property}] * 2
    more = {"unitOfMeasurements": [None] * 2, "multiObservationDataTypes": [f"{TYPE}OM_Measurement"] * 2}
    body = multi(Thing={"@iot.id": city.open_thing}, ObservedProperties=seen, **more)
    address = sta.post("/MultiDatastreams", body).headers["location"]
    assert sta.names(f"{address}/ObservedProperties", "writer") == ["open property"] * 2
    assert sta.get(f"{address}/ObservedProperties/$count", token="writer") == 2
    expanded = sta.get(f"{address}?$expand=ObservedProperties($count=true;$top=1)", token="writer")
    assert expanded["ObservedProperties@iot.count"] == 2
    assert sta.names(expanded["ObservedProperties@iot.nextLink"], "writer") == ["open property"]
    one = f"{address}/ObservedProperties({city.open_property})"
    assert sta.get(one, token="writer")["name"] == "open property"
    back = sta.values(f"{one}/MultiDatastreams", "writer")
    assert [item["@iot.selfLink"] for item in back] == [address]
    sta.request("DELETE", address, token="manager")


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream/constraints")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"multiObservationDataTypes": ["x"]}, "multiObservationDataTypes"),
        ({"ObservedProperties": [{"@iot.id": 1}]}, "ObservedProperties"),
        ({"unitOfMeasurements": [None, 5, None]}, "unitOfMeasurements.[1]"),
        ({"unitOfMeasurements": [None, {"name": "x", "symbol": "x"}, None]}, "unitOfMeasurements.[1].definition"),
        ({"unitOfMeasurements": []}, "unitOfMeasurements"),
        ({"unitOfMeasurements": None}, "unitOfMeasurements"),
        ({"ObservedProperties": []}, "ObservedProperties"),
        ({"observationType": f"{TYPE}OM_Measurement"}, "observationType"),
        ({"unitOfMeasurement": {}}, "unitOfMeasurement"),
        ({"Sensor": None}, "Sensor"),
    ],
)  # fmt: skip
def test_sizes_that_differ_are_refused(
    sta: "Client", city: "City", changed: dict[str, Any], field: str
) -> None:
    """req/multi-datastream/constraints"""
    before = sta.get("/MultiDatastreams/$count", token="writer")
    body = {**multi(Thing={"@iot.id": city.open_thing}), **changed}
    message = sta.post("/MultiDatastreams", body, status=400).json()["message"]
    assert message.startswith(f"{field}:")
    assert sta.get("/MultiDatastreams/$count", token="writer") == before


@pytest.mark.parametrize("result", [5, "klar", [1, 2], [1, 2, 3, 4], {"a": 1}, [], True])
def test_a_result_of_another_size_is_refused(sta: "Client", weather: str, result: Any) -> None:
    """req/multi-datastream/constraints: a result has one value for each unit, on every way into the store"""
    number, before = number_in(weather), sta.get(f"{weather}/Observations/$count", token="writer")
    for path, body, field in (
        (f"{weather}/Observations", {"result": result}, "result"),
        ("/Observations", {"result": result, "MultiDatastream": {"@iot.id": number}, "parameters": {}}, "result"),
        (
            "/CreateObservations",
            [{"MultiDatastream": {"@iot.id": number}, "components": ["result"], "dataArray": [[[1, 2, "x"]], [result]]}],
            "[0].dataArray[1].result",
        ),
        (
            "/Things",
            station(Observations=[{"result": [1, 2, "x"]}, {"result": result}]),
            "MultiDatastreams[0].Observations[1].result",
        ),
    ):  # fmt: skip
        message = sta.post(path, body, status=400).json()["message"]
        assert message == f"{field}: expected a list of 3 values, one for each ObservedProperty"
    first = sta.values(f"{weather}/Observations?$top=1", "writer")[0]
    answer = sta.request("PATCH", first["@iot.selfLink"], token="manager", json={"result": result})
    assert (answer.status_code, answer.json()["message"].split(":")[0]) == (400, "result")
    assert sta.get(f"{weather}/Observations/$count", token="writer") == before


def test_an_observation_belongs_to_one_of_both_kinds(sta: "Client", city: "City", weather: str) -> None:
    """req/multi-datastream/relations (table 12-3): in one and only one"""
    number, plain = number_in(weather), city.closed_stream
    both = {"Datastream": {"@iot.id": plain}, "MultiDatastream": {"@iot.id": number}}
    told: dict[str, tuple[dict[str, Any], str]] = {
        "/Observations": ({}, "Datastream: is missing; or a MultiDatastream"),
        "/Observations?": (both, "MultiDatastream: an Observation has a Datastream or a MultiDatastream, not both"),
        f"{weather}/Observations": (
            {"Datastream": {"@iot.id": plain}},
            "Datastream: an Observation has a Datastream or a MultiDatastream, not both",
        ),
    }  # fmt: skip
    for path, (body, message) in told.items():
        answer = sta.post(path.removesuffix("?"), {"result": [1, 2, "x"], **body}, status=400)
        assert answer.json()["message"] == message
    for kind, other in (("Datastream", number), ("MultiDatastream", plain)):
        body = {"result": [1, 2, "x"], kind: {"@iot.id": other}}
        answer = sta.post("/Observations", body, status=400)
        assert answer.json()["message"] == f"{kind}: there is no {kind}({other})"
        sta.post(f"/{kind}s({other})/Observations", {"result": [1, 2, "x"]}, status=404)
    block = {**both, "components": ["result"], "dataArray": [[1]]}
    sta.post("/CreateObservations", [block], status=400)


def test_neither_kind_is_seen_as_the_other(sta: "Client", city: "City", weather: str) -> None:
    """req/multi-datastream/relations: the two views of a Thing's datastreams share nothing"""
    number = number_in(weather)
    assert sta.request("GET", f"/Datastreams({number})", token="writer").status_code == 404
    path = f"/MultiDatastreams({city.closed_stream})"
    assert sta.request("GET", path, token="writer").status_code == 404
    assert number not in [item["@iot.id"] for item in sta.pages("/Datastreams", "writer")]
    assert sta.values(f"{weather}/Thing/Datastreams", "writer") == []
    plain = sta.values(f"/Datastreams({city.closed_stream})/Observations?$top=1", "writer")[0]
    mine = sta.values(f"{weather}/Observations?$top=1", "writer")[0]
    for item, own, other in (
        (plain, "Datastream", "MultiDatastream"),
        (mine, "MultiDatastream", "Datastream"),
    ):
        address = item["@iot.selfLink"]
        assert f"{own}@iot.navigationLink" in item
        assert f"{other}@iot.navigationLink" not in item
        assert sta.get(f"{address}/{own}", token="writer")
        assert sta.request("GET", f"{address}/{other}", token="writer").status_code == 404
        expanded = sta.get(f"{address}?$expand=Datastream,MultiDatastream", token="writer")
        assert own in expanded
        assert other not in expanded
        number = sta.get(f"{address}/{own}", token="writer")["@iot.id"]
        one = f"/Observations?$filter=id eq {item['@iot.id']} and "
        for condition, count in (
            (f"{own}/id eq {number}", 1), (f"{other}/id eq {number}", 0), (f"{other}/id ne {number}", 1),
            (f"{other}/id in ({number})", 0), (f"{own}/id in ({number})", 1), (f"{other}/id eq null", 1),
            (f"not ({own}/id eq null)", 1), (f"{own}/id eq null", 0), (f"{other}/name eq null", 1),
        ):  # fmt: skip
            assert len(sta.values(f"{one}({condition})", "writer")) == count, condition
            assert len(sta.values(f"{one}(id eq 0 or {condition})", "writer")) == count, condition
