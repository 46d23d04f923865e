"""Accepts messages set-wise: finds their devices, applies profiles, and keeps readings and messages together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import numpy as np
from django.db import connection, transaction

from stadt.core.errors import FieldError, Invalid, StadtError
from stadt.hub.ingest import bookkeeping
from stadt.hub.ingest.bookkeeping import Frame
from stadt.hub.ingest.mapping import Decoded, Note, Rule, Value, ValueKind, decode, find_number
from stadt.hub.ingest.models import Device, DeviceStream, ProfileRow, Source
from stadt.hub.ingest.things import register_devices
from stadt.hub.ingest.tts import Uplink
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, microseconds
from stadt.hub.observations.models import Datastream

PAYLOAD = "uplink_message.decoded_payload"
ROWS_AT_ONCE = 50_000
DEVICE_FIELD = "end_device_ids.device_id"


class UnknownDevice(Invalid):
    """The device is not known and the source takes on no new ones."""

    code: ClassVar[str] = "unknown-device"


class DeviceSwitchedOff(Invalid):
    """An operator switched the device off."""

    code: ClassVar[str] = "device-switched-off"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a message: how many readings were stored, and which values were left out and why."""

    readings: int
    is_duplicate: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A device with its profile's rules, compiled."""

    device: Device
    rules: tuple[Rule, ...]
    battery_path: tuple[str, ...]
    revision: int


def accept_uplinks(
    source: Source, uplinks: Sequence[Uplink], *, keep_frames_since: datetime | None = None
) -> list[Accepted | StadtError]:
    """Store messages of one source: readings, messages, health and counters in one transaction.

    The caller has checked that whoever asks may push to the source. A refused message does not hold up the others; a
    message that came before is a duplicate and changes nothing. Frames older than `keep_frames_since` are not kept.

    Returns:
        For each message, in order, what became of it or why it was refused.
    """
    with transaction.atomic():
        readers = _readers(source, uplinks)
        outcomes: list[Accepted | StadtError | None] = [None] * len(uplinks)
        decoded: dict[int, Decoded] = {}
        for place, uplink in enumerate(uplinks):
            try:
                decoded[place] = _read(readers.get(uplink.device_id), uplink)
            except StadtError as error:
                outcomes[place] = error
        _take_on(source, readers, {uplinks[place].device_id for place in decoded})
        frames = {place: _frame(readers, uplinks[place], found) for place, found in decoded.items()}
        new = _only_new(source.pk, frames)
        _store_readings(readers, new.values())
        since = keep_frames_since
        bookkeeping.keep_frames(f for f in new.values() if since is None or f.uplink.received_at >= since)
        if new:
            _note_health(readers, new.values())
        if frames:
            bookkeeping.count_messages(
                source.pk,
                messages=len(new),
                duplicates=len(frames) - len(new),
                readings=sum(len(frame.decoded.values) for frame in new.values()),
                newest=max(frame.uplink.received_at for frame in frames.values()),
            )
    return [
        outcome or _accepted(frames[place], is_new=place in new) for place, outcome in enumerate(outcomes)
    ]


def _accepted(frame: Frame, *, is_new: bool) -> Accepted:
    if not is_new:
        return Accepted(0, is_duplicate=True)
    return Accepted(len(frame.decoded.values), notes=frame.decoded.notes)


def _readers(source: Source, uplinks: Sequence[Uplink]) -> dict[str, Reader]:
    """The devices that sent the messages; unknown ones as drafts, where the source has a profile for them."""
    newest = {uplink.device_id: uplink for uplink in uplinks}
    devices = _find_devices(source, newest)
    if source.default_profile:
        for name in newest.keys() - devices.keys():
            uplink = newest[name]
            devices[name] = Device(
                source=source, device_id=name, dev_eui=uplink.dev_eui, profile=source.default_profile,
                lon=uplink.lon, lat=uplink.lat,
            )  # fmt: skip
    rules = _rules({device.profile_id for device in devices.values()})
    return {
        name: Reader(
            device, rules[device.profile_id], _steps(device.profile.battery_path), device.profile.revision
        )
        for name, device in devices.items()
    }


def _take_on(source: Source, readers: dict[str, Reader], names: set[str]) -> None:
    """Keep the drafts of devices that sent something acceptable."""
    drafts = sorted(name for name in names if readers[name].device.pk is None)
    if not drafts:
        return
    # Another process may take on the same device at the same time: then its row is the one.
    Device.objects.bulk_create([readers[name].device for name in drafts], ignore_conflicts=True)
    for name, device in _find_devices(source, drafts).items():
        readers[name] = replace(readers[name], device=device)


def _find_devices(source: Source, names: Collection[str]) -> dict[str, Device]:
    found = Device.objects.filter(source=source, device_id__in=list(names)).select_related(
        "profile", "source"
    )
    return {device.device_id: device for device in found}


def _rules(profile_ids: set[int]) -> dict[int, tuple[Rule, ...]]:
    rules: dict[int, list[Rule]] = {number: [] for number in profile_ids}
    for row in ProfileRow.objects.filter(profile_id__in=profile_ids):
        rules[row.profile_id].append(as_rule(row))
    return {number: tuple(found) for number, found in rules.items()}


