"""18-088 clause 10: req/create-update-delete/…"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

UNIT = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}
POINT = {"type": "Point", "coordinates": [7.09, 51.51]}
PLACE = {
    "name": "Markt",
    "description": "ein Platz",
    "encodingType": "application/geo+json",
    "location": POINT,
}
SENSOR = {
    "name": "SHT31",
    "description": "",
    "encodingType": "application/pdf",
    "metadata": "https://example.org/a.pdf",
}
SEEN = {"name": "Temperatur", "description": "", "definition": "https://example.org/temperature"}
STREAM = {
    "name": "Temperatur am Markt",
    "description": "",
    "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
    "unitOfMeasurement": UNIT,
}
COUNTED = (
    "Things",
    "Locations",
    "HistoricalLocations",
    "Datastreams",
    "Sensors",
    "ObservedProperties",
    "Observations",
    "FeaturesOfInterest",
)


def thing(**more: Any) -> dict[str, Any]:
    return {"name": "Station", "description": "auf dem Dach", **more}


def stream(**more: Any) -> dict[str, Any]:
    return {**STREAM, "Sensor": SENSOR, "ObservedProperty": SEEN, **more}


def counts(sta: "Client") -> dict[str, int]:
    return {name: sta.get(f"/{name}/$count", token="writer") for name in COUNTED}


def made(sta: "Client", path: str, body: Any, token: str = "writer") -> dict[str, Any]:
    """Create an entity and read it back from its Location."""
    answer = sta.post(path, body, token=token)
    found = sta.get(answer.headers["location"], token=token)
    assert answer.json()["@iot.id"] == found["@iot.id"]
    assert isinstance(found, dict)
    return found


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/create-entity",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/link-to-existing-entities",
)
def test_create_entity_gives_every_type_alone_with_links(sta: "Client") -> None:
    """req/create-update-delete/create-entity and link-to-existing-entities"""
    place = made(sta, "/Locations", PLACE)
    station = made(sta, "/Things", thing(properties={"floor": 3}, Locations=[{"@iot.id": place["@iot.id"]}]))
    sensor, seen = made(sta, "/Sensors", SENSOR), made(sta, "/ObservedProperties", SEEN)
    links = {
        name: {"@iot.id": entity["@iot.id"]}
        for name, entity in (("Thing", station), ("Sensor", sensor), ("ObservedProperty", seen))
    }
    flow = made(sta, "/Datastreams", {**STREAM, **links, "observedArea": POINT})
    feature = made(
        sta,
        "/FeaturesOfInterest",
        {"name": "Luft", "description": "", "encodingType": "application/geo+json", "feature": POINT},
    )
    seen_at = made(
        sta,
        "/Observations",
        {
            "phenomenonTime": "2026-03-01T10:00:00+01:00/2026-03-01T11:00:00+01:00",
            "resultTime": "2026-03-01T10:30:00.25Z",
            "result": {"nested": [1, None, "ä"]},
            "resultQuality": "good",
            "validTime": "2026-03-01T00:00:00Z/2026-04-01T00:00:00Z",
            "parameters": {"tilt": 5},
            "Datastream": {"@iot.id": flow["@iot.id"]},
            "FeatureOfInterest": {"@iot.id": feature["@iot.id"]},
        },
    )
    assert station["properties"] == {"floor": 3}
    assert flow["observedArea"] == POINT
    assert flow["unitOfMeasurement"] == UNIT
    assert {
        name: seen_at[name]
        for name in ("phenomenonTime", "resultTime", "result", "resultQuality", "validTime")
    } == {
        "phenomenonTime": "2026-03-01T09:00:00Z/2026-03-01T10:00:00Z",
        "resultTime": "2026-03-01T10:30:00.25Z",
        "result": {"nested": [1, None, "ä"]},
        "resultQuality": "good",
        "validTime": "2026-03-01T00:00:00Z/2026-04-01T00:00:00Z",
    }
    root = f"/FeaturesOfInterest({feature['@iot.id']})"
    assert [item["@iot.id"] for item in sta.values(f"{root}/Observations", "writer")] == [seen_at["@iot.id"]]
    extent = sta.get(f"/Datastreams({flow['@iot.id']})", token="writer")
    assert extent["phenomenonTime"] == "2026-03-01T09:00:00Z/2026-03-01T10:00:00Z"


def test_create_entity_takes_the_same_names_twice(sta: "Client") -> None:
    """Names are never unique (18-088 does not ask for it; a defect of another server)."""
    first, second = made(sta, "/Things", thing()), made(sta, "/Things", thing())
    assert first["@iot.id"] != second["@iot.id"]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/deep-insert",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/deep-insert-status-code",
)
def test_deep_insert_makes_everything_at_once(sta: "Client") -> None:
    """req/create-update-delete/deep-insert and deep-insert-status-code"""
    body = thing(
        Locations=[PLACE],
        Datastreams=[
            stream(
                Observations=[
                    {"phenomenonTime": "2026-03-01T10:00:00Z", "result": 1.5},
                    {"phenomenonTime": "2026-03-01T11:00:00Z", "result": 2},
                ]
            ),
            stream(name="zweiter", Observations=[{"result": "jetzt"}]),
        ],
    )
    answer = sta.post("/Things", body)
    root = answer.headers["location"]
    expanded = sta.get(
        f"{root}?$expand=Locations,HistoricalLocations($expand=Locations),"
        "Datastreams($orderby=id;$expand=Sensor,ObservedProperty,Observations($expand=FeatureOfInterest))",
        token="writer",
    )
    assert [place["name"] for place in expanded["Locations"]] == ["Markt"]
    assert expanded["HistoricalLocations"][0]["Locations"] == expanded["Locations"]
    first, second = expanded["Datastreams"]
    assert [item["result"] for item in first["Observations"]] == [1.5, 2]
    assert (first["Sensor"]["name"], second["ObservedProperty"]["name"]) == ("SHT31", "Temperatur")
    features = {
        item["FeatureOfInterest"]["@iot.id"] for flow in (first, second) for item in flow["Observations"]
    }
    assert len(features) == 1
    assert first["Observations"][0]["FeatureOfInterest"]["feature"] == POINT


def test_post_below_an_entity_links_to_it(sta: "Client") -> None:
    root = sta.post("/Things", thing()).headers["location"]
    sta.post(f"{root}/Datastreams", stream())
    sta.post(f"{root}/Locations", PLACE)
    found = sta.get(f"{root}?$expand=Datastreams,Locations,HistoricalLocations", token="writer")
    assert [len(found[name]) for name in ("Datastreams", "Locations", "HistoricalLocations")] == [1, 1, 1]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/historical-location-auto-creation"
)
def test_historical_location_auto_creation_remembers_where_a_thing_was(sta: "Client") -> None:
    """req/create-update-delete/historical-location-auto-creation"""
    root = sta.post("/Things", thing(Locations=[PLACE])).headers["location"]
    sta.post(f"{root}/Locations", {**PLACE, "name": "Bahnhof"})
    assert sta.names(f"{root}/Locations", "writer") == ["Bahnhof"]
    past = sta.values(f"{root}/HistoricalLocations?$expand=Locations&$orderby=time", "writer")
    assert [item["Locations"][0]["name"] for item in past] == ["Markt", "Bahnhof"]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/historical-location-manual-creation"
)
def test_historical_location_manual_creation_moves_the_thing_if_it_is_the_newest(sta: "Client") -> None:
    """req/create-update-delete/historical-location-manual-creation"""
    root = sta.post("/Things", thing(Locations=[PLACE])).headers["location"]
    thing_id = int(root.rpartition("(")[2].rstrip(")"))
    body = {
        "time": "2020-01-01T00:00:00Z",
        "Thing": {"@iot.id": thing_id},
        "Locations": [{**PLACE, "name": "früher"}],
    }
    sta.post("/HistoricalLocations", body)
    assert sta.names(f"{root}/Locations", "writer") == ["Markt"]
    newest = sta.values(f"{root}/HistoricalLocations?$orderby=time desc&$top=1", "writer")[0]["time"]
    sta.post("/HistoricalLocations", {**body, "time": newest, "Locations": [{**PLACE, "name": "jetzt"}]})
    assert sta.names(f"{root}/Locations", "writer") == ["jetzt"]


def test_a_feature_of_interest_follows_the_thing(sta: "Client") -> None:
    """18-088, 10.2.1: made once for each place; what was observed before keeps the old one."""
    root = sta.post("/Things", thing(Locations=[PLACE], Datastreams=[stream()])).headers["location"]
    flow = sta.values(f"{root}/Datastreams", "writer")[0]["@iot.selfLink"]
    first = sta.post(f"{flow}/Observations", {"result": 1}).headers["location"]
    sta.post(f"{root}/Locations", {**PLACE, "name": "Bahnhof"})
    second = sta.post(
        "/Observations", {"result": 2, "Datastream": {"@iot.id": int(flow[:-1].rpartition("(")[2])}}
    ).headers["location"]
    names = [sta.get(f"{address}/FeatureOfInterest", token="writer")["name"] for address in (first, second)]
    assert names == ["Markt", "Bahnhof"]


def test_an_observation_of_a_thing_without_location_needs_a_feature(sta: "Client") -> None:
    root = sta.post("/Things", thing(Datastreams=[stream()])).headers["location"]
    flow = sta.values(f"{root}/Datastreams", "writer")[0]["@iot.selfLink"]
    refused = sta.post(f"{flow}/Observations", {"result": 1}, status=400).json()
    assert refused["errors"][0]["field"] == "FeatureOfInterest"
    body = {
        "result": 1,
        "FeatureOfInterest": {
            "name": "Luft",
            "description": "",
            "encodingType": "application/geo+json",
            "feature": POINT,
        },
    }
    address = sta.post(f"{flow}/Observations", body).headers["location"]
    assert sta.get(f"{address}/FeatureOfInterest", token="writer")["name"] == "Luft"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/Things", {"description": ""}, "name"),
        ("/Things", {"name": "x"}, "description"),
        ("/Things", {"name": 5, "description": ""}, "name"),
        ("/Things", {"name": " ", "description": ""}, "name"),
        ("/Things", {"name": "a\0b", "description": ""}, "name"),
        ("/Things", thing(nmae="x"), "nmae"),
        ("/Things", thing(properties=[1]), "properties"),
        ("/Things", thing(Locations={"@iot.id": 1}), "Locations"),
        ("/Things", thing(Locations=[{"@iot.id": 999999}]), "Locations[0]"),
        ("/Things", thing(Locations=[{"@iot.id": "1"}]), "Locations[0].@iot.id"),
        (
            "/Things",
            thing(Locations=[{**PLACE, "location": {"type": "Punkt"}}]),
            "Locations[0].location.type",
        ),
        (
            "/Things",
            thing(Locations=[{**PLACE, "location": {"type": "Point", "coordinates": ["a"]}}]),
            "Locations[0].location.coordinates",
        ),
        (
            "/Things",
            thing(Locations=[{**PLACE, "location": {"type": "Point", "coordinates": [51.5, 700]}}]),
            "Locations[0].location.coordinates",
        ),
        ("/Things", thing(Datastreams=[{**STREAM, "Sensor": SENSOR}]), "Datastreams[0].ObservedProperty"),
        (
            "/Things",
            thing(Datastreams=[stream(unitOfMeasurement={"name": "x"})]),
            "Datastreams[0].unitOfMeasurement.symbol",
        ),
        (
            "/Things",
            thing(Datastreams=[stream(Observations=[{"result": 1}, {"result": None}])]),
            "Datastreams[0].Observations[1].result",
        ),
        (
            "/Things",
            thing(
                Locations=[PLACE],
                Datastreams=[
                    stream(
                        Observations=[{"result": 1}, {"result": 2, "phenomenonTime": "9999-01-01T00:00:00Z"}]
                    )
                ],
            ),
            "Datastreams[0].Observations[1].phenomenonTime",
        ),
        ("/Things", [], "body"),
        ("/Datastreams", stream(), "Thing"),
        ("/HistoricalLocations", {"time": "2026-01-01T00:00:00Z", "Thing": {"@iot.id": 1}}, "Locations"),
        ("/Observations", {"result": 1}, "Datastream"),
        ("/Observations", {"result": 1, "Datastream": {"@iot.id": 999999}}, "Datastream"),
        ("/Observations", {"result": 1, "Datastream": {"@iot.id": 2**70}}, "Datastream"),
        ("/Sensors", {**SENSOR, "metadata": None}, "metadata"),
    ],
)
def test_a_body_that_is_wrong_is_refused_by_field_and_leaves_nothing(
    sta: "Client", path: str, body: Any, field: str
) -> None:
    before = counts(sta)
    refused = sta.post(path, body, status=400).json()
    assert refused["errors"][0]["field"] == field, refused
    assert counts(sta) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phenomenonTime", "9999-01-01T00:00:00Z"),
        ("phenomenonTime", "2026-01-01T00:00:00"),
        ("phenomenonTime", "2026-02-30T00:00:00Z"),
        ("phenomenonTime", "2026-02-03T00:00:00Z/2026-02-02T00:00:00Z"),
        ("phenomenonTime", 5),
        ("resultTime", "yesterday"),
        ("validTime", "2026-02-03T00:00:00Z"),
        ("parameters", "x"),
        ("resutl", 1),
        ("result", None),
        ("result", "a\0b"),
    ],
)
def test_an_observation_that_is_wrong_is_refused_by_field(
    sta: "Client", city: "City", name: str, value: Any
) -> None:
    before = counts(sta)
    refused = sta.post(
        f"/Datastreams({city.open_stream})/Observations", {"result": 1, name: value}, status=400
    )
    assert refused.json()["errors"][0]["field"] == name
    assert counts(sta) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"result": NaN}',
        b'{"result": Infinity}',
        b'{"result": 1e999}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"result": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"result":"\\ud800"}',
    ],
)
def test_a_body_that_is_no_json_is_refused(sta: "Client", city: "City", body: bytes) -> None:
    refused = sta.post(f"/Datastreams({city.open_stream})/Observations", body, status=400).json()
    assert refused["message"]


def test_a_body_of_50_mb_is_refused(sta: "Client", city: "City") -> None:
    body = b'{"result":"' + b"x" * (50 * 1024 * 1024) + b'"}'
    refused = sta.post(f"/Datastreams({city.open_stream})/Observations", body, status=413).json()
    assert refused["code"] == 413


def test_writing_needs_a_token_that_may(sta: "Client", city: "City") -> None:
    path, body = f"/Datastreams({city.open_stream})/Observations", {"result": 1}
    before = counts(sta)
    assert sta.post(path, body, token="", status=401).headers["www-authenticate"]
    sta.post(path, body, token="reader", status=403)
    sta.post(path, body, token="stranger", status=403)
    sta.post(path, body, token="stadt_unknown", status=401)
    sta.post("/Things", thing(), token="reader", status=403)
    assert counts(sta) == before


def test_what_a_writer_may_not_see_does_not_exist(sta: "Client", city: "City") -> None:
    hidden = sta.post(
        "/Observations", {"result": 1, "Datastream": {"@iot.id": city.other_stream}}, status=400
    ).json()
    absent = sta.post("/Observations", {"result": 1, "Datastream": {"@iot.id": 999999}}, status=400).json()
    assert hidden["message"].replace(str(city.other_stream), "N") == absent["message"].replace("999999", "N")
    sta.post(f"/Datastreams({city.other_stream})/Observations", {"result": 1}, status=404)
    sta.post(f"/Things({city.other_thing})/Datastreams", stream(), status=404)
    sta.post("/Datastreams", stream(Thing={"@iot.id": city.other_thing}), status=400)


def test_a_post_goes_to_a_collection(sta: "Client", city: "City") -> None:
    assert sta.request("POST", f"/Things({city.open_thing})", token="writer", json={}).status_code == 405
    assert sta.request("POST", "/Thnigs", token="writer", json={}).status_code == 404
