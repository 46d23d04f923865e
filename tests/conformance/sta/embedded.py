"""The city's own broker in the event loop of the tests, and a stock client that speaks MQTT 3.1.1 to it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aiomqtt import Client as MqttClient
from aiomqtt import ProtocolVersion
from tests.conformance.sta.events.listening import run
from tests.conformance.sta.mosquitto import until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.conformance.sta.conftest import Client

    from stadt.hub.sta.mqtt.embedded.server import Broker

BASE = "http://127.0.0.1:8000/sta/v1.1/"


def prepare(folder: "Path", monkeypatch: "pytest.MonkeyPatch") -> int:
    """A lock and a port of the test's own, and a feed that is looked at more often; the result is the port."""
    from django.conf import settings

    from stadt.hub.sta.live import tail
    from stadt.hub.sta.mqtt import incoming
    from stadt.hub.sta.mqtt.embedded import client, presence

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, mqtt_port=port))
    monkeypatch.setattr(presence, "LOCK", str(folder / "mqtt.lock"))
    monkeypatch.setattr(tail, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(incoming, "PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.1)
    return port


@asynccontextmanager
async def broking(port: int) -> AsyncIterator["Broker"]:
    """A broker while the block runs."""
    from stadt.hub.sta.mqtt.embedded.server import Broker

    broker = Broker(port, BASE)
    task = asyncio.create_task(broker.run())
    try:
        await until(lambda: broker.is_ready)
        yield broker
    finally:
        await end(task)


async def end(task: "asyncio.Task[None]") -> None:
    """Stop a broker and forget its figures."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await run("DELETE FROM core_setting WHERE key LIKE 'sta.mqtt.%%'")


def client_for(sta: "Client", port: int, token: str = "", **more: Any) -> MqttClient:
    """A stock client; `token` is a name in `sta.tokens`, or a secret."""
    known = {"username": "token", "password": sta.tokens.get(token, token)} if token else {}
    given: dict[str, Any] = {"protocol": ProtocolVersion.V311} | known | more
    return MqttClient("127.0.0.1", port, **given)


async def publish(
    sta: "Client", port: int, topic: str, body: Any, token: str = "", quality: int = 1, **more: Any
) -> None:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client_for(sta, port, token) as client:
        await client.publish(topic, payload, qos=quality, **more)


@dataclass
class Ear:
    """A subscriber that notes what it gets; `codes` are what its subscriptions were answered."""

    sta: "Client"
    port: int
    topics: tuple[str, ...]
    token: str = ""
    quality: int = 1
    got: list[tuple[str, Any]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    async def __aenter__(self) -> "Ear":
        self.client = client_for(self.sta, self.port, self.token)
        await self.client.__aenter__()
        await self.listen(*self.topics)
        self._task = asyncio.create_task(self._read())
        return self

    async def listen(self, *topics: str) -> list[int]:
        """Subscribe to more; 128 is a refusal."""
        codes = [code for topic in topics for code in await self.client.subscribe(topic, qos=self.quality)]
        self.codes += [code if isinstance(code, int) else code.value for code in codes]
        return self.codes[-len(topics) :]

    async def __aexit__(self, *error: Any) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self.client.__aexit__(None, None, None)
        except Exception as left:
            if not isinstance(left, OSError) and "isconnect" not in str(left):
                raise

    async def _read(self) -> None:
        async for message in self.client.messages:
            assert isinstance(message.payload, bytes)
            assert not message.retain
            self.got.append((str(message.topic), json.loads(message.payload)))

    async def messages(self, count: int) -> list[tuple[str, Any]]:
        """The first messages."""
        await until(lambda: len(self.got) >= count)
        return self.got
