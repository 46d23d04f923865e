"""Things with datastreams to be measured with."""

from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.observations.services import (
    DatastreamSpec,
    PropertySpec,
    SensorSpec,
    ThingSpec,
    Unit,
    register_things,
)

ACTOR = Actor.system("benchmark")


def make_streams(prefix: str, count: int, per_thing: int = 1) -> list[int]:
    """Ids of public datastreams of new things at different places."""
    organisation = Organisation.objects.get(key="stadt")
    specs = [
        ThingSpec(
            key=f"{prefix}-{n}",
            name=f"{prefix} {n}",
            lon=7.0 + n % 100 / 500,
            lat=51.5 + n // 100 / 500,
            organisation_id=organisation.pk,
            datastreams=tuple(_stream(f"{prefix}-{n}/{k}", k) for k in range(per_thing)),
        )
        for n in range(count // per_thing)
    ]
    return [number for thing in register_things(ACTOR, specs) for number in thing.datastreams.values()]


def _stream(key: str, number: int) -> DatastreamSpec:
    observed = PropertySpec(f"benchmark.{number}", "Temperatur", "urn:benchmark:temperature")
    return DatastreamSpec(
        key,
        "Temperatur",
        observed,
        Unit("Grad Celsius", "°C", "Cel"),
        SensorSpec("benchmark", "Sensor"),
        is_public=True,
    )
