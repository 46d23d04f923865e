"""18-088 req/create-update-delete/delete-entity: each entity with what cannot be without it (table 25), and nothing else."""

from typing import TYPE_CHECKING

import pytest
from tests.conformance.sta.create_update_delete.test_update import made, send, thing

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

__all__ = ["made"]

GONE = {
    "Things": {"Things", "HistoricalLocations", "Datastreams", "Observations"},
    "Locations": {"Locations", "HistoricalLocations"},
    "HistoricalLocations": {"HistoricalLocations"},
    "Datastreams": {"Datastreams", "Observations"},
    "Sensors": {"Sensors", "Datastreams", "Observations"},
    "ObservedProperties": {"ObservedProperties", "Datastreams", "Observations"},
    "Observations": {"Observations"},
    "FeaturesOfInterest": {"FeaturesOfInterest", "Observations"},
}


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/delete-entity")
@pytest.mark.parametrize("collection", sorted(GONE))
def test_an_entity_goes_with_what_cannot_be_without_it(
    sta: "Client", made: dict[str, str], collection: str
) -> None:
    answer = send(sta, "DELETE", made[collection])
    assert answer.content == b""
    gone = {
        name for name, path in made.items() if sta.request("GET", path, token="manager").status_code == 404
    }
    assert gone == GONE[collection]
    send(sta, "DELETE", made[collection], None, 404)


def test_counts_and_extent_follow_a_deleted_observation(sta: "Client", made: dict[str, str]) -> None:
    stream = made["Datastreams"]
    later = sta.post(
        f"{stream}/Observations", {"result": 2, "phenomenonTime": "2026-03-01T00:00:00Z"}
    ).headers["location"]
    assert sta.get(stream, token="manager")["phenomenonTime"] == "2026-01-30T00:00:00Z/2026-03-01T00:00:00Z"
    send(sta, "DELETE", later)
    assert sta.get(stream, token="manager")["phenomenonTime"] == "2026-01-30T00:00:00Z/2026-01-30T00:00:00Z"
    assert sta.request("GET", f"{stream}/Observations/$count", token="manager").text == "1"


def test_what_is_posted_to_a_deleted_datastream_is_refused(sta: "Client", made: dict[str, str]) -> None:
    sta.post(f"{made['Datastreams']}/Observations", {"result": 2})
    send(sta, "DELETE", made["Datastreams"])
    sta.post(f"{made['Datastreams']}/Observations", {"result": 3}, status=404)


def test_nothing_goes_when_a_part_belongs_to_somebody_else(sta: "Client", city: "City") -> None:
    theirs = thing()
    theirs["Datastreams"][0]["Sensor"] = {"@iot.id": city.open_sensor}
    sta.post("/Things", theirs, token="stranger")
    send(sta, "DELETE", f"/Sensors({city.open_sensor})", None, 403)
    assert sta.get(f"/Datastreams({city.open_stream})")["@iot.id"] == city.open_stream
