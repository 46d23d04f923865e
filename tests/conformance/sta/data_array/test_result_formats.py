"""18-088 req/data-array/data-array, and the extensions CSV and GeoJSON."""

import csv
import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def test_a_data_array_has_a_block_for_each_datastream(sta: "Client", city: "City") -> None:
    found = sta.get("/Observations?$resultFormat=dataArray&$top=1000&$count=true", token="reader")
    assert found["@iot.count"] == 257
    blocks = {block["Datastream@iot.navigationLink"].rpartition("/")[2]: block for block in found["value"]}
    assert set(blocks) == {f"Datastreams({city.open_stream})", f"Datastreams({city.closed_stream})"}
    block = blocks[f"Datastreams({city.closed_stream})"]
    assert block["components"][:3] == ["id", "phenomenonTime", "result"]
    assert block["dataArray@iot.count"] == len(block["dataArray"]) == 7
    assert block["dataArray"][6][2] == "text 6"


def test_a_data_array_has_the_selected_components_in_their_order(sta: "Client", city: "City") -> None:
    path = (
        f"/Datastreams({city.open_stream})/Observations?$resultFormat=dataArray&$select=result,phenomenonTime"
    )
    found = sta.get(f"{path}&$top=2")
    (block,) = found["value"]
    assert block["components"] == ["result", "phenomenonTime"]
    assert block["dataArray"] == [[0, "2026-01-30T00:00:00Z"], [0.5, "2026-01-30T01:00:00Z"]]
    following = sta.get(found["@iot.nextLink"])
    assert following["value"][0]["dataArray"][0] == [1, "2026-01-30T02:00:00Z"]


def test_csv_has_a_line_of_names_and_a_line_for_each_entity(sta: "Client", city: "City") -> None:
    path = (
        f"/Datastreams({city.open_stream})/Observations?$resultFormat=CSV&$select=id,result,validTime&$top=7"
    )
    answer = sta.request("GET", path)
    assert answer.headers["content-type"] == "text/csv;charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["id", "result", "validTime"]
    assert [row[1] for row in rows[1:]] == ["0", "0.5", "1", "1.5", "2", "2.5", "text 6"]
    assert {row[2] for row in rows[1:]} == {""}
    following = sta.request("GET", answer.links["next"]["url"])
    assert following.text.splitlines()[1].split(",")[1] == "3.5"


def test_csv_writes_objects_as_json(sta: "Client", city: "City") -> None:
    answer = sta.request("GET", "/Datastreams?$resultFormat=CSV&$select=name,unitOfMeasurement")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[1] == ["open stream", '{"name":"Grad Celsius","symbol":"°C","definition":"Cel"}']


@pytest.mark.parametrize(
    "collection", ["Locations", "Things", "FeaturesOfInterest", "Observations", "HistoricalLocations"]
)
def test_geojson_has_a_feature_for_each_entity(sta: "Client", city: "City", collection: str) -> None:
    answer = sta.request("GET", f"/{collection}?$resultFormat=GeoJSON&$count=true&$top=300")
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert found["@iot.count"] == len(found["features"])
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"] == {"type": "Point", "coordinates": [7.1, 51.5]}
        assert feature["properties"]["@iot.id"] == feature["id"]


def test_geojson_of_what_has_no_place_is_without_geometry(sta: "Client", city: "City") -> None:
    found = sta.get("/Datastreams?$resultFormat=GeoJSON&$select=name")
    assert found["features"] == [
        {"type": "Feature", "id": city.open_stream, "geometry": None, "properties": {"name": "open stream"}}
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/Things?$resultFormat=dataArray", "$resultFormat, position 1: dataArray is a form of Observations"),
        ("/Observations?$resultFormat=CSV&$expand=Datastream", "$expand, position 1: CSV has no place for expanded entities"),
        ("/Sensors?$resultFormat=GeoJSON", "$resultFormat, position 1: Sensors have no geometry"),
        ("/Sensors?$resultFormat=XML", "$resultFormat, position 1: unknown format 'XML'"),
        ("/Sensors?$resultFormat=csv", "$resultFormat, position 1: unknown format 'csv'"),
        ("/Observations?$resultFormat=CSV&$select=Datastream", "$select, position 1: rows hold whole properties only"),
        ("/Things?$expand=Datastreams($resultFormat=CSV)", "$expand, position 13: '$resultFormat' is for the whole answer"),
    ],
)  # fmt: skip
def test_a_format_that_does_not_fit_is_refused(sta: "Client", city: "City", path: str, message: str) -> None:
    assert sta.refusal(path).startswith(message)
