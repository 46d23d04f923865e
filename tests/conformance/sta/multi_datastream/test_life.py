"""18-088 clause 12 with clauses 9, 10 and 13: MultiDatastreams through their life, in every form of answer."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.multi_datastream.conftest import TYPE, multi, number_in, station

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def manage(sta: "Client", method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
    answer = sta.request(method, path, token="manager", json=body, **more)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def test_observations_come_one_by_one_and_in_blocks(sta: "Client", weather: str) -> None:
    """req/create-update-delete/create-entity, req/data-array/data-array"""
    number = number_in(weather)
    link = {"MultiDatastream": {"@iot.id": number}}
    sta.post(
        "/Observations", {"result": [3, None, "Regen"], "phenomenonTime": "2026-03-03T00:00:00Z", **link}
    )
    sta.post(f"{weather}/Observations", {"result": [4, 64, ""], "phenomenonTime": "2026-03-04T00:00:00Z"})
    rows = [["2026-03-05T00:00:00Z", [5, 65, "Regen"]], ["2026-03-06T00:00:00Z", [6.5, 66, "klar"]]]
    block = {**link, "components": ["phenomenonTime", "result"], "dataArray": rows}
    addresses = sta.post("/CreateObservations", [block]).json()
    assert sta.get(addresses[1], token="writer")["result"] == [6.5, 66, "klar"]
    found = [item["result"][0] for item in sta.values(f"{weather}/Observations", "writer")]
    assert found == [1, 2, 3, 4, 5, 6.5]
    newest = sta.get(f"{weather}?$expand=Observations($orderby=phenomenonTime desc;$top=1)", token="writer")
    assert newest["Observations"][0]["result"] == [6.5, 66, "klar"]


def test_data_arrays_are_grouped_by_the_kind(sta: "Client", city: "City", weather: str) -> None:
    """req/data-array/data-array: the group names `MultiDatastream@iot.navigationLink`"""
    plain = f"Datastreams({city.closed_stream})"
    path = f"/Observations?$resultFormat=dataArray&$select=result&$filter=MultiDatastream/id eq {number_in(weather)}"
    (block,) = sta.values(f"{path} or Datastream/id eq 0", "writer")
    assert block["MultiDatastream@iot.navigationLink"] == weather
    assert block["components"] == ["result"]
    assert block["dataArray"] == [[[1, 61, "klar"]], [[2, 62, "klar"]]]
    (block,) = sta.values(f"/{plain}/Observations?$resultFormat=dataArray&$top=1", "writer")
    assert block["Datastream@iot.navigationLink"].endswith(plain)


def test_csv_and_geojson_have_lists_too(sta: "Client", weather: str) -> None:
    """Extensions of ours: $resultFormat=CSV and GeoJSON"""
    csv = sta.request("GET", f"{weather}/Observations?$resultFormat=CSV&$select=result", token="writer")
    assert csv.text.splitlines()[1] == '"[1,61,""klar""]"'
    found = sta.get(f"{weather}/Observations?$resultFormat=GeoJSON&$top=1", token="writer")
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [7.1, 51.5]}
    area = {"type": "Polygon", "coordinates": [[[7, 51], [8, 51], [8, 52], [7, 51]]]}
    manage(sta, "PATCH", weather, {"observedArea": area})
    path = f"/MultiDatastreams?$resultFormat=GeoJSON&$filter=id eq {number_in(weather)}"
    (feature,) = sta.get(path, token="writer")["features"]
    assert feature["geometry"] == area
    within = "st_within(observedArea,geography'POLYGON((6 50,9 50,9 53,6 53,6 50))')"
    assert sta.get(f"/MultiDatastreams/$count?$filter={within}", token="writer") == 1


@pytest.mark.parametrize(
    ("filtered", "found"),
    [
        ("result[0] gt 1", [2]), ("result/0 gt 1", [2]), ("result[2] eq 'klar' and result[1] lt 62", [1]),
        ("result[0] add result[1] eq 64", [2]), ("result[3] eq null", [1, 2]), ("result gt 1", []),
        ("MultiDatastream/name eq 'Wetter' and result[0] eq 1", [1]),
        ("MultiDatastream/ObservedProperties/name eq 'Himmel'", [1, 2]),
        ("MultiDatastream/ObservedProperties/any(p: p/name eq 'Druck')", []),
        ("MultiDatastream/unitOfMeasurements[0]/symbol eq '°C'", [1, 2]),
    ],
)  # fmt: skip
def test_values_of_a_result_can_be_asked_for(
    sta: "Client", weather: str, filtered: str, found: list[int]
) -> None:
    """req/request-data/filter"""
    values = sta.values(f"{weather}/Observations?$filter={filtered}", "writer")
    assert [item["result"][0] for item in values] == found


def test_values_of_a_result_give_the_order_and_the_next_page(sta: "Client", weather: str) -> None:
    """req/request-data/orderby, pagination"""
    path = f"{weather}/Observations?$orderby=result[1] desc&$top=1&$filter=result[0] gt 0"
    assert [item["result"][1] for item in sta.pages(path, "writer")] == [62, 61]
    assert "position 8: expected a place in a list" in sta.refusal("/Observations?$filter=result[x] gt 1")
    assert "expected ']'" in sta.refusal("/Observations?$filter=result[0 gt 1")


def test_things_find_their_multi_datastreams(sta: "Client", weather: str) -> None:
    """req/request-data/filter, expand"""
    number = number_in(weather)
    path = f"/Things?$filter=MultiDatastreams/id eq {number}&$expand=MultiDatastreams($expand=Sensor,Observations)"
    (thing,) = sta.values(path, "writer")
    (stream,) = thing["MultiDatastreams"]
    assert stream["Sensor"]["name"] == "WS"
    assert [item["result"] for item in stream["Observations"]] == [[1, 61, "klar"], [2, 62, "klar"]]
    path = f"/ObservedProperties?$filter=MultiDatastreams/id eq {number}&$orderby=name"
    assert sta.names(path, "writer") == ["Himmel", "Luftfeuchte", "Temperatur"]


def test_it_is_changed_in_part_whole_and_by_steps(sta: "Client", weather: str) -> None:
    """req/create-update-delete/update-entity, update-entity-put, update-entity-jsonpatch"""
    manage(sta, "PATCH", weather, {"name": "neu", "properties": {"a": 1}})
    steps = [{"op": "replace", "path": "/unitOfMeasurements/0/symbol", "value": "K"}]
    manage(sta, "PATCH", weather, steps, headers={"Content-Type": "application/json-patch+json"})
    found = sta.get(weather, token="writer")
    assert (found["name"], found["properties"]) == ("neu", {"a": 1})
    assert found["unitOfMeasurements"][0]["symbol"] == "K"
    units = {"name": "ganz", "unitOfMeasurements": [None] * 3}
    manage(sta, "PUT", weather, units, headers={"Prefer": "correct-unit"})
    found = sta.get(weather, token="writer")
    assert "properties" not in found
    assert (found["name"], found["unitOfMeasurements"][0]["symbol"]) == ("ganz", None)


@pytest.mark.parametrize(
    "change",
    [
        {"unitOfMeasurements": [None] * 2},
        {"multiObservationDataTypes": ["x"] * 4},
        {"ObservedProperties": "first two"},
    ],
)
def test_its_size_never_changes(sta: "Client", weather: str, change: dict[str, Any]) -> None:
    """req/multi-datastream/constraints: what is stored would be of the wrong size"""
    if change == {"ObservedProperties": "first two"}:
        seen = sta.values(f"{weather}/ObservedProperties", "writer")
        change = {"ObservedProperties": [{"@iot.id": item["@iot.id"]} for item in seen[:2]]}
    before = sta.get(f"{weather}?$expand=ObservedProperties", token="writer")
    message = manage(sta, "PATCH", weather, change, 400)["message"]
    assert message.endswith("this MultiDatastream stays one of 3")
    assert sta.get(f"{weather}?$expand=ObservedProperties", token="writer") == before


def test_links_lead_elsewhere(sta: "Client", city: "City", weather: str) -> None:
    """req/create-update-delete/update-entity: another Thing and Sensor, from both sides"""
    manage(sta, "PATCH", weather, {"Thing": {"@iot.id": city.closed_thing}})
    assert sta.get(f"{weather}/Thing", token="writer")["@iot.id"] == city.closed_thing
    sta.post(f"{weather}/Observations", {"result": [9, 9, "x"]})
    newest = sta.values(f"{weather}/Observations?$orderby=phenomenonTime desc&$top=1", "writer")[0]
    feature = sta.get(f"{newest['@iot.selfLink']}/FeatureOfInterest", token="writer")
    assert feature["feature"]["coordinates"] == pytest.approx([7.2, 51.5])
    link = {"MultiDatastreams": [{"@iot.id": number_in(weather)}]}
    manage(sta, "PATCH", f"/Sensors({city.closed_sensor})", link)
    assert sta.get(f"{weather}/Sensor", token="writer")["@iot.id"] == city.closed_sensor
    answer = manage(sta, "PATCH", f"/ObservedProperties({city.closed_property})", link, 400)
    assert answer["message"].startswith("MultiDatastreams: observe it by their own list")


def test_an_observation_is_corrected_and_stays(sta: "Client", city: "City", weather: str) -> None:
    """req/create-update-delete/update-entity"""
    first = sta.values(f"{weather}/Observations?$top=1", "writer")[0]["@iot.selfLink"]
    manage(sta, "PATCH", first, {"result": [7, 67, None], "MultiDatastream": {"@iot.id": number_in(weather)}})
    assert sta.get(first, token="writer")["result"] == [7, 67, None]
    message = manage(sta, "PATCH", first, {"Datastream": {"@iot.id": city.closed_stream}}, 400)["message"]
    assert message == "Datastream: an Observation stays with its Datastream"


def test_it_is_made_where_its_address_says(sta: "Client", city: "City") -> None:
    """req/create-update-delete/create-entity, link-to-existing-entities, deep-insert"""
    for path in (f"/Things({city.open_thing})", f"/Sensors({city.open_sensor})"):
        body = multi() if "Things" in path else multi(Thing={"@iot.id": city.open_thing})
        if "Sensors" in path:
            del body["Sensor"]
        address = sta.post(f"{path}/MultiDatastreams", body).headers["location"]
        assert address in [item["@iot.selfLink"] for item in sta.values(f"{path}/MultiDatastreams", "writer")]
        manage(sta, "DELETE", address)
    one = multi(
        Thing={"@iot.id": city.open_thing}, unitOfMeasurements=[None], multiObservationDataTypes=["x"]
    )
    path = f"/ObservedProperties({city.open_property})/MultiDatastreams"
    assert "is given by its place already" in sta.post(path, one, status=400).json()["message"]
    del one["ObservedProperties"]
    address = sta.post(path, one).headers["location"]
    assert sta.names(f"{address}/ObservedProperties", "writer") == ["open property"]
    manage(sta, "DELETE", address)


def test_a_body_reaches_into_a_new_multi_datastream_from_its_observation(sta: "Client", city: "City") -> None:
    """req/create-update-delete/deep-insert"""
    inner = multi(Thing={"@iot.id": city.closed_thing})
    address = sta.post("/Observations", {"result": [1, 2, "x"], "MultiDatastream": inner}).headers["location"]
    assert sta.get(f"{address}/MultiDatastream/Thing", token="writer")["@iot.id"] == city.closed_thing
    manage(sta, "DELETE", sta.get(f"{address}/MultiDatastream", token="writer")["@iot.selfLink"])
    assert sta.request("GET", address, token="writer").status_code == 404


@pytest.mark.parametrize("path", ["", "/Thing", "/Sensor", "/ObservedProperties"])
def test_it_goes_with_what_it_cannot_be_without(sta: "Client", weather: str, path: str) -> None:
    """req/create-update-delete/delete-entity: MultiDatastreams as Datastreams in table 25"""
    found = sta.get(f"{weather}{path}", token="writer")
    observation = sta.values(f"{weather}/Observations", "writer")[0]["@iot.selfLink"]
    entity = found["value"][1] if "value" in found else found
    manage(sta, "DELETE", entity["@iot.selfLink"])
    for gone in (weather, observation, entity["@iot.selfLink"]):
        assert sta.request("GET", gone, token="writer").status_code == 404
    sta.post(f"{weather}/Observations", {"result": [1, 2, "x"]}, status=404)


def test_everybody_sees_a_public_one_with_what_belongs_to_it(sta: "Client", public: str) -> None:
    """Access: as through a Datastream, its Thing with Location, Sensor, ObservedProperties, Observations, features"""
    for path in ("", "/Thing", "/Thing/Locations", "/Sensor", "/ObservedProperties", "/Observations"):
        found = sta.get(f"{public}{path}")
        for entity in found.get("value", [found]):
            assert sta.get(entity["@iot.selfLink"]) == entity
    assert len(sta.values(f"{public}/ObservedProperties")) == 3
    (first, _) = sta.values(f"{public}/Observations?$expand=FeatureOfInterest")
    assert sta.get(first["FeatureOfInterest"]["@iot.selfLink"])["name"] == "Dach"


def test_nobody_else_sees_one_that_is_not_public(sta: "Client", weather: str) -> None:
    """Access: hidden is absent, in every path, count, filter and for every writer"""
    seen = [
        sta.get(f"{weather}{path}", token="writer") for path in ("", "/Thing", "/Sensor", "/ObservedProperties")
    ]  # fmt: skip
    addresses = [entity["@iot.selfLink"] for found in seen for entity in found.get("value", [found])]
    for token in ("", "stranger"):
        for address in addresses:
            assert sta.request("GET", address, token=token).status_code == 404
        number = number_in(weather)
        for path in (
            f"/Things?$filter=MultiDatastreams/id eq {number}", f"/MultiDatastreams?$filter=id eq {number}",
            f"/Observations?$filter=MultiDatastream/id eq {number}",
            f"/Observations?$filter=MultiDatastream/id in ({number})",
        ):  # fmt: skip
            assert sta.values(path, token) == []
    sta.post(f"{weather}/Observations", {"result": [1, 2, "x"]}, token="stranger", status=404)
    assert "there is no MultiDatastream" in sta.post(
        "/Observations", {"result": [1, 2, "x"], "MultiDatastream": {"@iot.id": number_in(weather)}},
        token="stranger", status=400,
    ).text  # fmt: skip


def test_it_is_managed_by_its_organisation_only(sta: "Client", public: str) -> None:
    """Access: who sees it may not change it; the writer's token may not either"""
    for token in ("stranger", "writer"):
        for method in ("PATCH", "DELETE"):
            assert sta.request(method, public, token=token, json={"name": "x"}).status_code == 403
    sta.post(f"{public}/Observations", {"result": [1, 2, "x"]}, token="stranger", status=403)


