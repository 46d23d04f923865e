"""What every simulated fleet of LoRaWAN devices needs: places, a source with its token, rounds through the webhook, history.

What the devices measure is the apps' own business: each writes a function from device and time to a decoded payload.
"""

import base64
import logging
import os
import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from stadt.core.city import current
from stadt.core.outbound import OutboundError, call_own
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.ingest import services
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import Device, DeviceProfile, Source
from stadt.hub.ingest.tts import Uplink
from stadt.hub.observations.services import delete_things
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import assign, list_areas

logger = logging.getLogger("stadt.demo")

ACTOR = Actor.system("demo")
HISTORY = timedelta(days=30)
KEEP_FRAMES_DAYS = 2
MESSAGES_AT_ONCE = 8_000
SESSION = base64.b64encode(b"simulated-device").decode()
BEGIN_2020 = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
DAYS_AT_ONCE = 3
TOKEN_LIFE = timedelta(days=365)

Measure = Callable[[int, Sequence[datetime]], list[dict[str, Any]]]
"""Decoded payloads of the device with this number (from 0) at these times."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point (WGS 84 degrees) with the name of the quarter it lies in."""

    lon: float
    lat: float
    quarter: str


@dataclass(frozen=True, slots=True)
class Fleet:
    """A number of simulated devices of one profile behind one source.

    `key` is the source's slug, `device` the beginning of the devices' ids, `spacing` the distance between two messages
    in the history.
    """

    key: str
    title: str
    device: str
    profile: services.ProfileDraft
    measure: Measure
    spacing: timedelta

    def device_id(self, number: int) -> str:
        """Id of a device, counted from 0: `station-0001`."""
        return f"{self.device}-{number + 1:04d}"

    def thing_key(self, number: int) -> str:
        """Key of the Thing that a device becomes."""
        return f"{self.key}/{self.device_id(number)}"


def is_on() -> bool:
    """Whether this installation simulates devices at all."""
    return bool(settings.STADT.demo)


def count_from_city(name: str, otherwise: int) -> int:
    """How many devices of a kind the city's folder asks for (`[demo]` in city.toml)."""
    return int(current().more.get("demo", {}).get(name, otherwise))


def spots(count: int, seed: str) -> list[Spot]:
    """Points spread over the quarters in turn, always the same for one seed; around the centre without quarters."""
    chance = random.Random(seed)
    areas = list_areas(PlaceKind.QUARTER)
    found: list[Spot] = []
    for number in range(count):
        if not areas:
            lon, lat = current().centre
            found.append(
                Spot(lon + chance.uniform(-0.01, 0.01), lat + chance.uniform(-0.01, 0.01), current().name)
            )
            continue
        area = areas[number % len(areas)]
        west, south, east, north = area.bbox
        tries = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(40)]
        inside = [point for point, hit in zip(tries, assign(tries), strict=True) if hit and hit.id == area.id]
        lon, lat = inside[0] if inside else area.point
        found.append(Spot(round(lon, 6), round(lat, 6), area.name))
    return found


def make_fleet(fleet: Fleet, places: Sequence[Spot], titles: Sequence[str]) -> Source:
    """Source, profile, devices and token of a fleet; what is there already stays."""
    source = Source.objects.filter(slug=fleet.key).first()
    if source is None:
        profile = DeviceProfile.objects.filter(key=fleet.profile.key).first()
        profile = profile or services.create_profile(ACTOR, fleet.profile)
        source = services.create_source(
            ACTOR,
            slug=fleet.key,
            title=fleet.title,
            organisation=Organisation.objects.order_by("pk")[0],
            default_profile=profile,
            keep_frames_days=KEEP_FRAMES_DAYS,
        )
    known = set(source.devices.values_list("device_id", flat=True))
    for number, (place, title) in enumerate(zip(places, titles, strict=True)):
        if fleet.device_id(number) not in known and source.default_profile:
            draft = services.DeviceDraft(
                fleet.device_id(number), source.default_profile, title, lon=place.lon, lat=place.lat
            )
            services.add_device(ACTOR, source, draft)
    return source


def fill_history(fleet: Fleet, source: Source, until: datetime | None = None) -> int:
    """Have the fleet's messages of the last 30 days read and stored as if they came in now; how many were new.

    They go through the same profile and the same transaction as a webhook's messages, some thousands at once. What is
    there already is known by its key.
    """
    end = (until or timezone.now()).replace(second=0, microsecond=0)
    end -= timedelta(minutes=end.minute % 15)
    start = end - HISTORY
    keep_since = end - timedelta(days=KEEP_FRAMES_DAYS)
    count = source.devices.count()
    messages = _history(fleet, count, start, end)
    stored = 0
    while batch := list(islice(messages, MESSAGES_AT_ONCE)):
        for outcome in accept_uplinks(source, batch, keep_frames_since=keep_since):
            if isinstance(outcome, Exception):
                raise outcome
            stored += not outcome.is_duplicate
    return stored


