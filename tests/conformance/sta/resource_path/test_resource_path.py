"""18-088 clause 9.2: req/resource-path/resource-path-to-entities"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities"
)
def test_navigation_goes_to_any_depth(sta: "Client", city: "City") -> None:
    path = f"/Observations({city.open_observation})/Datastream/Thing/Datastreams({city.open_stream})/ObservedProperty"
    assert sta.get(path)["name"] == "open property"
    assert sta.names(f"{path}/Datastreams") == ["open stream"]
    deep = f"{path}/Datastreams({city.open_stream})/Thing/Locations({city.open_place})/HistoricalLocations"
    assert [item["@iot.id"] for item in sta.values(deep)] == [city.open_past]
    assert sta.get(f"{deep}({city.open_past})/Thing/HistoricalLocations/$count") == 1
    assert sta.get(f"/Observations({city.open_observation})/Datastream/Observations/$count") == 250


def test_every_navigation_property_leads_back(sta: "Client", city: "City") -> None:
    assert sta.get(f"/FeaturesOfInterest({city.open_feature})/Observations/$count") == 250
    assert sta.get(f"/Sensors({city.open_sensor})/Datastreams/$count") == 1
    assert sta.get(f"/Locations({city.open_place})/Things/$count") == 1
    assert sta.get(f"/HistoricalLocations({city.open_past})/Locations/$count") == 1
    assert sta.get(f"/Observations({city.open_observation})/FeatureOfInterest")["name"] == "open feature"


def test_a_property_and_its_raw_value(sta: "Client", city: "City") -> None:
    root = f"/Things({city.open_thing})"
    assert sta.get(f"{root}/name") == {"name": "open thing"}
    assert sta.get(f"{root}/id") == {"@iot.id": city.open_thing}
    raw = sta.request("GET", f"{root}/name/$value")
    assert (raw.text, raw.headers["content-type"]) == ("open thing", "text/plain;charset=utf-8")
    assert sta.get(f"{root}/properties/kind") == {"kind": "open"}
    assert sta.request("GET", f"{root}/properties/$value").json() == {"kind": "open", "floor": 0}
    observation = f"/Observations({city.open_observation})"
    assert sta.request("GET", f"{observation}/result/$value").text == "0"
    assert sta.request("GET", f"{observation}/phenomenonTime/$value").text == "2026-01-30T00:00:00Z"


def test_a_property_without_value_has_no_content(sta: "Client", city: "City") -> None:
    for path in (
        f"/Datastreams({city.open_stream})/observedArea",
        f"/Things({city.open_thing})/properties/absent",
    ):
        answer = sta.request("GET", path)
        assert (answer.status_code, answer.content) == (204, b"")


def test_count_and_ref(sta: "Client", city: "City") -> None:
    assert sta.request("GET", "/Things/$count").text == "1"
    assert sta.request("GET", "/Things/$count?$filter=name eq 'x'").text == "0"
    page = sta.get(f"/Datastreams({city.open_stream})/Observations/$ref?$top=2")
    assert set(page["value"][0]) == {"@iot.selfLink"}
    assert "/Observations/$ref?" in page["@iot.nextLink"]
    assert sta.get(f"/Datastreams({city.open_stream})/Thing/$ref") == {
        "@iot.selfLink": f"http://127.0.0.1:8000/sta/v1.1/Things({city.open_thing})"
    }


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/Thing", "path, position 1: unknown entity set 'Thing', did you mean 'Things'?"),
        (
            "/Things(1)/Datastream",
            "path, position 11: unknown resource 'Datastream', did you mean 'Datastreams'?",
        ),
        ("/Things(1)/nmae", "path, position 11: unknown resource 'nmae', did you mean 'name'?"),
        ("/Things/Datastreams", "path, position 8: 'Things' is a collection; give a key"),
        ("/Things/name", "path, position 8: unknown resource 'name'"),
        ("/Things(999999)", "Nothing found."),
        ("/Things('abc')", "Nothing found."),
        ("/Things(999999)/Datastreams", "Nothing found."),
        ("/Things(999999)/Datastreams/$count", "Nothing found."),
        ("/Datastreams(999999)/Observations", "Nothing found."),
        ("/Datastreams(999999)/Observations/$count", "Nothing found."),
        ("/Things(999999)/name", "Nothing found."),
        ("/Things(1)/name/$count", "path, position 16: unknown resource '$count'"),
    ],
)
def test_what_does_not_exist_is_not_found(sta: "Client", city: "City", path: str, message: str) -> None:
    assert sta.refusal(path, 404) == message


def test_an_entity_that_belongs_elsewhere_is_not_found(sta: "Client", city: "City") -> None:
    path = f"/Things({city.open_thing})/Datastreams({city.closed_stream})"
    assert sta.refusal(path, 404, token="reader") == "Nothing found."
    assert sta.refusal(f"{path}/Observations", 404, token="reader") == "Nothing found."


def test_a_path_that_cannot_be_read_is_refused(sta: "Client", city: "City") -> None:
    assert sta.refusal("/Things(a)") == "path, position 8: expected a whole number as key"
    assert "expected a name" in sta.refusal("/Things(1)//name")
    assert sta.request("GET", "/" + "a" * 20_000).status_code == 414


def test_another_version_is_not_found(sta: "Client", city: "City") -> None:
    assert sta.request("GET", "http://127.0.0.1:8000/sta/v1.0/Things").status_code == 404
    assert sta.request("GET", "http://127.0.0.1:8000/sta/").status_code == 404
