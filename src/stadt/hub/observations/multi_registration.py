"""Registering a MultiDatastream of a thing that is there; the key says what is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.observations.models import (
    MEASUREMENT,
    Datastream,
    DatastreamState,
    MultiObservedProperty,
    Thing,
)
from stadt.hub.observations.multi import COMPLEX, NEXT_ID, NO_UNIT
from stadt.hub.observations.registration import (
    PropertySpec,
    SensorSpec,
    Unit,
    store_properties,
    store_sensors,
    unit_document,
)
from stadt.hub.observations.rights import MANAGE


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """One value of each result; without unit for texts and truths."""

    property: PropertySpec
    unit: Unit | None
    observation_type: str = MEASUREMENT


@dataclass(frozen=True, slots=True)
class MultiDatastreamSpec:
    """A MultiDatastream of the thing with `thing_key`; results are lists of as many values, in their order."""

    key: str
    name: str
    thing_key: str
    sensor: SensorSpec
    values: tuple[ValueSpec, ...]
    description: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    is_public: bool = False
    is_simulated: bool = False


@transaction.atomic
def register_multi_datastream(actor: Actor, spec: MultiDatastreamSpec) -> int:
    """Make a MultiDatastream, or find the one of this key; it belongs to its thing's organisation.

    Returns:
        Its id.

    Raises:
        NotFound: there is no such thing.
        Forbidden: without `observations.manage` in its organisation.
        Conflict: the one of this key has another number of values, or is no MultiDatastream.
    """
    thing = Thing.objects.select_for_update().filter(key=spec.thing_key).first()
    if thing is None:
        raise NotFound(_("Das Gerät %(key)s gibt es nicht.") % {"key": spec.thing_key})
    actor.require(MANAGE, thing.organisation_id)
    known = Datastream.objects.filter(key=spec.key).first()
    if known is not None:
        if known.multi_properties.count() != len(spec.values):
            raise Conflict(_("Der Datenstrom %(key)s hat eine andere Zahl von Werten.") % {"key": spec.key})
        return known.pk
    properties = store_properties({value.property.key: value.property for value in spec.values})
    sensors = store_sensors({spec.sensor.key: spec.sensor})
    number = next_multi_id()
    Datastream.objects.create(
        id=number,
        key=spec.key,
        name=spec.name,
        description=spec.description,
        properties=dict(spec.properties),
        thing=thing,
        sensor_id=sensors[spec.sensor.key],
        organisation_id=thing.organisation_id,
        observation_type=COMPLEX,
        unit_of_measurements=[unit_document(value.unit) if value.unit else NO_UNIT for value in spec.values],
        multi_observation_data_types=[value.observation_type for value in spec.values],
        is_public=spec.is_public,
        is_simulated=spec.is_simulated,
    )
    observe(number, [properties[value.property.key] for value in spec.values])
    DatastreamState.objects.create(datastream_id=number, updated_at=timezone.now())
    record(actor, "register_multi_datastream", "datastreams", {"ids": [number]})
    return number


def next_multi_id() -> int:
    """The id of the next MultiDatastream."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_ID)
        return int(cursor.fetchone()[0])


def observe(multi_datastream_id: int, property_ids: Sequence[int]) -> None:
    """Let a MultiDatastream observe these properties and no others, in the order of its results' values."""
    rows = MultiObservedProperty.objects
    rows.filter(datastream_id=multi_datastream_id).delete()
    rows.bulk_create(
        MultiObservedProperty(
            datastream_id=multi_datastream_id, position=position, observed_property_id=property_id
        )
        for position, property_id in enumerate(property_ids)
    )
