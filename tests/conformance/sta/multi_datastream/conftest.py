"""Weather stations: a MultiDatastream observes temperature, humidity and the sky at once."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

TYPE = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
SEEN = ("Temperatur", "Luftfeuchte", "Himmel")


def multi(**more: Any) -> dict[str, Any]:
    """The body of a MultiDatastream of three values; without its Thing."""
    return {
        "name": "Wetter",
        "description": "alle zehn Minuten",
        "observationType": f"{TYPE}OM_ComplexObservation",
        "multiObservationDataTypes": [f"{TYPE}OM_Measurement"] * 2 + [f"{TYPE}OM_CategoryObservation"],
        "unitOfMeasurements": [
            {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"},
            {"name": "Prozent", "symbol": "%", "definition": "%"},
            None,
        ],
        "Sensor": {"name": "WS", "description": "", "encodingType": "text/html", "metadata": "https://example.org"},
        "ObservedProperties": [
            {"name": name, "description": "", "definition": f"https://example.org/{name}"} for name in SEEN
        ],
        **more,
    }  # fmt: skip


def station(**more: Any) -> dict[str, Any]:
    """The body of a Thing with one MultiDatastream."""
    place = {
        "name": "Dach", "description": "", "encodingType": "application/geo+json",
        "location": {"type": "Point", "coordinates": [7.1, 51.5]},
    }  # fmt: skip
    return {
        "name": "Station", "description": "", "Locations": [place], "MultiDatastreams": [multi(**more)],
    }  # fmt: skip


@pytest.fixture
def weather(sta: "Client", city: "City") -> str:
    """The address of a new MultiDatastream of `amt` with two Observations, seen by its organisation only."""
    observations = [
        {"result": [number, 60 + number, "klar"], "phenomenonTime": f"2026-03-0{number}T00:00:00Z"}
        for number in (1, 2)
    ]
    thing = sta.post("/Things", station(Observations=observations)).headers["location"]
    (found,) = sta.values(f"{thing}/MultiDatastreams", "writer")
    return str(found["@iot.selfLink"])


@pytest.fixture
def public(sta: "Client", weather: str) -> str:
    """The same, published."""
    from tests.conformance.sta.access.test_access import committed

    from stadt.core.people.actor import Actor
    from stadt.hub.observations.services import set_publication

    committed(lambda: set_publication(Actor.system("test"), [number_in(weather)], True))
    return weather


def number_in(address: str) -> int:
    """The id in an address."""
    return int(address.rpartition("(")[2].removesuffix(")"))