def test_its_writes_are_in_the_audit(sta: "Client", city: "City") -> None:
    """Every write leaves a row with ids only"""
    from stadt.core.people.models import AuditEntry

    thing = sta.post("/Things", station()).headers["location"]
    (stream,) = sta.values(f"{thing}/MultiDatastreams", "writer")
    manage(sta, "PATCH", stream["@iot.selfLink"], {"name": "x"})
    manage(sta, "DELETE", stream["@iot.selfLink"])
    subject = f"MultiDatastreams({stream['@iot.id']})"
    verbs = AuditEntry.objects.filter(subject=subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["update_entity", "delete_entity"]


def test_the_landing_document_names_the_requirements(sta: "Client", city: "City") -> None:
    """req/multi-datastream/…: each only because all of it is met"""
    conformance = sta.get("")["serverSettings"]["conformance"]
    root = "http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream"
    assert {f"{root}/{name}" for name in ("properties", "relations", "constraints")} <= set(conformance)


def test_data_types_are_texts(sta: "Client", city: "City") -> None:
    """req/multi-datastream/properties: multiObservationDataTypes are ValueCodes"""
    body = multi(
        Thing={"@iot.id": city.open_thing}, multiObservationDataTypes=[f"{TYPE}OM_Measurement", 5, ""]
    )
    message = sta.post("/MultiDatastreams", body, status=400).json()["message"]
    assert message.startswith("multiObservationDataTypes.[1]: expected a text, found a number")


def test_a_batch_makes_one_and_observes_with_it(sta: "Client", city: "City") -> None:
    """req/batch-request/batch-request with req/multi-datastream/relations: references to it by Content-ID"""
    body = multi(Thing={"@iot.id": city.closed_thing})
    observation = {"result": [1, 2, "x"], "MultiDatastream": {"@iot.id": "$m"}}
    wrong = {"result": [1], "MultiDatastream": {"@iot.id": "$m"}}
    make = {"id": "m", "atomicityGroup": "g", "method": "post", "url": "MultiDatastreams", "body": body}
    observe = {"id": "o", "atomicityGroup": "g", "method": "post", "url": "Observations"}
    before = sta.get("/MultiDatastreams/$count", token="writer")
    refused = sta.post("/$batch", {"requests": [make, {**observe, "body": wrong}]}, status=200).json()
    assert {item["status"] for item in refused["responses"]} == {400, 424}
    assert sta.get("/MultiDatastreams/$count", token="writer") == before
    done = sta.post("/$batch", {"requests": [make, {**observe, "body": observation}]}, status=200).json()
    assert [item["status"] for item in done["responses"]] == [201, 201]
    address = done["responses"][1]["headers"]["location"]
    assert sta.get(f"{address}/MultiDatastream", token="writer")["name"] == "Wetter"


def test_any_is_about_all_members_also_beside_a_chosen_one(sta: "Client", weather: str) -> None:
    """req/request-data/filter: a quantifier inside a condition that speaks of one member of the same collection"""
    one = f"MultiDatastreams/id eq {number_in(weather)}"
    path = f"/Things?$filter={one} and (name eq 'x' or MultiDatastreams/any(m: m/name eq 'Wetter'))"
    assert sta.names(path, "writer") == ["Station"]
    assert sta.names(path.replace("'Wetter'", "'Klima'"), "writer") == []