def as_rule(row: ProfileRow) -> Rule:
    """A profile's row in the form the decoder reads."""
    kind = ValueKind(row.observation_type)
    return Rule(row.key, _steps(row.path), kind, row.factor, row.offset, row.minimum, row.maximum)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def _frame(readers: dict[str, Reader], uplink: Uplink, decoded: Decoded) -> Frame:
    reader = readers[uplink.device_id]
    return Frame(reader.device.pk, reader.revision, uplink, decoded)


def _read(reader: Reader | None, uplink: Uplink) -> Decoded:
    if reader is None:
        raise UnknownDevice(
            "This device is not known here and the source takes on no new ones.",
            fields=(FieldError(DEVICE_FIELD, uplink.device_id),),
        )
    if not reader.device.enabled:
        raise DeviceSwitchedOff(
            "This device is switched off.", fields=(FieldError(DEVICE_FIELD, uplink.device_id),)
        )
    decoded = decode(reader.rules, uplink.decoded)
    if decoded.wrong_types:
        fields = tuple(
            FieldError(f"{PAYLOAD}.{note.field}", "has the wrong type") for note in decoded.wrong_types
        )
        raise Invalid("The payload does not fit the device's profile.", fields=fields)
    return decoded


def _only_new(source_id: int, frames: dict[int, Frame]) -> dict[int, Frame]:
    """The frames that did not come before, neither in this batch nor earlier."""
    first: dict[bytes, int] = {}
    for place, frame in frames.items():
        first.setdefault(bookkeeping.digest_of(frame.uplink.key), place)
    if not first:
        return {}
    new = bookkeeping.remember_messages(source_id, first)
    return {place: frames[place] for digest, place in first.items() if digest in new}


def _store_readings(readers: dict[str, Reader], frames: Collection[Frame]) -> None:
    streams = _streams(readers, frames)
    ids: list[int] = []
    times: list[int] = []
    results: list[Value] = []
    simulated: list[bool] = []
    for frame in frames:
        of_device = streams[frame.device_id]
        values = frame.decoded.values
        ids += [of_device[key] for key in values]
        results += values.values()
        times += [microseconds(frame.uplink.time)] * len(values)
        simulated += [frame.uplink.simulated] * len(values)
    moments = np.array(times, np.int64)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        append_whole(Batch.columns(ids[part], moments[part], results[part], is_simulated=simulated[part]))


def append_whole(batch: Batch) -> None:
    """Store readings in Django's transaction, all or none.

    Raises:
        Invalid: naming the first reading that the store refuses.
    """
    connection.ensure_connection()
    result = append(connection.connection, batch, whole=True)
    if result.refusals:
        first = result.refusals[0]
        raise Invalid("The readings cannot be stored.", fields=(FieldError(first.field, first.message),))


def _streams(readers: dict[str, Reader], frames: Collection[Frame]) -> dict[int, dict[str, int]]:
    """For each device that sent something its Datastreams by observed property; new or moved Things are registered."""
    newest = {frame.device_id: frame.uplink for frame in frames}
    of_id = {reader.device.pk: reader for reader in readers.values() if reader.device.pk in newest}
    streams: dict[int, dict[str, int]] = {number: {} for number in of_id}
    # A Datastream may have been deleted meanwhile: then the device gets a new one.
    there = DeviceStream.objects.filter(
        device_id__in=of_id, datastream_id__in=Datastream.objects.values("pk")
    )
    for device_id, key, number in there.values_list("device_id", "key", "datastream_id"):
        streams[device_id][key] = number
    stale = []
    for number, reader in of_id.items():
        is_moved = _follow_network(reader.device, newest[number])
        if is_moved or any(rule.key not in streams[number] for rule in reader.rules):
            stale.append(reader.device)
    return streams | register_devices(stale)


def _follow_network(device: Device, uplink: Uplink) -> bool:
    """Take over the place the network names, unless an operator placed the device; True when the Thing must follow."""
    if device.is_placed or uplink.lon is None or (device.lon, device.lat) == (uplink.lon, uplink.lat):
        return False
    device.lon, device.lat = uplink.lon, uplink.lat
    device.save(update_fields=("lon", "lat"))
    return True


def _note_health(readers: dict[str, Reader], frames: Collection[Frame]) -> None:
    paths = {reader.device.pk: reader.battery_path for reader in readers.values()}
    newest: dict[int, Uplink] = {}
    for frame in frames:
        if frame.device_id not in newest or frame.uplink.received_at >= newest[frame.device_id].received_at:
            newest[frame.device_id] = frame.uplink
    bookkeeping.note_health(
        {number: (uplink, _battery(uplink, paths[number])) for number, uplink in newest.items()}
    )


def _battery(uplink: Uplink, path: Sequence[str]) -> float | None:
    """Charge in per cent: what the payload says at the profile's path, else what the network knows."""
    found = find_number(uplink.decoded, path)
    return uplink.battery if found is None or not 0 <= found <= 100 else found
