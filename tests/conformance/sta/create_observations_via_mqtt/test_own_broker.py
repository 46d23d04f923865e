"""http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation, with the city's own broker"""

import asyncio
import fcntl
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiomqtt import MqttError, ProtocolVersion
from tests.conformance.sta.create_observations_via_mqtt.test_observations_creation import (
    BAD,
    failing,
    results,
)
from tests.conformance.sta.embedded import broking, client_for, end, prepare, publish
from tests.conformance.sta.events.listening import of_stream, play
from tests.conformance.sta.mosquitto import until

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    return prepare(tmp_path, monkeypatch)


def test_a_message_with_a_token_creates_an_observation(sta: "Client", city: "City", port: int) -> None:
    path = f"v1.1{of_stream(city.closed_stream)}"

    async def scene() -> None:
        async with broking(port) as broker:
            linked = {"result": "named", "Datastream": {"@iot.id": city.closed_stream}}
            await publish(sta, port, "v1.1/Observations", linked, "writer")
            await publish(sta, port, path, {"result": "twice"}, "writer", 2)
            await publish(sta, port, path, {"result": "at once"}, "writer", 0)
            await until(lambda: broker.state.created == 3)
            assert set((await results(sta, city.closed_stream))[:3]) == {"named", "twice", "at once"}

    play(sta, scene)


def test_many_messages_of_one_client_are_all_stored(sta: "Client", city: "City", port: int) -> None:
    path = f"v1.1{of_stream(city.open_stream)}"

    async def scene() -> None:
        async with broking(port) as broker, client_for(sta, port, "writer") as client:
            client.pending_calls_threshold = 1000
            await asyncio.gather(
                *(client.publish(path, f'{{"result": {number}}}', qos=number % 3) for number in range(300))
            )
            await until(lambda: broker.state.created == 300)

    play(sta, scene)


def test_the_clients_token_binds_what_it_may_create(sta: "Client", city: "City", port: int) -> None:
    path = f"v1.1{of_stream(city.closed_stream)}"

    async def scene() -> None:
        before = await results(sta, city.closed_stream)
        async with broking(port) as broker:
            for refused, token in enumerate(("", "reader", "stranger"), start=1):
                await publish(sta, port, path, {"result": "forbidden"}, token)
                assert (broker.state.created, broker.state.refused) == (0, refused)
        assert await results(sta, city.closed_stream) == before

    play(sta, scene)


@pytest.mark.parametrize(
    "known",
    [
        {"username": "token", "password": "stadt_wrong"},
        {"username": "token", "password": ""},
        {"username": "token"},
        {"username": "admin", "password": "writer"},
        {"username": "token", "password": "ä\u2028"},
        {"protocol": ProtocolVersion.V5},
    ],
)
def test_a_wrong_token_or_another_version_is_refused(
    sta: "Client", city: "City", port: int, known: dict[str, Any]
) -> None:
    async def scene() -> None:
        async with broking(port):
            given = {**known, "password": sta.tokens.get(known.get("password", ""), known.get("password"))}
            with pytest.raises(MqttError):
                async with client_for(sta, port, **given):
                    pass
            async with client_for(sta, port, "writer"):
                pass

    play(sta, scene)


def test_bad_messages_are_counted_and_harm_nothing(sta: "Client", city: "City", port: int) -> None:
    async def scene() -> None:
        async with broking(port) as broker, client_for(sta, port, "writer") as client:
            for body, topic in BAD:
                await client.publish(topic, body, qos=1)
            assert broker.state.refused == len(BAD)
            await client.publish(f"v1.1{of_stream(city.open_stream)}", b'{"result": "good"}', qos=1)
            assert broker.state.created == 1
            assert (await results(sta, city.open_stream))[0] == "good"

    play(sta, scene)


