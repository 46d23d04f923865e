"""The process between feed and broker: one at a time in the whole city, at least once in both directions."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg
from aiomqtt import Client, Message, MqttError
from django.conf import settings

from stadt.core.database.pool import own_parameters
from stadt.core.errors import ConfigurationError
from stadt.core.mqtt_address import Broker, broker_of
from stadt.hub.observations.feed import Cursor, find_place, read_feed
from stadt.hub.sta.mqtt.broker import client_of, subscribe_to_creations
from stadt.hub.sta.mqtt.incoming import take
from stadt.hub.sta.mqtt.outgoing import Topics
from stadt.hub.sta.mqtt.running import run_until_stopped
from stadt.hub.sta.mqtt.state import State, load, save
from stadt.hub.sta.mqtt.wire import WINDOW
from stadt.hub.sta.reading import Connection

logger = logging.getLogger("stadt.sta")

# Held by the session of the one bridge: whoever loses the database loses the place, and another takes it.
LOCK = "SELECT pg_try_advisory_lock(hashtextextended('sta.mqtt', 0))"
QUEUE_SECONDS = 5.0
POLL_SECONDS = 0.25
SAVE_SECONDS = 10.0
ROWS_AT_ONCE = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
ACKNOWLEDGE_SECONDS = 30.0
# At least once, as the place in the feed is kept; what asks for quality 2 is served as 1. A broker keeps a state for each
# message of quality 2 of a killed bridge, and the next one's numbers begin anew.
QUALITY = 1


@dataclass
class Bridge:
    """One bridge. `secret` is the token that observations are created with; without it none are taken."""

    broker: Broker
    topics: Topics
    base: str
    secret: str | None
    state: State = field(default_factory=State)
    publishes: bool = field(default=False, init=False)
    takes: bool = field(default=False, init=False)

    @property
    def is_ready(self) -> bool:
        """Whether the place in the feed is known and, where there is a token, the broker sends what creates."""
        return self.publishes and self.takes

    async def run(self) -> None:
        """Work until cancelled; broker and database may come and go."""
        while True:
            try:
                async with _alone() as connection:
                    self.state = await load(connection)
                    await self._serve(connection)
            except (psycopg.Error, OSError) as error:
                logger.warning("mqtt bridge: the database is away: %s", type(error).__name__)
                await asyncio.sleep(QUEUE_SECONDS)

    async def _serve(self, connection: Connection) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with client_of(self.broker, settings.STADT.url) as client:
                    logger.info("mqtt bridge: connected to %s", self.broker.address)
                    self.state.error, pause = "", FIRST_PAUSE
                    await save(connection, self.state)
                    await self._exchange(connection, client)
            except MqttError as error:
                self.state.error = " ".join(str(error).split())[:200]
                logger.warning("mqtt bridge: %s: %s", self.broker.address, self.state.error)
            await save(connection, self.state)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _exchange(self, connection: Connection, client: Client) -> None:
        """Publish and take until one of both ends, with its error."""
        tasks = [asyncio.create_task(self._publish(connection, client))]
        tasks.append(asyncio.create_task(self._take(client)))
        self.publishes = self.takes = False
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _publish(self, connection: Connection, client: Client) -> None:
        cursor = self.state.cursor or (await find_place(connection, None)).cursor
        self.state.move(cursor)
        await save(connection, self.state)
        self.publishes = True
        saved = 0.0
        loop = asyncio.get_running_loop()
        while True:
            part = await read_feed(connection, cursor, ROWS_AT_ONCE)
            if part.is_torn:
                self.state.gaps += 1
                logger.warning("mqtt bridge: some changes are no longer kept and were not published")
                cursor = Cursor(0)
            messages = await self.topics.messages(connection, part.changes, cursor)
            for start in range(0, len(messages), WINDOW):
                window = messages[start : start + WINDOW]
                await asyncio.gather(
                    *(
                        client.publish(item.topic, item.payload, QUALITY, timeout=ACKNOWLEDGE_SECONDS)
                        for item in window
                    )
                )
                self.state.published += len(window)
            cursor = part.cursor
            self.state.move(cursor)
            if messages or loop.time() - saved > SAVE_SECONDS:
                await save(connection, self.state)
                saved = loop.time()
            if len(part.changes) < ROWS_AT_ONCE - 1:
                await asyncio.sleep(POLL_SECONDS)

    async def _take(self, client: Client) -> None:
        """Acknowledge what is durable, in the order in which it came (MQTT 5, 4.6)."""
        if self.secret is not None:
            await subscribe_to_creations(client)
        self.takes = True
        async for first in client.messages:
            batch = [first, *_waiting(client)]
            # Without a token they are left in a session from before it was taken away.
            if self.secret is not None:
                await take(batch, self.secret, self.base, self.state)
            for message in batch:
                client._client.ack(message.mid, message.qos)


def _waiting(client: Client) -> list[Message]:
    """What else came meanwhile, so that it is committed together."""
    found: list[Message] = []
    with contextlib.suppress(asyncio.QueueEmpty):
        while len(found) < WINDOW - 1:
            found.append(client._queue.get_nowait())
    return found


@asynccontextmanager
async def _alone() -> AsyncIterator[Connection]:
    """A connection of one's own that holds the lock; waits until the bridge before has ended."""
    connection = await psycopg.AsyncConnection.connect(**own_parameters(), autocommit=True)
    async with connection:
        while True:
            row = await (await connection.execute(LOCK)).fetchone()
            if row is not None and row[0]:
                break
            await asyncio.sleep(QUEUE_SECONDS)
        yield connection


def bridge_of_settings() -> Bridge:
    """The bridge as the environment describes it.

    Raises:
        ConfigurationError: there is no broker, or a variable cannot be used.
    """
    environment = settings.STADT
    if not environment.mqtt_url:
        raise ConfigurationError(
            "STADT_MQTT_URL ist nicht gesetzt: Es gibt keinen Broker, mit dem zu sprechen wäre."
        )
    base = f"{environment.url}/sta/v1.1/"
    broker = broker_of(environment.mqtt_url)
    return Bridge(broker, Topics(base, environment.mqtt_topics), base, environment.mqtt_token)


def run_bridge() -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: see `bridge_of_settings`.
    """
    run_until_stopped(bridge_of_settings().run())
