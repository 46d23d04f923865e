"""18-088 clause 8: req/datamodel/…"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000/sta/v1.1"
CONTROL = {"@iot.id", "@iot.selfLink"}
PROPERTIES = {
    "Things": {"name", "description", "properties"},
    "Locations": {"name", "description", "encodingType", "location"},
    "HistoricalLocations": {"time"},
    "Datastreams": {
        "name", "description", "unitOfMeasurement", "observationType", "phenomenonTime", "resultTime", "properties",
    },
    "Sensors": {"name", "description", "encodingType", "metadata"},
    "ObservedProperties": {"name", "definition", "description"},
    "Observations": {"phenomenonTime", "result", "resultTime"},
    "FeaturesOfInterest": {"name", "description", "encodingType", "feature"},
}  # fmt: skip
RELATIONS = {
    "Things": {"Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams"},
    "Locations": {"Things", "HistoricalLocations"},
    "HistoricalLocations": {"Thing", "Locations"},
    "Datastreams": {"Thing", "Sensor", "ObservedProperty", "Observations"},
    "Sensors": {"Datastreams", "MultiDatastreams"},
    "ObservedProperties": {"Datastreams", "MultiDatastreams"},
    "Observations": {"Datastream", "FeatureOfInterest"},
    "FeaturesOfInterest": {"Observations"},
}


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/thing/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/thing/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/location/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/location/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/historical-location/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/historical-location/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/datastream/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/datastream/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/sensor/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/sensor/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/observed-property/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/observed-property/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/observation/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/observation/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/feature-of-interest/properties",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/feature-of-interest/relations",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/entity-control-information/common-control-information",
)
@pytest.mark.parametrize("name", PROPERTIES)
def test_entities_have_control_information_properties_and_relations(
    sta: "Client", city: "City", name: str
) -> None:
    """req/datamodel/<entity>/properties and relations, entity-control-information/common-control-information"""
    entity = sta.values(f"/{name}?$top=1")[0]
    links = {f"{relation}@iot.navigationLink" for relation in RELATIONS[name]}
    assert set(entity) == CONTROL | PROPERTIES[name] | links
    assert entity["@iot.selfLink"] == f"{BASE}/{name}({entity['@iot.id']})"
    assert sta.get(entity["@iot.selfLink"]) == entity
    for link in links:
        assert sta.get(entity[link])


def test_a_datastream_says_when_it_observed(sta: "Client", city: "City") -> None:
    found = sta.get(f"/Datastreams({city.open_stream})")
    assert found["phenomenonTime"] == "2026-01-30T00:00:00Z/2026-02-09T09:00:00Z"
    assert found["resultTime"] == "2026-01-30T00:00:01Z/2026-02-09T09:00:01Z"
    assert found["unitOfMeasurement"] == {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}


def test_a_result_keeps_its_json_type(sta: "Client", city: "City") -> None:
    results = [item["result"] for item in sta.values(f"/Datastreams({city.open_stream})/Observations?$top=7")]
    assert results == [0, 0.5, 1, 1.5, 2, 2.5, "text 6"]


def test_the_landing_document_lists_sets_and_requirements(sta: "Client", city: "City") -> None:
    found: dict[str, Any] = sta.get("")
    assert {item["name"]: item["url"] for item in found["value"]} == {
        name: f"{BASE}/{name}" for name in (*PROPERTIES, "MultiDatastreams")
    }
    assert {"substringof", "geo.distance", "st_within", "overlaps"} <= set(
        found["serverSettings"]["functions"]
    )
    assert sta.get("/") == found
