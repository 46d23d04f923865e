"""How the OGC's test suite ets-sta10 reads what 18-088 leaves open: results beside texts, times that are not there."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stream(sta: "Client", city: "City") -> str:
    """Results 1 to 12, true and a text, without resultTime but for the first."""
    body = {
        "name": "leer", "description": "", "observationType": "x",
        "unitOfMeasurement": {"name": None, "symbol": None, "definition": None},
        "Thing": {"@iot.id": city.closed_thing}, "Sensor": {"@iot.id": city.closed_sensor},
        "ObservedProperty": {"@iot.id": city.closed_property},
        "Observations": [
            {"result": value, "phenomenonTime": f"2026-02-{day:02}T00:00:00Z"}
            | ({"resultTime": "2026-02-01T00:00:00Z"} if day == 1 else {})
            for day, value in enumerate([*range(1, 13), True, "x"], start=1)
        ],
    }  # fmt: skip
    return sta.post("/Datastreams", body).headers["location"]


def results(sta: "Client", stream: str, condition: str) -> list[object]:
    return [item["result"] for item in sta.values(f"{stream}/Observations?$filter={condition}", "manager")]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("result gt '3'", [4, 5, 6, 7, 8, 9, True, "x"]),
        ("result eq '10'", [10]),
        ("'10' eq result", [10]),
        ("result in ('2','true')", [2, True]),
        ("result gt 9", [10, 11, 12]),
        ("result ne '1' and result lt '12'", [10, 11]),
    ],
)
def test_a_result_beside_a_text_is_a_text(
    sta: "Client", stream: str, condition: str, found: list[object]
) -> None:
    assert results(sta, stream, condition) == found


def test_a_time_that_is_not_there_is_not_different_from_another(sta: "Client", stream: str) -> None:
    assert results(sta, stream, "resultTime ne 2026-02-02T00:00:00Z") == [1]
    assert results(sta, stream, "resultTime ne null") == [1]
    assert len(results(sta, stream, "not (resultTime eq 2026-02-02T00:00:00Z)")) == 14
    assert results(sta, stream, "resultTime ne validTime") == []


@pytest.mark.parametrize("path", ["Locations?$orderby=location", "FeaturesOfInterest?$orderby=feature desc"])
def test_places_have_an_order_that_pages_follow(sta: "Client", city: "City", path: str) -> None:
    everything = sta.values(f"/{path}", "manager")
    assert len(everything) > 1
    assert sta.pages(f"/{path}&$top=1", "manager") == everything


@pytest.mark.parametrize("key", ["9223372036854775807", "12345678901234567890123456789", "-1", "0"])
def test_a_number_that_is_no_id_is_an_entity_that_does_not_exist(
    sta: "Client", city: "City", key: str
) -> None:
    assert sta.request("GET", f"/Things({key})").status_code == 404
    assert sta.request("DELETE", f"/Things({key})", token="manager").status_code == 404
