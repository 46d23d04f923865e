"""Makes Things and Datastreams of devices, as their profiles describe them."""

from collections.abc import Sequence

from stadt.core.people.actor import Actor
from stadt.hub.ingest.models import Device, DeviceProfile, DeviceStream, ProfileRow
from stadt.hub.observations.services import (
    DatastreamSpec,
    PropertySpec,
    SensorSpec,
    ThingSpec,
    Unit,
    register_things,
)

OBSERVATION_TYPES = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
PROPERTIES = "urn:stadt:observed-property:"


def thing_key(source_slug: str, device_id: str) -> str:
    """The permanent key of a device's Thing."""
    return f"{source_slug}/{device_id}"


def register_devices(devices: Sequence[Device]) -> dict[int, dict[str, int]]:
    """Make or renew the Things of devices, with a Datastream for each row of their profiles.

    Called inside the caller's transaction.

    Returns:
        For each device's id the Datastream's id by observed property.
    """
    if not devices:
        return {}
    ordered = sorted(devices, key=lambda device: device.pk)
    rows = _rows_of({device.profile_id for device in ordered})
    specs = [_thing_spec(device, rows[device.profile_id]) for device in ordered]
    registered = register_things(Actor.system("ingest"), specs)
    streams: dict[int, dict[str, int]] = {}
    for device, thing in zip(ordered, registered, strict=True):
        device.thing_id = thing.id
        prefix = f"{thing.key}/"
        streams[device.pk] = {key.removeprefix(prefix): number for key, number in thing.datastreams.items()}
    Device.objects.bulk_update(ordered, ["thing_id"], batch_size=500)
    DeviceStream.objects.bulk_create(
        [
            DeviceStream(device_id=device_id, key=key, datastream_id=number)
            for device_id, found in streams.items()
            for key, number in found.items()
        ],
        update_conflicts=True,
        update_fields=["datastream_id"],
        unique_fields=["device", "key"],
    )
    return streams


def _rows_of(profile_ids: set[int]) -> dict[int, list[ProfileRow]]:
    rows: dict[int, list[ProfileRow]] = {number: [] for number in profile_ids}
    for row in ProfileRow.objects.filter(profile_id__in=profile_ids).select_related("profile"):
        rows[row.profile_id].append(row)
    return rows


def _thing_spec(device: Device, rows: Sequence[ProfileRow]) -> ThingSpec:
    source, profile = device.source, device.profile
    key, title = thing_key(source.slug, device.device_id), str(device)
    return ThingSpec(
        key=key,
        name=title,
        description=profile.title,
        properties={"category": profile.category, "source": source.slug, "device": device.device_id},
        lon=device.lon,
        lat=device.lat,
        location_name=title,
        organisation_id=source.organisation_id,
        datastreams=tuple(_datastream_spec(key, title, profile, row) for row in rows),
    )


def _datastream_spec(key: str, title: str, profile: DeviceProfile, row: ProfileRow) -> DatastreamSpec:
    return DatastreamSpec(
        key=f"{key}/{row.key}",
        name=f"{row.name}, {title}",
        property=PropertySpec(key=row.key, name=row.name, definition=row.definition or PROPERTIES + row.key),
        unit=Unit(name=row.unit_symbol or row.unit_code, symbol=row.unit_symbol, definition=row.unit_code),
        sensor=SensorSpec(key=profile.key, name=profile.title, description=profile.description),
        is_public=profile.is_public,
        observation_type=OBSERVATION_TYPES + row.observation_type,
    )
