"""One client of the city's own broker, from its acceptance on: what it publishes, what it hears, and until when it may."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from stadt.core.errors import StadtError, Unavailable
from stadt.core.tokens import find_actor_async
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.live.tail import tail
from stadt.hub.sta.mqtt.embedded import packets
from stadt.hub.sta.mqtt.embedded.packets import BrokenPacket, Kind, Packet, Publish
from stadt.hub.sta.mqtt.embedded.topics import MOST_TOPICS, Topic, due, open_topic
from stadt.hub.sta.mqtt.incoming import AWAY, settle
from stadt.hub.sta.mqtt.state import State
from stadt.hub.sta.mqtt.wire import LARGEST_MESSAGE, WINDOW

logger = logging.getLogger("stadt.sta")

# Topic, identifier and a message. Who may not create anything has no large messages to send.
LARGEST_PACKET = LARGEST_MESSAGE + 70_000
LARGEST_OF_NAMELESS = 70_000
RIGHTS_SECONDS = 30.0
# So long a client may take to read on, or to acknowledge; then it is slow and goes.
WRITING_SECONDS = 60.0
LISTENING_SECONDS = 15.0
PAUSE_SECONDS = 2.0
# What came before a client left is still stored within this time.
LEAVING_SECONDS = 5.0
MOST_SLOW_LOOKS = 3


class Gone(Exception):
    """The client has left, or has to."""


@dataclass(eq=False)
class Client:
    """An accepted client. `secret` is its token, empty for anybody; `state` counts what became of its messages."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    secret: str
    viewer: Visibility
    keep_alive: int
    base: str
    state: State
    topics: dict[str, Topic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._has_topics = asyncio.Event()
        self._writing = asyncio.Lock()
        self._coming = asyncio.Semaphore(WINDOW)
        self._creations: asyncio.Queue[tuple[Publish, asyncio.Task[None] | None]] = asyncio.Queue()
        self._unreleased: set[int] = set()
        self._going = asyncio.Semaphore(WINDOW)
        self._unacknowledged: set[int] = set()
        self._number = 0
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Serve until somebody ends it. Nothing that a client does raises here."""
        works: tuple[Coroutine[Any, Any, None], ...] = (
            self._read(),
            self._acknowledge(),
            self._deliver(),
            self._watch_rights(),
        )
        reading, acknowledging, *others = (asyncio.create_task(work) for work in works)
        over = asyncio.create_task(self._wait_for_end())
        try:
            await asyncio.wait({reading, acknowledging, *others, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reading, over, *others):
                task.cancel()
            await _note(reading, over, *others)
            await self._finish(acknowledging)

    def end(self) -> None:
        """Tell it to go, such as when the same client has come again."""
        self._over.set()

    async def _wait_for_end(self) -> None:
        await self._over.wait()

    async def _finish(self, acknowledging: "asyncio.Task[None]") -> None:
        """Store what came before the client left; who sends at quality 0 leaves at once."""
        if not acknowledging.done():
            waiting = asyncio.create_task(self._creations.join())
            await asyncio.wait(
                {waiting, acknowledging}, timeout=LEAVING_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
        acknowledging.cancel()
        await _note(acknowledging)
        while not self._creations.empty():
            _, task = self._creations.get_nowait()
            if task is not None:
                task.cancel()

    # What comes.

    async def _read(self) -> None:
        patience = self.keep_alive * 1.5 or None  # [MQTT-3.1.2-24]
        most = LARGEST_PACKET if self.secret else LARGEST_OF_NAMELESS
        while True:
            async with asyncio.timeout(patience):
                packet = await packets.read_packet(self.reader, most)
            await self._handle(packet)

    async def _handle(self, packet: Packet) -> None:
        match packet.kind:
            case Kind.PUBLISH:
                await self._take(packets.read_publish(packet))
            case Kind.SUBSCRIBE:
                await self._subscribe(packet)
            case Kind.UNSUBSCRIBE:
                number, names = packets.read_unsubscribe(packet)
                for name in names:
                    self.topics.pop(name, None)
                await self._write(packets.answer_to(Kind.UNSUBACK, number))
            case Kind.PUBACK:
                number = packets.read_identifier(packet)
                if number in self._unacknowledged:
                    self._unacknowledged.remove(number)
                    self._going.release()
            case Kind.PUBREL:
                number = packets.read_identifier(packet)
                self._unreleased.discard(number)
                await self._write(packets.answer_to(Kind.PUBCOMP, number))
            case Kind.PINGREQ:
                await self._write(packets.packet(Kind.PINGRESP))
            case Kind.DISCONNECT:
                raise Gone
            case _:
                raise BrokenPacket("a packet that no client sends now")

    async def _take(self, message: Publish) -> None:
        """Begin to store a message; waits while there are too many on their way."""
        await self._coming.acquire()
        task = None
        if message.quality < 2 or message.number not in self._unreleased:
            if message.quality == 2:
                self._unreleased.add(message.number)
            task = asyncio.create_task(self._create(message))
        self._creations.put_nowait((message, task))

    async def _create(self, message: Publish) -> None:
        if not self.secret:
            self.state.refused += 1
            return
        while not await settle(message.topic, message.payload, self.secret, self.base, self.state):
            await asyncio.sleep(PAUSE_SECONDS)

    async def _acknowledge(self) -> None:
        """Acknowledge what is durable or refused for good, in the order in which it came [MQTT-4.6.0-2]."""
        is_gone = False
        while True:
            message, task = await self._creations.get()
            try:
                if task is not None:
                    await task
                if message.quality and not is_gone:
                    kind = Kind.PUBACK if message.quality == 1 else Kind.PUBREC
                    await self._write(packets.answer_to(kind, message.number))
            except (OSError, TimeoutError):
                is_gone = True  # what else came is stored all the same
            finally:
                self._creations.task_done()
                self._coming.release()

    async def _subscribe(self, packet: Packet) -> None:
        number, wished = packets.read_subscribe(packet)
        codes = bytearray()
        for name, quality in wished:
            codes.append(await self._listen(name, quality))
        await self._write(packets.answer_to(Kind.SUBACK, number, bytes(codes)))
        if self.topics:
            self._has_topics.set()

    async def _listen(self, name: str, quality: int) -> int:
        """The quality at which a topic is served, or that it is refused. Why is not said: MQTT 3.1.1 has no words for it."""
        if name not in self.topics and len(self.topics) >= MOST_TOPICS:
            return packets.REFUSED
        try:
            topic = await open_topic(name, quality, self.viewer, self.base, tail())
        except (StadtError, RecursionError):
            return packets.REFUSED
        except Exception as error:
            if not isinstance(error, AWAY):
                logger.exception("a topic cannot be listened to")
            return packets.REFUSED
        self.topics[name] = topic
        return topic.quality

    # What goes.

    async def _deliver(self) -> None:
        while True:
            await self._has_topics.wait()
            async with tail().listening():
                await self._follow()
            self._has_topics.clear()

    async def _follow(self) -> None:
        slow = 0
        while self.topics:
            cursor = min(topic.cursor for topic in self.topics.values())
            try:
                part = await tail().after(cursor, LISTENING_SECONDS)
                if part.is_torn:
                    self.state.gaps += 1
                for topic in list(self.topics.values()):
                    if topic.cursor < part.cursor:
                        found = await due(topic, part.changes, tail())
                        await self._send_all(topic, found)
                        topic.cursor = part.cursor
                slow = 0
            except Unavailable as error:
                slow += isinstance(error.__cause__, TimeoutError)
                if slow >= MOST_SLOW_LOOKS:
                    raise Gone from None  # what it asks for takes longer than one may take
                await asyncio.sleep(PAUSE_SECONDS)

    async def _send_all(self, topic: Topic, found: list[bytes]) -> None:
        for message in found:
            if self.topics.get(topic.name) is not topic:
                return  # unsubscribed meanwhile
            number = await self._next_number() if topic.quality else 0
            await self._write(packets.publish(topic.name, message, number))
            self.state.published += 1

    async def _next_number(self) -> int:
        """An identifier, when fewer than `WINDOW` are waited for."""
        async with asyncio.timeout(WRITING_SECONDS):
            await self._going.acquire()
        while True:
            self._number = self._number % 0xFFFF + 1
            if self._number not in self._unacknowledged:
                self._unacknowledged.add(self._number)
                return self._number

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(WRITING_SECONDS), self._writing:
            self.writer.write(data)
            await self.writer.drain()

    async def _watch_rights(self) -> None:
        """Return when the client may not see any more what it sees, or its token is no longer known."""
        while True:
            await asyncio.sleep(RIGHTS_SECONDS)
            if not self.secret:
                continue
            try:
                actor = await find_actor_async(self.secret, "mqtt")
            except (StadtError, *AWAY):
                continue
            if actor is None or Visibility.of(actor) != self.viewer:
                return


async def _note(*tasks: "asyncio.Task[None]") -> None:
    """Wait for the ends of tasks; what no client should cause is logged."""
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception) and not isinstance(
            end, (Gone, BrokenPacket, TimeoutError, OSError, EOFError)
        ):
            logger.error("mqtt client failed", exc_info=end)
