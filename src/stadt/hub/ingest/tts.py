"""Reads messages of The Things Stack v3 as its webhooks send them.

Source: thethingsindustries.com/docs/integrations/data-formats. The Things Stack leaves out fields whose value is
zero, false or empty: a missing `f_cnt` means 0.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec

from stadt.core.errors import BadRequest, FieldError, Invalid

OTHER_KINDS = (
    "join_accept", "uplink_normalized", "downlink_ack", "downlink_nack", "downlink_sent", "downlink_failed",
    "downlink_queued", "downlink_queue_invalidated", "location_solved", "service_data",
)  # fmt: skip
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE_TOLERANCE = timedelta(hours=1)
GATEWAY_TOLERANCE = timedelta(minutes=15)
MOST_VALUES = 1000
DEEPEST = 16
LONGEST_PATH = 200

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", max_length=64)]
Eui = Annotated[str, msgspec.Meta(pattern=r"^([0-9A-Fa-f]{16})?\Z")]
KeyId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/=_-]*\Z", max_length=100)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class _DeviceIds(msgspec.Struct):
    device_id: Name
    dev_eui: Eui = ""


class _Reception(msgspec.Struct):
    rssi: float | None = None
    snr: float = 0.0


class _Settings(msgspec.Struct):
    time: datetime | None = None


class _Location(msgspec.Struct):
    latitude: Latitude = 0.0
    longitude: Longitude = 0.0


class _Battery(msgspec.Struct):
    value: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.0


class _UplinkMessage(msgspec.Struct):
    received_at: datetime | None = None
    session_key_id: KeyId = ""
    f_port: Annotated[int, msgspec.Meta(ge=0, le=255)] = 0
    f_cnt: Annotated[int, msgspec.Meta(ge=0, le=4294967295)] = 0
    frm_payload: bytes = b""
    decoded_payload: dict[str, Any] | None = None
    rx_metadata: list[_Reception] = []
    settings: _Settings = msgspec.field(default_factory=_Settings)
    locations: dict[str, _Location] = {}
    last_battery_percentage: _Battery | None = None


class _Message(msgspec.Struct):
    end_device_ids: _DeviceIds
    received_at: datetime | None = None
    uplink_message: _UplinkMessage | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a device, checked.

    Attributes:
        key: the same for every delivery of the same message (device, session key, frame counter).
        received_at: when the network received it. `time`: when it was measured, as well as that is known.
        payload: the raw bytes. `decoded`: what the network's payload formatter made of them, None without one.
        rssi, snr: of the best gateway, in dBm and dB. `battery`: per cent. `lon`, `lat`: WGS 84 degrees.
    """

    device_id: str
    dev_eui: str
    key: str
    received_at: datetime
    time: datetime
    f_port: int
    f_cnt: int
    payload: bytes
    decoded: dict[str, Any] | None
    rssi: float | None = None
    snr: float | None = None
    gateways: int = 0
    battery: float | None = None
    lon: float | None = None
    lat: float | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that carries no reading, such as a join or a downlink's receipt."""

    kind: str


_decoder = msgspec.json.Decoder(_Message)
_as_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_message(body: bytes, now: datetime | None = None) -> Uplink | Ignored:
    """The message in a webhook's body.

    Raises:
        BadRequest: when the body is no JSON.
        Invalid: with the path of each field that is missing, of the wrong type or implausible.
    """
    message = _decode(body)
    uplink = message.uplink_message
    if uplink is None:
        kind = next((kind for kind in OTHER_KINDS if kind in _as_object.decode(body)), None)
        if kind is None:
            raise _invalid("uplink_message", "is missing, and no other kind of message is here")
        return Ignored(kind)
    if uplink.decoded_payload is not None:
        _check_values(uplink.decoded_payload)
    received_at = _received_at(message, uplink, now or datetime.now(UTC))
    ids = message.end_device_ids
    best = max(uplink.rx_metadata, key=lambda reception: reception.rssi or -math.inf, default=_Reception())
    place = uplink.locations.get("user") or uplink.locations.get("frm-payload")
    return Uplink(
        device_id=ids.device_id,
        dev_eui=ids.dev_eui.upper(),
        key=_key(ids, uplink, received_at),
        received_at=received_at,
        time=_measured_at(uplink, received_at),
        f_port=uplink.f_port,
        f_cnt=uplink.f_cnt,
        payload=uplink.frm_payload,
        decoded=uplink.decoded_payload,
        rssi=best.rssi,
        snr=None if best.rssi is None else best.snr,
        gateways=len(uplink.rx_metadata),
        battery=uplink.last_battery_percentage.value if uplink.last_battery_percentage else None,
        lon=place.longitude if place else None,
        lat=place.latitude if place else None,
        simulated=message.simulated,
    )


