"""Reads kept messages again by a corrected profile: corrects what differs, adds what was missing, removes what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stadt.core.people.actor import Actor
from stadt.hub.ingest.intake import append_whole, as_rule
from stadt.hub.ingest.mapping import Decoded, Value, decode
from stadt.hub.ingest.models import Device, DeviceProfile, DeviceStream, RawFrame, Replay
from stadt.hub.ingest.queries import find_stored
from stadt.hub.ingest.things import register_devices
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.services import (
    Correction,
    ObservationKey,
    correct_observations,
    delete_observations,
)

FRAMES_AT_ONCE = 1000
ACTOR = Actor.system("job:ingest.replay")


@dataclass(slots=True)
class _Differences:
    corrections: list[Correction] = field(default_factory=list)
    removals: list[ObservationKey] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    results: list[Value] = field(default_factory=list)
    simulated: list[bool] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.corrections) + len(self.removals) + len(self.ids)


def run_replay(replay_id: int) -> None:
    """The job: part after part, each in one transaction with its progress, so a broken run goes on where it stopped."""
    while _replay_part(replay_id):
        pass


def _replay_part(replay_id: int) -> bool:
    """Read the next frames; False when there are none left."""
    with transaction.atomic():
        replay = Replay.objects.select_for_update().filter(pk=replay_id).first()
        if replay is None or replay.state == Replay.State.DONE:
            return False
        frames = list(_frames(replay)[:FRAMES_AT_ONCE])
        if frames:
            replay.changed += _read_again(replay.profile, frames)
            replay.last_frame_id, replay.done = frames[-1].pk, replay.done + len(frames)
            replay.total = max(replay.total, replay.done)
            replay.state = Replay.State.RUNNING
        else:
            replay.state, replay.finished_at = Replay.State.DONE, timezone.now()
        replay.save()
        return bool(frames)


def _frames(replay: Replay) -> QuerySet[RawFrame]:
    frames = RawFrame.objects.filter(device__profile=replay.profile, pk__gt=replay.last_frame_id)
    return (frames.filter(device=replay.device) if replay.device_id else frames).order_by("pk")


def _read_again(profile: DeviceProfile, frames: Sequence[RawFrame]) -> int:
    """Bring the observations of these frames in line with the profile; returns how many changed."""
    rules = [as_rule(row) for row in profile.rows.all()]
    devices = Device.objects.filter(pk__in={frame.device_id for frame in frames}).select_related(
        "source", "profile"
    )
    streams = _all_streams(list(devices), [rule.key for rule in rules])
    wanted = [(number, frame.time) for frame in frames for number in streams[frame.device_id].values()]
    stored = find_stored(wanted)
    found = _Differences()
    for frame in frames:
        decoded = decode(rules, frame.decoded)
        for key, number in streams[frame.device_id].items():
            rows = stored.get((number, frame.time), [])
            before = rows.pop(0) if rows else None
            _compare(found, frame, number, before, decoded.values.get(key))
        _renew(frame, profile.revision, decoded)
    _write(found)
    RawFrame.objects.bulk_update(frames, ["revision", "readings", "notes"], batch_size=500)
    return found.count


def _compare(
    found: _Differences, frame: RawFrame, number: int, before: tuple[int, Value] | None, value: Value | None
) -> None:
    if before is None:
        if value is not None:
            found.ids.append(number)
            found.times.append(frame.time)
            found.results.append(value)
            found.simulated.append(frame.simulated)
    elif value is None:
        found.removals.append(ObservationKey(number, frame.time, before[0]))
    elif before[1] != value:
        found.corrections.append(Correction(number, frame.time, before[0], result=value))


def _renew(frame: RawFrame, revision: int, decoded: Decoded) -> None:
    frame.revision, frame.readings = revision, len(decoded.values)
    frame.notes = [[note.field, note.code] for note in decoded.notes]


def _write(found: _Differences) -> None:
    if found.corrections:
        correct_observations(ACTOR, found.corrections)
    if found.removals:
        delete_observations(ACTOR, found.removals)
    if found.ids:
        batch = Batch.columns(found.ids, found.times, found.results, is_simulated=found.simulated)
        append_whole(batch)


def _all_streams(devices: Sequence[Device], keys: Sequence[str]) -> dict[int, dict[str, int]]:
    """Each device's Datastreams by observed property, those of rows that were removed included; new rows get theirs."""
    streams: dict[int, dict[str, int]] = {device.pk: {} for device in devices}
    for stream in DeviceStream.objects.filter(device__in=devices):
        streams[stream.device_id][stream.key] = stream.datastream_id
    stale = [device for device in devices if any(key not in streams[device.pk] for key in keys)]
    for device_id, registered in register_devices(stale).items():
        streams[device_id] |= registered
    return streams
