"""http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation"""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from aiomqtt import Client as MqttClient
from tests.conformance.sta.events.listening import of_stream, play, run, send
from tests.conformance.sta.mosquitto import Subscriber, bridging, until

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client
    from tests.conformance.sta.mosquitto import Mosquitto

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_bridge(sta: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.hub.sta.mqtt import bridge, incoming

    monkeypatch.setattr(bridge, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(bridge, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(incoming, "PAUSE_SECONDS", 0.1)
    play(sta, forget)


async def forget() -> None:
    await run("DELETE FROM core_setting WHERE key = 'sta.mqtt'")


def failing(kind: str) -> "Exception":
    from django.db import OperationalError
    from psycopg import OperationalError as DriverError
    from psycopg_pool import PoolTimeout

    from stadt.core.errors import Unavailable

    errors = {"refused": Unavailable(), "driver": DriverError("gone"), "pool": PoolTimeout("none")}
    return errors.get(kind) or OperationalError("gone")


async def publish(broker: "Mosquitto", topic: str, body: Any, quality: int = 1) -> None:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with MqttClient("127.0.0.1", broker.port) as client:
        await client.publish(topic, payload, qos=quality)


async def results(sta: "Client", stream: int) -> list[Any]:
    path = of_stream(stream, "?$orderby=id%20desc&$top=20&$select=result")
    return [item["result"] for item in (await send(sta, "GET", path, None))["value"]]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation"
)
def test_a_message_to_observations_or_below_a_datastream_creates_one(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        async with bridging(sta, mosquitto.url, "writer") as bridge:
            linked = {"result": "named", "Datastream": {"@iot.id": city.closed_stream}}
            await publish(mosquitto, "v1.1/Observations", linked)
            await publish(mosquitto, f"v1.1{of_stream(city.closed_stream)}", {"result": "below"}, 2)
            await publish(
                mosquitto, f"v1.1{of_stream(city.closed_stream)}", {"result": "deep", "resultQuality": 1}, 0
            )
            await until(lambda: bridge.state.created == 3)
            assert set((await results(sta, city.closed_stream))[:3]) == {"named", "below", "deep"}

    play(sta, scene)


def test_the_token_of_the_bridge_binds_what_may_be_created(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        before = await results(sta, city.closed_stream)
        for token in ("stranger", "reader"):
            await forget()
            async with bridging(sta, mosquitto.url, token) as bridge:
                await publish(mosquitto, f"v1.1{of_stream(city.closed_stream)}", {"result": "forbidden"})
                await until(lambda bridge=bridge: bridge.state.refused >= 1)
                assert bridge.state.created == 0
        assert await results(sta, city.closed_stream) == before

    play(sta, scene)


def test_without_a_token_nothing_is_created(sta: "Client", city: "City", mosquitto: "Mosquitto") -> None:
    async def scene() -> None:
        before = await results(sta, city.open_stream)
        async with bridging(sta, mosquitto.url):
            await publish(mosquitto, f"v1.1{of_stream(city.open_stream)}", {"result": "nobody"})
            await asyncio.sleep(0.5)
        assert await results(sta, city.open_stream) == before

    play(sta, scene)


BAD = [
    (b"", "v1.1/Observations"),
    (b"\xff\x00", "v1.1/Observations"),
    (b"{", "v1.1/Observations"),
    (b"[" * 20_000, "v1.1/Observations"),
    (b"[]", "v1.1/Observations"),
    (b'{"result": 1}', "v1.1/Observations"),
    (b'{"result": 1, "Datastream": {"@iot.id": 99999999}}', "v1.1/Observations"),
    (b'{"result": 1e999}', "v1.1/Datastreams(1)/Observations"),
    (b'{"result": "\\u0000"}', "v1.1/Datastreams(1)/Observations"),
    (b'{"result": 1}', "v1.1/Datastreams(0)/Observations"),
    (b'{"result": 1}', "v1.1/Things(1)/Observations"),
    (b'{"result": 1}', "v1.1/FeaturesOfInterest(1)/Observations"),
    (b'{"result": 1}', "v1.1/Datastreams('; DROP TABLE')/Observations"),
    (b'{"name": 1}' * 90_000, "v1.1/Observations"),
]


def test_bad_messages_are_counted_and_harm_nothing(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        async with bridging(sta, mosquitto.url, "writer") as bridge:
            for body, topic in BAD:
                await publish(mosquitto, topic, body)
            await publish(mosquitto, f"v1.1{of_stream(city.open_stream)}", {"result": "good"})
            await until(lambda: bridge.state.created == 1)
            assert bridge.state.refused == len(BAD)
            assert (await results(sta, city.open_stream))[0] == "good"

    play(sta, scene)


def test_what_is_published_does_not_come_back_as_a_creation(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        path = of_stream(city.open_stream)
        subscriber = Subscriber(mosquitto.port, (f"v1.1{path}",))
        async with bridging(sta, mosquitto.url, "writer") as bridge, subscriber as heard:
            made = await send(sta, "POST", path, {"result": "once"})
            await heard.messages(1)
            whole = await send(sta, "GET", f"/Observations({made['@iot.id']})", None)
            await publish(mosquitto, f"v1.1{path}", whole)  # as another bridge would carry it in a circle
            await until(lambda: bridge.state.repeated == 1)
            await publish(mosquitto, f"v1.1{path}", {"result": "end"})
            await until(lambda: bridge.state.created == 1)
            assert (await results(sta, city.open_stream))[:2] == ["end", "once"]

    play(sta, scene)


@pytest.mark.parametrize("kind", ["refused", "driver", "pool", "django"])
def test_a_message_is_acknowledged_only_when_it_is_durable(
    sta: "Client", city: "City", mosquitto: "Mosquitto", monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """While the database is away nothing is lost, and a bridge that ends then leaves the messages to the next one."""
    from stadt.hub.sta.mqtt import incoming

    tried: list[Any] = []

    async def away(*arguments: Any) -> int:
        tried.append(arguments)
        raise failing(kind)

    async def scene() -> None:
        path = of_stream(city.open_stream)
        with monkeypatch.context() as broken:
            broken.setattr(incoming, "create_at", away)
            async with bridging(sta, mosquitto.url, "writer") as bridge:
                for number in range(10):
                    await publish(mosquitto, f"v1.1{path}", {"result": f"{kind} {number}"}, 1 + number % 2)
                await until(lambda: len(tried) > 3)
                assert (bridge.state.created, bridge.state.refused) == (0, 0)
        async with bridging(sta, mosquitto.url, "writer") as bridge:
            await until(lambda: bridge.state.created >= 10)
        assert {f"{kind} {number}" for number in range(10)} <= set(await results(sta, city.open_stream))

    play(sta, scene)