def _history(fleet: Fleet, count: int, start: datetime, end: datetime) -> Iterator[Uplink]:
    """The messages of all devices, some days after the other, so that a transaction touches one or two partitions."""
    day = start
    while day < end:
        until = min(day + timedelta(days=DAYS_AT_ONCE), end)
        times = [day + n * fleet.spacing for n in range(-(-(until - day) // fleet.spacing))]
        for number in range(count):
            moments = [_moment(number, moment) for moment in times]
            device_id, eui = fleet.device_id(number), _eui(fleet, number)
            for moment, payload in zip(moments, fleet.measure(number, moments), strict=True):
                yield _uplink(number, device_id, eui, moment, payload)
        day = until


def _moment(number: int, minute: datetime) -> datetime:
    """When a device sends its message of this minute: each at its own second of the minute before."""
    return minute - timedelta(seconds=(number * 7) % 60)


def _counter(moment: datetime) -> int:
    """The frame counter of a moment: minutes since 2020, so that the same minute is the same message."""
    return int(moment.timestamp() - BEGIN_2020) // 60


def _link(number: int, counter: int) -> tuple[float, float]:
    """Signal strength (dBm) and signal-to-noise ratio (dB), steady for a device with some noise."""
    noise = (counter * 2654435761 + number * 40503) % 1000 / 1000
    return -78.0 - (number * 13) % 34 - round(6 * noise), round(9.5 - (number * 13) % 34 / 4 - 2 * noise, 1)


def _eui(fleet: Fleet, number: int) -> str:
    return f"70B3D57E{sum(fleet.key.encode()):04X}{number:04X}"


def _uplink(number: int, device_id: str, eui: str, moment: datetime, payload: dict[str, Any]) -> Uplink:
    """A message as `tts.read_message` would give it for `as_webhook_body`."""
    counter = _counter(moment)
    rssi, snr = _link(number, counter)
    return Uplink(
        device_id=device_id, dev_eui=eui, key=f"{eui}/{SESSION}/{counter}", received_at=moment,
        time=moment, f_port=1, f_cnt=counter, payload=b"", decoded=payload, rssi=rssi, snr=snr, gateways=1,
        simulated=True,
    )  # fmt: skip


def as_webhook_body(fleet: Fleet, number: int, moment: datetime, payload: dict[str, Any]) -> bytes:
    """The message as The Things Stack pushes it (v3, JSON)."""
    counter = _counter(moment)
    rssi, snr = _link(number, counter)
    gateway = {
        "gateway_ids": {"gateway_id": "simulated-gateway"},
        "rssi": rssi,
        "channel_rssi": rssi,
        "snr": snr,
    }
    document = {
        "end_device_ids": {
            "device_id": fleet.device_id(number),
            "application_ids": {"application_id": fleet.key},
            "dev_eui": _eui(fleet, number),
        },
        "received_at": moment,
        "uplink_message": {
            "session_key_id": SESSION,
            "f_port": 1,
            "f_cnt": counter,
            "decoded_payload": payload,
            "rx_metadata": [gateway],
            "settings": {"data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}}},
            "received_at": moment,
        },
        "simulated": True,
    }
    return msgspec.json.encode(document)


def send_round(fleet: Fleet, now: datetime | None = None) -> int:
    """Have every device of the fleet send one message through the webhook; how many were accepted.

    Does nothing where the demo is off or was not filled. A web process that does not answer is waited for until the
    next round.
    """
    source = Source.objects.filter(slug=fleet.key).first() if is_on() else None
    if source is None or not source.enabled:
        return 0
    minute = (now or timezone.now()).replace(second=0, microsecond=0)
    headers = {"Authorization": f"Bearer {_token(source)}", "Content-Type": "application/json"}
    accepted = 0
    for number in range(
        Device.objects.filter(source=source, device_id__startswith=f"{fleet.device}-").count()
    ):
        moment = _moment(number, minute)
        [payload] = fleet.measure(number, [moment])
        content = as_webhook_body(fleet, number, moment, payload)
        try:
            answer = call_own("POST", f"/ingest/tts/{fleet.key}", content=content, headers=headers)
        except OutboundError:
            logger.info("%s: the web process does not answer; the next round tries again", fleet.key)
            return accepted
        if answer.status == 401:
            _token_path(source).unlink(missing_ok=True)
            logger.warning("%s: the token is no longer valid; the next round has a new one", fleet.key)
            return accepted
        accepted += answer.status == 200
    return accepted


def clear_fleet(fleet: Fleet) -> None:
    """Remove what a fleet made: source, devices, Things and readings. Its profile stays."""
    source = Source.objects.filter(slug=fleet.key).first()
    if source is None:
        return
    things = [device.thing_id for device in source.devices.all() if device.thing_id]
    delete_things(ACTOR, things)
    services.remove_source(ACTOR, source)
    _token_path(source).unlink(missing_ok=True)


def _token(source: Source) -> str:
    """The secret of the fleet's own token; kept as a file only its owner can read, renewed when it is gone."""
    path = _token_path(source)
    if path.exists():
        return path.read_text("ascii").strip()
    expires_at = timezone.now() + TOKEN_LIFE
    _, secret = services.issue_source_token(ACTOR, source, title="Demo", expires_at=expires_at)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secret + "\n")
    draft.replace(path)
    return secret


def _token_path(source: Source) -> Path:
    return Path(settings.STADT.home) / "secrets" / f"source-{source.slug}"