@pytest.mark.parametrize("kind", ["refused", "driver"])
def test_a_message_is_acknowledged_only_when_it_is_durable(
    sta: "Client", city: "City", port: int, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    from stadt.hub.sta.mqtt import incoming

    tried: list[Any] = []

    async def away(*arguments: Any) -> int:
        tried.append(arguments)
        raise failing(kind)

    async def scene() -> None:
        path = f"v1.1{of_stream(city.open_stream)}"
        async with broking(port) as broker, client_for(sta, port, "writer") as client:
            with monkeypatch.context() as broken:
                broken.setattr(incoming, "create_at", away)
                sending = asyncio.create_task(client.publish(path, f'{{"result": "{kind}"}}', qos=1))
                await until(lambda: len(tried) > 2)
                assert not sending.done()
            await sending
            assert (broker.state.created, broker.state.refused) == (1, 0)
            assert (await results(sta, city.open_stream))[0] == kind

    play(sta, scene)


CONNECT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01x"
BROKEN = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x00" * 20,
    b"\x10\xff\xff\xff\xff\xff",
    b"\x10\x02\x00\x04",
    CONNECT.replace(b"\x04\x02\x00", b"\x04\x03\x00"),  # the reserved flag
    CONNECT + CONNECT,
    CONNECT + b"\x80\x06\x00\x01\x00\x01a\x01",  # SUBSCRIBE without its flags
    CONNECT + b"\x82\x06\x00\x01\x00\x01a\x03",  # quality 3
    CONNECT + b"\x82\x06\x00\x00\x00\x01a\x01",  # identifier 0
    CONNECT + b"\x82\x02\x00\x01",  # no topic
    CONNECT + b"\x30\x05\x00\x03a/#",
    CONNECT + b"\x36\x05\x00\x01a\x00\x01",  # quality 3
    CONNECT + b"\x30\x04\x00\x02\xff\xfe",  # no UTF-8
    CONNECT + b"\x30\xff\xff\xff\x7f" + b"x" * 100,  # 256 MB are announced
    CONNECT + b"\xf0\x00",
    CONNECT + b"\x20\x02\x00\x00",
]


@pytest.mark.parametrize("data", BROKEN)
def test_a_client_that_breaks_the_standard_is_cut_off_and_harms_nobody(
    sta: "Client", city: "City", port: int, data: bytes
) -> None:
    async def scene() -> None:
        async with broking(port), client_for(sta, port, "writer") as other:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(data)
            async with asyncio.timeout(10):
                assert await reader.read() in {b"", b"\x20\x02\x00\x00"}
            writer.close()
            await other.publish(f"v1.1{of_stream(city.open_stream)}", b'{"result": 1}', qos=1)

    play(sta, scene)


def test_a_client_that_comes_again_replaces_itself_but_nobody_elses(
    sta: "Client", city: "City", port: int
) -> None:
    async def scene() -> None:
        async with broking(port):
            first = client_for(sta, port, "writer", identifier="same", clean_session=False)
            await first.__aenter__()
            async with (
                client_for(sta, port, identifier="same"),
                client_for(sta, port, "reader", identifier="same"),
            ):
                await first.subscribe("v1.1/Things")
            async with client_for(sta, port, "writer", identifier="same"):
                async with asyncio.timeout(10):
                    with pytest.raises(MqttError):
                        await anext(aiter(first.messages))
            await first.__aexit__(None, None, None)

    play(sta, scene)


def test_a_token_has_at_most_so_many_clients(sta: "Client", city: "City", port: int) -> None:
    from contextlib import AsyncExitStack

    from stadt.hub.sta.mqtt.embedded.limits import MOST_OF_ONE

    async def scene() -> None:
        async with broking(port), AsyncExitStack() as clients:
            for _ in range(MOST_OF_ONE):
                await clients.enter_async_context(client_for(sta, port, "writer"))
            with pytest.raises(MqttError):
                await clients.enter_async_context(client_for(sta, port, "writer"))
            await clients.enter_async_context(client_for(sta, port, "reader"))

    play(sta, scene)


def test_a_broker_whose_port_is_taken_waits_for_it(
    sta: "Client", city: "City", port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta.mqtt.embedded import presence, server

    monkeypatch.setattr(server, "RETRY_SECONDS", 0.05)
    broker = server.Broker(port, "http://127.0.0.1:8000/sta/v1.1/")

    async def scene() -> None:
        with socket.create_server(("127.0.0.1", port)):
            task = asyncio.create_task(broker.run())
            await until(lambda: broker.state.error)
            assert not presence.is_listening()
        await until(lambda: broker.is_ready)
        assert presence.is_listening()
        assert not broker.state.error
        await end(task)

    play(sta, scene)


def test_doctor_tells_that_the_broker_of_a_running_city_does_not_listen(
    sta: "Client", city: "City", port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta.mqtt.embedded import presence
    from stadt.hub.sta.mqtt.state import find_trouble

    lock = tmp_path / "lock"
    monkeypatch.setattr(presence, "CITY_LOCK", str(lock))

    async def scene() -> None:
        async with broking(port):
            assert not presence.is_missed()
        assert presence.is_missed()

    assert find_trouble() is None  # no city runs here
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert find_trouble() is None  # it has just started
        os.utime(lock, (0, 0))
        assert str(port) in (find_trouble() or "")
        play(sta, scene)
