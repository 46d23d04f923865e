"""A client nobody here wrote, over the network: frost-sta-client makes, reads, filters, changes and deletes every entity type."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frost_sta_client as frost  # type: ignore[import-untyped]
import pytest
import requests
from frost_sta_client.service.auth_handler import AuthHandler  # type: ignore[import-untyped]

Service = Any
# The client asks its address library in a way that is no longer liked there.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated")]


class Bearer(requests.auth.AuthBase):
    """Puts a token into each request."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.secret}"
        return request


class TokenHandler(AuthHandler):  # type: ignore[misc]  # the client has no types
    """The client knows passwords only."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret

    def add_auth_header(self) -> Bearer:
        return Bearer(self.secret)


@pytest.fixture(scope="module")
def service(
    migrated_home: Path, start_city: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The client, speaking to an empty running city with a token that may manage."""
    del tmp_path_factory
    from tests.conftest import open_folder

    with open_folder() as home:
        subprocess.run(["cp", "-a", f"{migrated_home}/.", str(home)], check=True)
        with start_city(home) as city:
            script = Path(__file__).with_name("prepare.py")
            environment = {"STADT_HOME": str(home), "PATH": "/usr/bin:/bin"}
            made = subprocess.run(
                [sys.executable, script], env=environment, check=True, capture_output=True, text=True
            )
            yield frost.SensorThingsService(
                f"{city.url}/sta/v1.1", auth_handler=TokenHandler(made.stdout.strip())
            )


class Units(list[Any]):
    """The units of a MultiDatastream: of a plain list this client sends null (version 1.1.53)."""

    def __getstate__(self) -> list[Any]:
        return [unit.__getstate__() for unit in self]


@pytest.fixture(scope="module")
def made(service: Service) -> dict[str, Any]:
    """One entity of each type, made one after the other and by deep insert."""
    point = {"type": "Point", "coordinates": [7.09, 51.51]}
    place = frost.Location(
        name="Markt", description="d", location=point, encoding_type="application/geo+json"
    )
    thing = frost.Thing(name="Station", description="d", properties={"floor": 1}, locations=[place])
    service.create(thing)
    sensor = frost.Sensor(
        name="SHT31", description="d", encoding_type="text/html", metadata="https://example.org"
    )
    service.create(sensor)
    seen = frost.ObservedProperty(name="Temperatur", definition="https://example.org/t", description="d")
    service.create(seen)
    unit = frost.UnitOfMeasurement(name="Grad Celsius", symbol="°C", definition="Cel")
    stream = frost.Datastream(
        name="Temperatur am Markt", description="d", observation_type="x", unit_of_measurement=unit,
        thing=frost.Thing(id=thing.id), sensor=frost.Sensor(id=sensor.id), observed_property=frost.ObservedProperty(id=seen.id),
    )  # fmt: skip
    service.create(stream)
    feature = frost.FeatureOfInterest(
        name="Luft", description="d", encoding_type="application/geo+json", feature=point
    )
    service.create(feature)
    for number in range(25):
        service.create(
            frost.Observation(
                phenomenon_time=f"2026-01-{number + 1:02}T10:00:00Z",
                result=number,
                datastream=frost.Datastream(id=stream.id),
                feature_of_interest=frost.FeatureOfInterest(id=feature.id),
            )
        )
    second = frost.ObservedProperty(name="Luftfeuchte", definition="https://example.org/h", description="d")
    service.create(second)
    multi = frost.MultiDatastream(
        name="Wetter am Markt", description="d", unit_of_measurements=Units([frost.UnitOfMeasurement("Prozent", "%", "%"), unit]),
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation",
        multi_observation_data_types=["http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"] * 2,
        thing=frost.Thing(id=thing.id), sensor=frost.Sensor(id=sensor.id),
        observed_properties=[frost.ObservedProperty(id=second.id), frost.ObservedProperty(id=seen.id)],
    )  # fmt: skip
    service.create(multi)
    return {
        "multi": multi,
        "second": second,
        "thing": thing,
        "sensor": sensor,
        "seen": seen,
        "stream": stream,
        "feature": feature,
    }


def test_each_type_is_found_by_its_id(service: Service, made: dict[str, Any]) -> None:
    assert service.things().find(made["thing"].id).name == "Station"
    assert service.sensors().find(made["sensor"].id).metadata == "https://example.org"
    assert service.observed_properties().find(made["seen"].id).definition == "https://example.org/t"
    assert service.datastreams().find(made["stream"].id).unit_of_measurement.symbol == "°C"
    assert service.features_of_interest().find(made["feature"].id).name == "Luft"
    (place,) = service.locations().query().list().entities
    assert place.location["coordinates"] == [7.09, 51.51]
    (past,) = service.historical_locations().query().expand("Thing").list().entities
    assert past.thing.id == made["thing"].id


