"""A real Mosquitto for the tests, a stock client, and a bridge beside them."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiomqtt import Client as MqttClient
from tests.conformance.sta.events.listening import send

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

    from stadt.hub.sta.mqtt.bridge import Bridge

MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
PATIENCE = 20.0


@dataclass
class Mosquitto:
    """A broker on a port of this machine that can be stopped and started."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        assert MOSQUITTO is not None
        settings = self.folder / "mosquitto.conf"
        stored = f"persistence true\npersistence_location {self.folder}/\n"
        user = "user root\n" if os.geteuid() == 0 else ""
        settings.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n{stored}{user}", "utf-8")
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(settings)], stdout=log, stderr=log)
        log.close()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text("utf-8"))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None


def running(folder: Path) -> Iterator[Mosquitto]:
    """A broker as long as a module's tests; without Mosquitto they are skipped, or fail where it is demanded."""
    if MOSQUITTO is None:
        if os.environ.get("STADT_REQUIRE_BROKER") == "1":
            pytest.fail("mosquitto is missing", pytrace=False)
        pytest.skip("no mosquitto found: apt-get install mosquitto")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broker = Mosquitto(folder, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@asynccontextmanager
async def bridging(
    sta: "Client", url: str, token: str = "", topics: tuple[str, ...] = ()
) -> AsyncIterator["Bridge"]:
    """A bridge in this event loop, from now on."""
    from stadt.core.mqtt_address import broker_of
    from stadt.hub.sta.mqtt.bridge import Bridge
    from stadt.hub.sta.mqtt.outgoing import Topics

    base = "http://127.0.0.1:8000/sta/v1.1/"
    bridge = Bridge(broker_of(url), Topics(base, topics), base, sta.tokens.get(token))
    task = asyncio.create_task(bridge.run())
    try:
        await until(lambda: bridge.is_ready)
        yield bridge
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def told_topics(city: "City") -> tuple[str, ...]:
    """Sets, an entity, a property and a selection that `make_and_change` is told on, each once."""
    stream, thing = f"v1.1/Datastreams({city.open_stream})/Observations", f"v1.1/Things({city.open_thing})"
    selected = f"{stream}?$select=result,phenomenonTime"
    return stream, "v1.1/Observations", selected, "v1.1/Things", thing, f"{thing}/description"


async def make_and_change(sta: "Client", city: "City") -> dict[str, Any]:
    """Make an observation and change a thing; what is to be heard on each of `told_topics`."""
    stream, thing = f"/Datastreams({city.open_stream})/Observations", f"/Things({city.open_thing})"
    made = await send(sta, "POST", stream, {"result": 4.5, "phenomenonTime": "2026-03-01T00:00:00Z"})
    await send(sta, "PATCH", thing, {"description": "new"})
    whole = await send(sta, "GET", f"/Observations({made['@iot.id']})", None)
    changed = await send(sta, "GET", thing, None)
    selected = {"result": 4.5, "phenomenonTime": "2026-03-01T00:00:00Z"}
    expected = (whole, whole, selected, changed, changed, {"description": "new"})
    return dict(zip(told_topics(city), expected, strict=True))


async def until(condition: Any, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


@dataclass
class Subscriber:
    """A stock client that notes what it gets."""

    port: int
    topics: tuple[str, ...]
    quality: int = 1
    name: str = ""
    got: list[tuple[str, bytes, int]] = field(default_factory=list)

    async def __aenter__(self) -> "Subscriber":
        self._client = MqttClient(
            "127.0.0.1", self.port, identifier=self.name or None, clean_session=not self.name
        )
        await self._client.__aenter__()
        for topic in self.topics:
            await self._client.subscribe(topic, qos=self.quality)
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._client.__aexit__(None, None, None)

    async def _read(self) -> None:
        async for message in self._client.messages:
            assert isinstance(message.payload, bytes)
            self.got.append((str(message.topic), message.payload, message.qos))

    async def messages(self, count: int) -> list[tuple[str, bytes, int]]:
        """The first messages."""
        await until(lambda: len(self.got) >= count)
        return self.got
