"""Registering things with their datastreams, many at once, as often as wanted: the key says what is the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.observations.models import (
    MEASUREMENT,
    Datastream,
    DatastreamState,
    HistoricalLocation,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)
from stadt.hub.observations.rights import MANAGE


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit of a datastream; `definition` is its UCUM code, such as `ug/m3`."""

    name: str
    symbol: str
    definition: str


@dataclass(frozen=True, slots=True)
class PropertySpec:
    """An observed property; `definition` is a URI."""

    key: str
    name: str
    definition: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SensorSpec:
    """An instrument or procedure; `metadata` is a link or text that describes it."""

    key: str
    name: str
    description: str = ""
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class DatastreamSpec:
    """A datastream. `is_public` and `is_simulated` hold when it is made; later registrations do not change them."""

    key: str
    name: str
    property: PropertySpec
    unit: Unit
    sensor: SensorSpec
    description: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    is_public: bool = False
    is_simulated: bool = False
    observation_type: str = MEASUREMENT


@dataclass(frozen=True, slots=True)
class ThingSpec:
    """A thing at a point (WGS 84 degrees; None when its place is not known) with its datastreams."""

    key: str
    name: str
    description: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    lon: float | None = None
    lat: float | None = None
    location_name: str = ""
    organisation_id: int | None = None
    datastreams: tuple[DatastreamSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredThing:
    """A thing in the store: its id, and the ids of the registered datastreams by key."""

    id: int
    key: str
    datastreams: Mapping[str, int]


def register_thing(actor: Actor, spec: ThingSpec) -> RegisteredThing:
    """See `register_things`."""
    return register_things(actor, (spec,))[0]


@transaction.atomic
def register_things(actor: Actor, specs: Iterable[ThingSpec]) -> list[RegisteredThing]:
    """Make things, their locations and datastreams, or renew what is described differently now.

    A thing that moved gets a new location and a historical one. Datastreams that a spec does not name stay.

    Raises:
        Forbidden: without `observations.manage` in an organisation named.
        Invalid: when a key is empty or comes twice, or a coordinate is impossible.
        Conflict: when a datastream that has observations would get another unit or another thing.
    """
    wanted = sorted(specs, key=lambda spec: spec.key)
    for organisation_id in {spec.organisation_id for spec in wanted}:
        actor.require(MANAGE, organisation_id)
    _check(wanted)
    things = _store_things(wanted)
    _store_locations(wanted, things)
    streams = [(spec, stream) for spec in wanted for stream in spec.datastreams]
    ids = _store_datastreams(streams, things)
    record(actor, "register_things", "things", {"ids": [thing.pk for thing in things.values()]})
    found = {
        spec.key: RegisteredThing(
            things[spec.key].pk, spec.key, {stream.key: ids[stream.key] for stream in spec.datastreams}
        )
        for spec in wanted
    }
    return [found[spec.key] for spec in specs] if isinstance(specs, Sequence) else list(found.values())


def _check(specs: Sequence[ThingSpec]) -> None:
    problems: list[FieldError] = []
    for name, keys in (
        ("key", [spec.key for spec in specs]),
        ("datastreams.key", [stream.key for spec in specs for stream in spec.datastreams]),
    ):
        seen: set[str] = set()
        for key in keys:
            if not key or key in seen or len(key) > 200:
                problems.append(
                    FieldError(name, _("„%(key)s“ ist leer, doppelt oder zu lang") % {"key": key})
                )
            seen.add(key)
    for spec in specs:
        if (spec.lon is None) != (spec.lat is None):
            problems.append(
                FieldError("lon", _("%(key)s: Länge und Breite gehören zusammen") % {"key": spec.key})
            )
        elif (
            spec.lon is not None
            and spec.lat is not None
            and not (abs(spec.lon) <= 180 and abs(spec.lat) <= 90)
        ):
            problems.append(FieldError("lon", _("%(key)s: keine Koordinate in WGS 84") % {"key": spec.key}))
    if problems:
        raise Invalid(_("Geräte lassen sich so nicht anlegen."), fields=tuple(problems))


def _store_things(specs: Sequence[ThingSpec]) -> dict[str, Thing]:
    things = [
        Thing(
            key=spec.key,
            name=spec.name,
            description=spec.description,
            properties=dict(spec.properties),
            organisation_id=spec.organisation_id,
        )
        for spec in specs
    ]
    stored = Thing.objects.bulk_create(
        things,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "description", "properties", "organisation"],
    )
    return {str(thing.key): thing for thing in stored}