def test_queries_filter_order_count_and_page(service: Service, made: dict[str, Any]) -> None:
    query = service.observations().query()
    found = (
        query.filter("result gt 4 and day(phenomenonTime) lt 20")
        .orderby("phenomenonTime")
        .count()
        .top(4)
        .list()
    )
    assert found.count == 14
    assert [item.result for item in found] == list(range(18, 4, -1))
    near = "st_within(Locations/location,geography'POLYGON((7 51,8 51,8 52,7 52,7 51))')"
    (thing,) = (
        service.things().query().filter(near).expand("Datastreams($expand=Observations($top=2))").list()
    )
    assert [item.result for item in next(iter(thing.datastreams)).observations.entities] == [0, 1]


def test_navigation_from_an_entity(service: Service, made: dict[str, Any]) -> None:
    thing = service.things().find(made["thing"].id)
    (stream,) = thing.get_datastreams().query().list().entities
    assert stream.name == "Temperatur am Markt"
    assert len(stream.get_observations().query().top(30).list().entities) == 25


def test_a_multi_datastream_is_made_read_filtered_changed_and_deleted(
    service: Service, made: dict[str, Any]
) -> None:
    """req/multi-datastream/…"""
    for number in range(4):
        service.create(
            frost.Observation(
                phenomenon_time=f"2026-02-0{number + 1}T10:00:00Z",
                result=[60 + number, number / 2],
                multi_datastream=frost.MultiDatastream(id=made["multi"].id),
                feature_of_interest=frost.FeatureOfInterest(id=made["feature"].id),
            )
        )
    multi = service.multi_datastreams().find(made["multi"].id)
    assert [unit["symbol"] for unit in multi.unit_of_measurements] == ["%", "°C"]
    seen = multi.get_observed_properties().query().list().entities
    assert [item.name for item in seen] == ["Luftfeuchte", "Temperatur"]
    found = (
        multi.get_observations().query().filter("result[1] gt 0.5").orderby("phenomenonTime", "asc").list()
    )
    assert [item.result for item in found] == [[62, 1], [63, 1.5]]
    (thing,) = service.things().query().expand("MultiDatastreams").list().entities
    assert [item.name for item in thing.multi_datastreams.entities] == ["Wetter am Markt"]
    multi.name = "Wetter"
    multi.unit_of_measurements = Units(
        [
            frost.UnitOfMeasurement("Anteil in Prozent", "%", "%"),
            frost.UnitOfMeasurement(name="Grad Celsius", symbol="°C", definition="Cel"),
        ]
    )
    service.update(multi)
    service.patch(multi, [{"op": "replace", "path": "/unitOfMeasurements/1/symbol", "value": "Grad"}])
    again = service.multi_datastreams().find(multi.id)
    assert (again.name, [unit["symbol"] for unit in again.unit_of_measurements]) == (
        "Wetter",
        ["%", "Grad"],
    )
    service.delete(again)
    assert service.multi_datastreams().query().count().list().count == 0
    assert service.observations().query().filter("MultiDatastream/id ge 0").count().list().count == 0


def test_entities_are_changed_whole_and_by_steps(service: Service, made: dict[str, Any]) -> None:
    thing = service.things().find(made["thing"].id)
    thing.name = "Station Markt"
    service.update(thing)
    service.patch(thing, [{"op": "replace", "path": "/properties/floor", "value": 2}])
    again = service.things().find(thing.id)
    assert (again.name, again.properties) == ("Station Markt", {"floor": 2})
    for kind in ("sensor", "seen", "stream", "feature"):
        service.patch(made[kind], [{"op": "replace", "path": "/description", "value": "neu"}])
    assert service.datastreams().find(made["stream"].id).description == "neu"
    first = service.observations().query().filter("result eq 0").list().entities[0]
    service.patch(first, [{"op": "replace", "path": "/result", "value": -1}])
    assert service.observations().find(first.id).result == -1


def test_entities_are_deleted_with_what_belongs_to_them(service: Service, made: dict[str, Any]) -> None:
    service.delete(service.observations().query().top(1).list().entities[0])
    assert service.observations().query().count().list().count == 24
    service.delete(made["stream"])
    assert service.observations().query().count().list().count == 0
    for kind in ("feature", "seen", "second", "sensor", "thing"):
        service.delete(made[kind])
    service.delete(service.locations().query().list().entities[0])
    for collection in (
        service.things(), service.locations(), service.historical_locations(), service.datastreams(), service.sensors(),
        service.observed_properties(), service.features_of_interest(),
    ):  # fmt: skip
        assert collection.query().count().list().count == 0
