"""MQTT 3.1.1 on the wire: what a client sends and what it is answered. Numbers in brackets are those of OASIS mqtt-v3.1.1."""

from asyncio import StreamReader
from enum import IntEnum
from typing import NamedTuple

LEVEL = 4
LONGEST_LENGTH = 4
REFUSED = 0x80


class BrokenPacket(Exception):
    """The client does not keep to the standard: its connection is closed without a word (4.8)."""


class UnknownVersion(Exception):
    """The client speaks another version of MQTT."""


class Kind(IntEnum):
    """The types of packets (2.2.1)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Answer(IntEnum):
    """What a CONNECT is answered (3.2.2.3)."""

    ACCEPTED = 0
    UNKNOWN_VERSION = 1
    NAME_REFUSED = 2
    UNAVAILABLE = 3
    WRONG_PASSWORD = 4
    NOT_ALLOWED = 5


# The lower four bits of the first byte, where they are fixed (2.2.2).
FLAGS = {Kind.PUBREL: 2, Kind.SUBSCRIBE: 2, Kind.UNSUBSCRIBE: 2}


class Packet(NamedTuple):
    """A packet as it came."""

    kind: Kind
    flags: int
    body: bytes


class Connect(NamedTuple):
    """What a client says of itself. A will is read and forgotten: nothing that a client says goes to another."""

    client: str
    is_clean: bool
    keep_alive: int
    user: str | None
    password: bytes | None


class Publish(NamedTuple):
    """A message of a client; `number` is 0 at quality 0."""

    topic: str
    number: int
    quality: int
    payload: bytes


async def read_packet(reader: StreamReader, most: int) -> Packet:
    """The next packet, with a body of at most `most` bytes.

    Raises:
        BrokenPacket: it is none, or larger.
        IncompleteReadError: the client is gone.
    """
    first = (await reader.readexactly(1))[0]
    size = 0
    for place in range(LONGEST_LENGTH):
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    else:
        raise BrokenPacket("the length has more than four bytes")
    if size > most:
        raise BrokenPacket("the packet is too large")
    try:
        kind = Kind(first >> 4)
    except ValueError:
        raise BrokenPacket("no such packet") from None
    flags = first & 0x0F
    if kind is not Kind.PUBLISH and flags != FLAGS.get(kind, 0):
        raise BrokenPacket("wrong flags")
    return Packet(kind, flags, await reader.readexactly(size))


class _Body:
    """Reads a body from its beginning; raises BrokenPacket where it says something else."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.place = 0

    @property
    def is_over(self) -> bool:
        return self.place == len(self.body)

    def take(self, size: int) -> bytes:
        found = self.body[self.place : self.place + size]
        if len(found) < size:
            raise BrokenPacket("the packet ends too early")
        self.place += size
        return found

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def data(self) -> bytes:
        return self.take(self.number(2))

    def text(self) -> str:
        try:
            found = self.data().decode()
        except UnicodeDecodeError:
            raise BrokenPacket("no UTF-8") from None
        if "\0" in found:
            raise BrokenPacket("a text with U+0000")  # [MQTT-1.5.3-2]
        return found

    def identifier(self) -> int:
        found = self.number(2)
        if not found:
            raise BrokenPacket("the packet identifier is 0")  # [MQTT-2.3.1-1]
        return found

    def rest(self) -> bytes:
        return self.take(len(self.body) - self.place)

    def end(self) -> None:
        if not self.is_over:
            raise BrokenPacket("the packet is longer than what it says")


def read_connect(packet: Packet) -> Connect:
    """The first packet of a client (3.1).

    Raises:
        UnknownVersion: it is of another version.
        BrokenPacket: it is no CONNECT, or not as it should be.
    """
    if packet.kind is not Kind.CONNECT:
        raise BrokenPacket("the first packet is no CONNECT")
    body = _Body(packet.body)
    name, level = body.text(), body.number(1)
    if name not in {"MQTT", "MQIsdp"}:
        raise BrokenPacket("another protocol")
    if (name, level) != ("MQTT", LEVEL):
        raise UnknownVersion
    flags, keep_alive = body.number(1), body.number(2)
    has_user, has_password, has_will = bool(flags & 0x80), bool(flags & 0x40), bool(flags & 0x04)
    will_quality = flags >> 3 & 3
    if flags & 1 or will_quality == 3 or (not has_will and flags & 0x38) or (has_password and not has_user):
        raise BrokenPacket("flags that contradict each other")
    client = body.text()
    if has_will:
        body.text()
        body.data()
    user = body.text() if has_user else None
    password = body.data() if has_password else None
    body.end()
    return Connect(client, bool(flags & 0x02), keep_alive, user, password)


def read_publish(packet: Packet) -> Publish:
    """A message (3.3). Raises BrokenPacket."""
    quality = packet.flags >> 1 & 3
    if quality == 3:
        raise BrokenPacket("quality 3")
    body = _Body(packet.body)
    topic = body.text()
    if not topic or "+" in topic or "#" in topic:
        raise BrokenPacket("a topic with wildcards")  # [MQTT-3.3.2-2]
    number = body.identifier() if quality else 0
    return Publish(topic, number, quality, body.rest())


def read_subscribe(packet: Packet) -> tuple[int, list[tuple[str, int]]]:
    """The identifier, and topics with the wished quality (3.8). Raises BrokenPacket."""
    body = _Body(packet.body)
    number = body.identifier()
    topics = []
    while not body.is_over:
        topic, quality = body.text(), body.number(1)
        if not topic or quality > 2:
            raise BrokenPacket("no topic, or a quality above 2")
        topics.append((topic, quality))
    if not topics:
        raise BrokenPacket("no topic")  # [MQTT-3.8.3-3]
    return number, topics


def read_unsubscribe(packet: Packet) -> tuple[int, list[str]]:
    """The identifier and topics (3.10). Raises BrokenPacket."""
    body = _Body(packet.body)
    number = body.identifier()
    topics = []
    while not body.is_over:
        topics.append(body.text())
    if not topics:
        raise BrokenPacket("no topic")
    return number, topics


def read_identifier(packet: Packet) -> int:
    """What a PUBACK, PUBREC, PUBREL or PUBCOMP is about. Raises BrokenPacket."""
    body = _Body(packet.body)
    number = body.identifier()
    body.end()
    return number


def packet(kind: Kind, body: bytes = b"", flags: int = 0) -> bytes:
    """A packet to send."""
    head = bytearray([kind << 4 | flags])
    size = len(body)
    while True:
        size, byte = size >> 7, size & 0x7F
        head.append(byte | 0x80 if size else byte)
        if not size:
            return bytes(head) + body


def connack(answer: Answer) -> bytes:
    """Never with a session from before: none is kept."""
    return packet(Kind.CONNACK, bytes([0, answer]))


def answer_to(kind: Kind, number: int, more: bytes = b"") -> bytes:
    """A packet that answers the one of this identifier."""
    return packet(kind, number.to_bytes(2, "big") + more, FLAGS.get(kind, 0))


def publish(topic: str, payload: bytes, number: int = 0) -> bytes:
    """A message of quality 0, or of quality 1 with an identifier."""
    name = topic.encode()
    head = len(name).to_bytes(2, "big") + name
    if number:
        head += number.to_bytes(2, "big")
    return packet(Kind.PUBLISH, head + payload, 2 if number else 0)