def _store_locations(specs: Sequence[ThingSpec], things: Mapping[str, Thing]) -> None:
    located = [spec for spec in specs if spec.lon is not None]
    through = Thing.locations.through
    now: dict[int, Location] = {}
    for link in through.objects.filter(thing__in=[things[spec.key].pk for spec in located]).select_related(
        "location"
    ):
        now[link.thing_id] = link.location
    moved: list[tuple[Thing, Location]] = []
    for spec in located:
        thing = things[spec.key]
        name = spec.location_name or spec.name
        current = now.get(thing.pk)
        if current and (current.lon, current.lat, current.name) == (spec.lon, spec.lat, name):
            continue
        point = {"type": "Point", "coordinates": [spec.lon, spec.lat]}
        location = Location(
            name=name, location=point, lon=spec.lon, lat=spec.lat, organisation_id=spec.organisation_id
        )
        moved.append((thing, location))
    if not moved:
        return
    Location.objects.bulk_create([location for _, location in moved])
    through.objects.filter(thing__in=[thing.pk for thing, _ in moved]).delete()
    through.objects.bulk_create([through(thing=thing, location=location) for thing, location in moved])
    # What observes from a new place observes something else; the feature of the new place is made when it is needed.
    Datastream.objects.filter(thing__in=[thing for thing, _ in moved]).update(feature=None)
    time = timezone.now()
    past = HistoricalLocation.objects.bulk_create(
        [HistoricalLocation(thing=thing, time=time) for thing, _ in moved]
    )
    joined = HistoricalLocation.locations.through
    joined.objects.bulk_create(
        [
            joined(historicallocation=moment, location=location)
            for moment, (_, location) in zip(past, moved, strict=True)
        ]
    )


def _store_datastreams(
    streams: Sequence[tuple[ThingSpec, DatastreamSpec]], things: Mapping[str, Thing]
) -> dict[str, int]:
    properties = store_properties({stream.property.key: stream.property for _, stream in streams})
    sensors = store_sensors({stream.sensor.key: stream.sensor for _, stream in streams})
    _refuse_silent_changes(streams, things)
    rows = [
        Datastream(
            key=stream.key,
            name=stream.name,
            description=stream.description,
            properties=dict(stream.properties),
            thing=things[spec.key],
            sensor_id=sensors[stream.sensor.key],
            observed_property_id=properties[stream.property.key],
            organisation_id=spec.organisation_id,
            unit_of_measurement=unit_document(stream.unit),
            observation_type=stream.observation_type,
            is_public=stream.is_public,
            is_simulated=stream.is_simulated,
        )
        for spec, stream in sorted(streams, key=lambda pair: pair[1].key)
    ]
    stored = Datastream.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[
            "name",
            "description",
            "properties",
            "thing",
            "sensor",
            "observed_property",
            "organisation",
            "unit_of_measurement",
            "observation_type",
        ],
    )
    time = timezone.now()
    DatastreamState.objects.bulk_create(
        [DatastreamState(datastream_id=row.pk, updated_at=time) for row in stored], ignore_conflicts=True
    )
    return {str(row.key): row.pk for row in stored}


def _refuse_silent_changes(
    streams: Sequence[tuple[ThingSpec, DatastreamSpec]], things: Mapping[str, Thing]
) -> None:
    """A unit never changes under the observations there are, and a datastream stays with its thing."""
    specs = {stream.key: (things[spec.key].pk, stream.unit) for spec, stream in streams}
    known = Datastream.objects.filter(key__in=specs, state__count__gt=0)
    for key, thing_id, unit in known.values_list("key", "thing_id", "unit_of_measurement"):
        wanted_thing, wanted_unit = specs[str(key)]
        if thing_id != wanted_thing:
            raise Conflict(_("Der Datenstrom %(key)s gehört zu einem anderen Gerät.") % {"key": key})
        if unit.get("definition") != wanted_unit.definition:
            raise Conflict(
                _("Der Datenstrom %(key)s hat Messwerte in %(old)s; %(new)s braucht einen neuen Datenstrom.")
                % {"key": key, "old": unit.get("definition"), "new": wanted_unit.definition}
            )


def store_properties(specs: Mapping[str, PropertySpec]) -> dict[str, int]:
    """Ids of observed properties by key; made, or renewed as they are described now."""
    rows = [
        ObservedProperty(key=key, name=spec.name, definition=spec.definition, description=spec.description)
        for key, spec in sorted(specs.items())
    ]
    stored = ObservedProperty.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "definition", "description"],
    )
    return {str(row.key): row.pk for row in stored}


def store_sensors(specs: Mapping[str, SensorSpec]) -> dict[str, int]:
    """Ids of sensors by key; made, or renewed as they are described now."""
    rows = [
        Sensor(
            key=key,
            name=spec.name,
            description=spec.description,
            metadata=spec.metadata,
            encoding_type="text/html" if spec.metadata.startswith("http") else "text/plain",
        )
        for key, spec in sorted(specs.items())
    ]
    stored = Sensor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "description", "metadata", "encoding_type"],
    )
    return {str(row.key): row.pk for row in stored}


def unit_document(unit: Unit) -> dict[str, str]:
    """A unit as the standard has it in JSON."""
    return {"name": unit.name, "symbol": unit.symbol, "definition": unit.definition}
