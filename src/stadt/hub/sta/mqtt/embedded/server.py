"""The process of the city's own broker: listens on this machine, lets clients in, and says how it goes."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field, replace

import psycopg
from django.conf import settings
from psycopg_pool import PoolTimeout

from stadt.core.database.pool import async_pool
from stadt.core.errors import ConfigurationError, StadtError, Unavailable
from stadt.core.tokens import find_actor_async
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.mqtt.embedded import packets, presence
from stadt.hub.sta.mqtt.embedded.client import Client
from stadt.hub.sta.mqtt.embedded.limits import NAMELESS, Places
from stadt.hub.sta.mqtt.embedded.packets import Answer, BrokenPacket, Connect, UnknownVersion
from stadt.hub.sta.mqtt.incoming import AWAY
from stadt.hub.sta.mqtt.running import run_until_stopped
from stadt.hub.sta.mqtt.state import State, load, save

logger = logging.getLogger("stadt.sta")

USER = "token"
CONNECT_SECONDS = 10.0
LARGEST_CONNECT = 200_000
RETRY_SECONDS = 15.0
SAVE_SECONDS = 10.0
CLOSING_SECONDS = 5.0


@dataclass
class Broker:
    """A broker on one port of this machine."""

    port: int
    base: str
    state: State = field(default_factory=State)
    is_ready: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._places = Places()
        self._clients: dict[tuple[str, str], Client] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen until cancelled; while the port is taken the city goes on without."""
        with contextlib.suppress(psycopg.Error, PoolTimeout, OSError, StadtError):
            async with async_pool().connection() as connection:
                self.state = replace(await load(connection, presence.key()), error="")
        while True:
            try:
                server = await asyncio.start_server(self._connected, presence.HOST, self.port)
                with contextlib.ExitStack() as held:
                    try:
                        held.enter_context(presence.listening())
                        await self._serve()
                    finally:
                        self.is_ready = False
                        server.close()
                        await self._end_all()
            except OSError as error:
                reason = error.strerror or type(error).__name__
                if reason != self.state.error:
                    logger.warning("mqtt broker: port %d: %s", self.port, reason)
                self.state.error = reason
            await self._save()
            await asyncio.sleep(RETRY_SECONDS)

    async def _serve(self) -> None:
        self.state.error = ""
        self.is_ready = True
        logger.info("mqtt broker: listens on %s", self.port)
        while True:
            await self._save()
            await asyncio.sleep(SAVE_SECONDS)

    async def _save(self) -> None:
        with contextlib.suppress(psycopg.Error, PoolTimeout, OSError, StadtError):
            async with async_pool().connection() as connection:
                await save(connection, self.state, presence.key())

    async def _end_all(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - the server makes one for each connection
        self._tasks.add(task)
        try:
            await self._accept(reader, writer)
        except (BrokenPacket, TimeoutError, OSError, EOFError):
            self.state.broken += 1
        except asyncio.CancelledError:
            pass  # the broker ends; a server's task that is cancelled would be told as an error
        except Exception:
            # Whatever a client does, the others are served on.
            logger.exception("mqtt connection failed")
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await writer.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with self._places.stranger():
                async with asyncio.timeout(CONNECT_SECONDS):
                    packet = await packets.read_packet(reader, LARGEST_CONNECT)
                    connect = packets.read_connect(packet)
                    secret, who, viewer = await _find_client(connect)
            with self._places.client(who):
                client = Client(reader, writer, secret, viewer, connect.keep_alive, self.base, self.state)
                await self._run(client, who, connect.client)
        except UnknownVersion:
            await _refuse(writer, Answer.UNKNOWN_VERSION)
        except _Refused as refused:
            await _refuse(writer, refused.answer)
        except Unavailable:
            await _refuse(writer, Answer.UNAVAILABLE)

    async def _run(self, client: Client, who: str, name: str) -> None:
        """Serve a client; the same one from before has to go [MQTT-3.1.4-2], but never that of another token."""
        place = (who, name)
        if name and place in self._clients:
            self._clients[place].end()
        if name:
            self._clients[place] = client
        try:
            client.writer.write(packets.connack(Answer.ACCEPTED))
            await client.run()
        finally:
            if self._clients.get(place) is client:
                del self._clients[place]


class _Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


async def _find_client(connect: Connect) -> tuple[str, str, Visibility]:
    """The token, the name among the places, and what may be seen.

    Raises:
        _Refused: user or token is wrong, or a session is to be kept of a client without a name.
        Unavailable: the database is away.
    """
    if not connect.client and not connect.is_clean:
        raise _Refused(Answer.NAME_REFUSED)  # [MQTT-3.1.3-8]
    if connect.user is None:
        return "", NAMELESS, Visibility.PUBLIC
    if connect.user != USER:
        raise _Refused(Answer.WRONG_PASSWORD)
    secret = (connect.password or b"").decode("ascii", "replace")
    try:
        actor = await find_actor_async(secret, "mqtt")
    except AWAY as error:
        raise Unavailable from error
    if actor is None:
        raise _Refused(Answer.WRONG_PASSWORD)
    return secret, f"{actor.kind} {actor.identifier}", Visibility.of(actor)


async def _refuse(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(packets.connack(answer))
    async with asyncio.timeout(CONNECT_SECONDS):
        await writer.drain()


def broker_of_settings() -> Broker:
    """The broker as the environment describes it.

    Raises:
        ConfigurationError: there is to be none.
    """
    environment = settings.STADT
    if environment.mqtt_url:
        raise ConfigurationError(
            "STADT_MQTT_URL nennt einen Broker: Mit ihm spricht „stadt mqtt“, und die Stadt braucht keinen eigenen."
        )
    if not environment.mqtt_port:
        raise ConfigurationError("STADT_MQTT_PORT ist 0: Die Stadt soll keinen eigenen MQTT-Broker haben.")
    return Broker(environment.mqtt_port, f"{environment.url}/sta/v1.1/")


def run_broker() -> None:
    """Work until SIGTERM or SIGINT. Raises ConfigurationError: see `broker_of_settings`."""
    run_until_stopped(broker_of_settings().run())
