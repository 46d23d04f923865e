"""18-088 clause 12: creating observations by data array (the half of req/data-array that is done)."""

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from stadt.hub.observations.models import Datastream
from stadt.hub.sta.creating.features import FORGET, generate_features
from stadt.hub.sta.creating.links import raw_cursor

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def block(
    city: "City", rows: list[list[Any]], components: tuple[str, ...] = ("phenomenonTime", "result")
) -> dict[str, Any]:
    return {"Datastream": {"@iot.id": city.closed_stream}, "components": list(components), "dataArray": rows}


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array")
def test_rows_become_observations_in_their_order(sta: "Client", city: "City") -> None:
    rows: list[list[Any]] = [
        ["2026-05-01T00:00:00Z", 1],
        ["2026-05-01T01:00:00+01:00", "two"],
        ["2026-05-01T00:00:00.5Z", 3.5],
    ]
    other = block(city, [["2026-05-02T00:00:00Z", True, None]], ("phenomenonTime", "result", "resultTime"))
    addresses = sta.post("/CreateObservations", [block(city, rows), other]).json()
    found = [sta.get(address, token="writer") for address in addresses]
    assert [item["result"] for item in found] == [1, "two", 3.5, True]
    assert [item["phenomenonTime"] for item in found] == [
        "2026-05-01T00:00:00Z",
        "2026-05-01T00:00:00Z",
        "2026-05-01T00:00:00.5Z",
        "2026-05-02T00:00:00Z",
    ]
    assert sta.get(f"{addresses[0]}/FeatureOfInterest", token="writer")["@iot.id"] == city.closed_feature


def test_rare_components_are_read_too(sta: "Client", city: "City") -> None:
    components = (
        "result",
        "phenomenonTime",
        "validTime",
        "parameters",
        "resultQuality",
        "FeatureOfInterest/id",
    )
    row = [
        1,
        "2026-05-03T00:00:00Z/2026-05-03T01:00:00Z",
        "2026-05-03T00:00:00Z/2026-06-03T00:00:00Z",
        {"a": 1},
        "ok",
        city.open_feature,
    ]
    address = sta.post("/CreateObservations", [block(city, [row], components)]).json()[0]
    found = sta.get(f"{address}?$expand=FeatureOfInterest", token="writer")
    assert (found["parameters"], found["resultQuality"]) == ({"a": 1}, "ok")
    assert found["phenomenonTime"] == "2026-05-03T00:00:00Z/2026-05-03T01:00:00Z"
    assert found["FeatureOfInterest"]["@iot.id"] == city.open_feature


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Datastream": {"@iot.id": 999999}}, "[1].Datastream"),
        ({"Datastream": {}}, "[1].Datastream.@iot.id"),
        ({"components": ["phenomenonTime", "resutl"]}, "[1].components"),
        ({"components": ["phenomenonTime", "resultTime"]}, "[1].components"),
        ({"dataArray": [["2026-05-01T00:00:00Z"]]}, "[1].dataArray[0]"),
        (
            {"dataArray": [["2026-05-01T00:00:00Z", 1], ["2026-05-01T00:00:00", 1]]},
            "[1].dataArray[1].phenomenonTime",
        ),
        (
            {"dataArray": [["2026-05-01T00:00:00Z", 1], ["9999-05-01T00:00:00Z", 1]]},
            "[1].dataArray[1].phenomenonTime",
        ),
        ({"dataArray": [["2026-05-01T00:00:00Z", None]]}, "[1].dataArray[0].result"),
        ({"dataArray": [["2026-05-01T00:00:00Z", "a\0"]]}, "[1].dataArray[0].result"),
        ({"dataArray@iot.count": 7}, "[1].dataArray@iot.count"),
    ],
)
def test_one_wrong_row_keeps_all_out(sta: "Client", city: "City", change: dict[str, Any], field: str) -> None:
    good = block(city, [["2026-05-01T00:00:00Z", 1]])
    before = sta.get("/Observations/$count", token="writer")
    refused = sta.post("/CreateObservations", [good, {**good, **change}], status=400).json()
    assert refused["errors"][0]["field"] == field
    assert sta.get("/Observations/$count", token="writer") == before


def test_more_rows_than_are_taken_at_once_are_refused(sta: "Client", city: "City") -> None:
    rows = [["2026-05-01T00:00:00Z", 1]] * 100_001
    sta.post("/CreateObservations", [block(city, rows)], status=413)


def test_writing_needs_a_token_for_every_datastream(sta: "Client", city: "City") -> None:
    body = [block(city, [["2026-05-01T00:00:00Z", 1]])]
    sta.post("/CreateObservations", body, token="", status=401)
    sta.post("/CreateObservations", body, token="reader", status=403)
    sta.post("/CreateObservations", body, token="stranger", status=400)


def test_a_feature_that_another_request_made_meanwhile_is_found(sta: "Client", city: "City") -> None:
    with transaction.atomic():
        thing = Datastream.objects.get(pk=city.closed_stream).thing_id
        raw_cursor().execute(FORGET, (thing,))
        made = generate_features(raw_cursor(), [city.closed_stream])
        again = generate_features(raw_cursor(), [city.closed_stream])
        transaction.set_rollback(True)
    assert made
    assert again == made