def _decode(body: bytes) -> _Message:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _refuse_unreadable(body)
        text, _, path = str(error).partition(" - at `")
        raise _invalid(_field(path.rstrip("`")), text) from None


def _refuse_unreadable(body: bytes) -> None:
    """Raises BadRequest for what is no JSON at all, and Invalid where only a number is not one."""
    _refuse_not_finite(body)
    try:
        msgspec.json.decode(body)
    except msgspec.ValidationError:
        return
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise BadRequest(f"The body is no JSON: {text}.", fields=(FieldError("body", text),)) from None


def _field(path: str) -> str:
    """`$.uplink_message.f_cnt` as `uplink_message.f_cnt`; the missing field itself is named where msgspec names it."""
    return path.removeprefix("$").removeprefix(".") or "body"


def _invalid(field: str, message: str) -> Invalid:
    missing = re.fullmatch(r"Object missing required field `(\w+)`", message)
    if missing:
        field, message = f"{field}.{missing[1]}".removeprefix("body."), "is missing"
    return Invalid("The message cannot be accepted.", fields=(FieldError(field, message),))


def _refuse_not_finite(body: bytes) -> None:
    """Name the field where the body is JSON but for NaN, Infinity or a number too large for 64 bits."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    for place in _walk(document):
        if isinstance(place.value, float) and not math.isfinite(place.value):
            raise _invalid(place.path, "is not a finite number") from None


def _check_values(decoded: Mapping[str, Any]) -> None:
    """What a database of texts and numbers cannot keep is refused: NUL characters, endless nesting."""
    prefix = "uplink_message.decoded_payload"
    for count, place in enumerate(_walk(decoded)):
        if count >= MOST_VALUES:
            raise _invalid(prefix, f"has more than {MOST_VALUES} values")
        if place.depth >= DEEPEST:
            raise _invalid(prefix, f"is nested more than {DEEPEST} levels deep")
        if "\x00" in place.step or (isinstance(place.value, str) and "\x00" in place.value):
            path = f"{prefix}.{place.path}".replace("\x00", "␀")
            raise _invalid(path, "contains a NUL character")


class _Place(NamedTuple):
    """A value inside a document; its path is written only when somebody asks, since keys can be long."""

    value: Any
    step: str = ""
    outer: "_Place | None" = None
    depth: int = 0

    @property
    def path(self) -> str:
        """`soil.levels[0]`, at most `LONGEST_PATH` signs."""
        steps: list[str] = []
        place: _Place | None = self
        while place is not None:
            steps.append(place.step[:LONGEST_PATH])
            place = place.outer
        return "".join(reversed(steps)).removeprefix(".")[:LONGEST_PATH]

    def inside(self) -> "Iterator[_Place]":
        """The values right below."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield _Place(value, f".{key}", self, self.depth + 1)
        elif isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield _Place(value, f"[{number}]", self, self.depth + 1)


def _walk(document: Any) -> Iterator[_Place]:
    """All values, depth first, without recursion; as far as somebody goes on asking."""
    todo: list[Iterator[_Place]] = [iter((_Place(document),))]
    while todo:
        place = next(todo[-1], None)
        if place is None:
            todo.pop()
            continue
        yield place
        todo.append(place.inside())


def _received_at(message: _Message, uplink: _UplinkMessage, now: datetime) -> datetime:
    if uplink.received_at is not None:
        return _plausible(uplink.received_at, "uplink_message.received_at", now)
    if message.received_at is not None:
        return _plausible(message.received_at, "received_at", now)
    raise _invalid("uplink_message.received_at", "is missing")


def _plausible(moment: datetime, field: str, now: datetime) -> datetime:
    if moment.tzinfo is None:
        raise _invalid(field, "has no time zone")
    if not EARLIEST <= moment <= now + FUTURE_TOLERANCE:
        raise _invalid(field, "lies in the future or before the year 2000")
    return moment.astimezone(UTC)


def _measured_at(uplink: _UplinkMessage, received_at: datetime) -> datetime:
    """The gateway's GPS time when it gave one that fits, else the time of reception.

    Gateways without a valid GPS fix are known to report nonsense, so a time further away than
    `GATEWAY_TOLERANCE` is not believed; one in the far future is refused, as every time is.
    """
    given = uplink.settings.time
    if given is None:
        return received_at
    given = _plausible(
        max(given, EARLIEST) if given.tzinfo else given, "uplink_message.settings.time", received_at
    )
    return given if abs(given - received_at) <= GATEWAY_TOLERANCE else received_at


def _key(ids: _DeviceIds, uplink: _UplinkMessage, received_at: datetime) -> str:
    """(dev_eui, session_key_id, f_cnt). Without a session the counter may start again, so the time stands for it."""
    device = ids.dev_eui.upper() or ids.device_id
    session = uplink.session_key_id or f"@{received_at.isoformat()}"
    return f"{device}/{session}/{uplink.f_cnt}"
