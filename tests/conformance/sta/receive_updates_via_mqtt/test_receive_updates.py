"""http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates"""

import asyncio
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.events.listening import of_stream, play, run, send
from tests.conformance.sta.mosquitto import Subscriber, bridging, make_and_change, told_topics, until

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client
    from tests.conformance.sta.mosquitto import Mosquitto

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_bridge(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.hub.sta.mqtt import bridge

    monkeypatch.setattr(bridge, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(bridge, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(bridge, "LONGEST_PAUSE", 0.2)


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates"
)
def test_an_entity_set_an_entity_a_property_and_a_selection_are_published(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        async with bridging(sta, mosquitto.url), Subscriber(mosquitto.port, told_topics(city)) as heard:
            expected = await make_and_change(sta, city)
            assert {topic: json.loads(body) for topic, body, _ in await heard.messages(6)} == expected

    play(sta, scene)


@pytest.mark.parametrize("quality", [0, 1, 2])
def test_each_quality_of_service_is_served_up_to_at_least_once(
    sta: "Client", city: "City", mosquitto: "Mosquitto", quality: int
) -> None:
    async def scene() -> None:
        subscriber = Subscriber(mosquitto.port, ("v1.1/Observations",), quality)
        async with bridging(sta, mosquitto.url), subscriber as heard:
            await send(sta, "POST", of_stream(city.open_stream), {"result": quality})
            ((_, payload, got),) = await heard.messages(1)
            assert (json.loads(payload)["result"], got) == (quality, min(quality, 1))

    play(sta, scene)


def test_further_topics_are_published_where_the_operator_names_them(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    more = (
        f"Things({city.open_thing})/Datastreams?$select=name",
        f"Datastreams({city.open_stream})/Observations?$filter=result%20gt%2050&$select=result",
        f"Datastreams({city.open_stream})/description",
    )

    async def scene() -> None:
        topics = tuple(f"v1.1/{topic}" for topic in more)
        async with bridging(sta, mosquitto.url, topics=more), Subscriber(mosquitto.port, topics) as heard:
            for value in (49, 51):
                await send(sta, "POST", of_stream(city.open_stream), {"result": value})
            await send(sta, "PATCH", f"/Datastreams({city.open_stream})", {"description": "other"})
            got = {
                topic.removeprefix("v1.1/"): json.loads(payload)
                for topic, payload, _ in await heard.messages(3)
            }
            assert got == dict(
                zip(more, ({"name": "open stream"}, {"result": 51}, {"description": "other"}), strict=True)
            )

    play(sta, scene)


def test_a_topic_that_cannot_be_listened_to_is_refused_at_the_start() -> None:
    from stadt.core.errors import ConfigurationError
    from stadt.hub.sta.mqtt.outgoing import Topics

    with pytest.raises(ConfigurationError, match="Thinks"):
        Topics("http://127.0.0.1/sta/v1.1/", ("Thinks(1)",))


@pytest.mark.parametrize("seed", range(3))
def test_no_message_is_about_what_is_not_public(
    sta: "Client", city: "City", mosquitto: "Mosquitto", seed: int
) -> None:
    chance = random.Random(seed)
    owners = {city.open_stream: "manager", city.closed_stream: "manager", city.other_stream: "stranger"}

    async def scene() -> None:
        more = (f"Things({city.closed_thing})/Datastreams", "Observations?$expand=Datastream")
        async with bridging(sta, mosquitto.url, topics=more), Subscriber(mosquitto.port, ("#",)) as heard:
            for _ in range(15):
                stream = chance.choice(list(owners))
                await send(sta, "POST", of_stream(stream), {"result": stream}, owners[stream])
                kind = chance.choice(["open", "closed"])
                name = chance.choice(["Things", "Sensors", "Datastreams", "Locations"])
                number = city.ids[
                    f"{kind}_{ {'Things': 'thing', 'Sensors': 'sensor', 'Datastreams': 'stream', 'Locations': 'place'}[name] }"
                ]
                await send(sta, "PATCH", f"/{name}({number})", {"description": f"{kind} {chance.random()}"})
            await send(sta, "POST", of_stream(city.open_stream), {"result": "end"})
            await until(lambda: any(b'"end"' in payload for _, payload, _ in heard.got))
            hidden = {
                f"Datastreams({city.closed_stream})",
                f"Datastreams({city.other_stream})",
                f"Things({city.closed_thing})",
            }
            for topic, payload, _ in heard.got:
                assert b'"closed' not in payload
                assert not any(part in topic for part in hidden), topic
                told = json.loads(payload)
                if isinstance(told, dict) and "result" in told:
                    assert told["result"] in {city.open_stream, "end"}

    play(sta, scene)


def test_what_is_stored_while_the_broker_is_away_is_published_when_it_is_back(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    topics = (f"v1.1{of_stream(city.open_stream)}",)

    async def scene() -> None:
        # A session that the broker keeps, so that the bridge cannot be back before its subscriber.
        async with Subscriber(mosquitto.port, topics, name="lasting"):
            pass
        async with bridging(sta, mosquitto.url) as bridge:
            await asyncio.to_thread(mosquitto.stop)
            try:
                await until(lambda: bridge.state.error)
                for value in range(5):
                    await send(sta, "POST", of_stream(city.open_stream), {"result": f"away {value}"})
            finally:
                await asyncio.to_thread(mosquitto.start)
            async with Subscriber(mosquitto.port, topics, name="lasting") as heard:
                wanted = [f"away {value}" for value in range(5)]
                await until(lambda: len(heard.got) >= len(wanted))
                assert [json.loads(payload)["result"] for _, payload, _ in heard.got] == wanted
                assert not bridge.state.error

    play(sta, scene)


def test_the_place_in_the_feed_outlives_the_bridge(
    sta: "Client", city: "City", mosquitto: "Mosquitto"
) -> None:
    async def scene() -> None:
        async with bridging(sta, mosquitto.url):
            pass
        await send(sta, "POST", of_stream(city.open_stream), {"result": "between"})
        subscriber = Subscriber(mosquitto.port, ("v1.1/Observations",))
        async with subscriber as heard, bridging(sta, mosquitto.url):
            ((_, payload, _),) = await heard.messages(1)
            assert json.loads(payload)["result"] == "between"

    play(sta, scene)


def test_there_is_one_bridge_at_a_time(
    sta: "Client", city: "City", mosquitto: "Mosquitto", monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta.mqtt import bridge as bridges

    monkeypatch.setattr(bridges, "QUEUE_SECONDS", 0.1)

    async def scene() -> None:
        async with bridging(sta, mosquitto.url) as first:
            second = bridges.Bridge(first.broker, first.topics, first.base, None)
            task = asyncio.create_task(second.run())
            await asyncio.sleep(0.4)
            assert not second.is_ready
            async with Subscriber(mosquitto.port, ("v1.1/Observations",)) as heard:
                await send(sta, "POST", of_stream(city.open_stream), {"result": 1})
                await heard.messages(1)
                await asyncio.sleep(0.3)
                assert len(heard.got) == 1
        await until(lambda: second.is_ready)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    play(sta, scene)


def test_the_operator_hears_when_broker_or_bridge_are_away(
    sta: "Client", city: "City", monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta

    from django.conf import settings

    from stadt.hub.sta.mqtt import state

    assert state.find_trouble() is None
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, mqtt_url="mqtt://127.0.0.1:1"))
    now = datetime.now(UTC)
    kept: dict[str, Any] = {"value": state.State(seen=now.isoformat(), published=3)}
    monkeypatch.setattr(state, "find_state", lambda: kept["value"])
    assert state.find_trouble() is None
    assert ({"kind": "published"}, 3.0) in list(state.count_messages())
    kept["value"] = state.State(seen=now.isoformat(), error="refused")
    assert "refused" in str(state.find_trouble())
    kept["value"] = state.State(seen=(now - timedelta(hours=1)).isoformat())
    assert "stadt mqtt" in str(state.find_trouble())


def test_the_landing_document_names_what_is_on(sta: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from django.conf import settings

    receive = "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates"
    create = (
        "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation"
    )
    found = sta.get("")["serverSettings"]
    assert receive not in found["conformance"]
    assert receive not in found
    on = replace(settings.STADT, mqtt_url="mqtts://user:secret@broker.example")
    monkeypatch.setattr(settings, "STADT", on)
    found = sta.get("")["serverSettings"]
    assert receive in found["conformance"]
    assert found[receive] == {"endpoints": ["mqtts://broker.example:8883"]}
    assert create not in found["conformance"]
    monkeypatch.setattr(settings, "STADT", replace(on, mqtt_token="stadt_x"))
    found = sta.get("")["serverSettings"]
    assert found[create] == {"endpoints": ["mqtts://broker.example:8883"]}


async def forget() -> None:
    """Leave no state behind."""
    await run("DELETE FROM core_setting WHERE key = 'sta.mqtt'")


@pytest.fixture(autouse=True)
def no_state(sta: "Client") -> None:
    play(sta, forget)
