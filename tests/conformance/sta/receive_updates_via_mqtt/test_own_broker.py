"""http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates, with the city's own broker"""

import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiomqtt import MqttError
from tests.conformance.sta.embedded import BASE, Ear, broking, client_for, prepare, publish
from tests.conformance.sta.events.listening import of_stream, play, run, send
from tests.conformance.sta.mosquitto import make_and_change, told_topics, until

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

NAMES = {"Things": "thing", "Sensors": "sensor", "Datastreams": "stream", "Locations": "place"}
REFUSED = 128


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    return prepare(tmp_path, monkeypatch)


def test_a_set_an_entity_a_property_and_a_selection_are_told(sta: "Client", city: "City", port: int) -> None:
    async def scene() -> None:
        async with broking(port), Ear(sta, port, told_topics(city)) as ear:
            assert ear.codes == [1] * 6
            expected = await make_and_change(sta, city)
            assert dict(await ear.messages(6)) == expected

    play(sta, scene)


@pytest.mark.parametrize("quality", [0, 1, 2])
def test_each_quality_of_service_is_served_up_to_at_least_once(
    sta: "Client", city: "City", port: int, quality: int
) -> None:
    async def scene() -> None:
        topics = ("v1.1/Observations?$filter=result gt 20&$expand=Datastream($select=name)",)
        async with broking(port), Ear(sta, port, topics, quality=quality) as ear:
            assert ear.codes == [min(quality, 1)]
            for value in (19, *range(21, 171)):  # more than may be on their way at once
                await send(sta, "POST", of_stream(city.open_stream), {"result": value})
            told = await ear.messages(150)
            assert [item["result"] for _, item in told] == list(range(21, 171))
            assert told[0][1]["Datastream"] == {"name": "open stream"}

    play(sta, scene)


def test_a_token_hears_what_belongs_to_its_organisation_and_nobody_else_does(
    sta: "Client", city: "City", port: int
) -> None:
    below = f"v1.1{of_stream(city.closed_stream)}"

    async def scene() -> None:
        async with (
            broking(port),
            Ear(sta, port, ("v1.1/Observations", below), "reader") as own,
            Ear(sta, port, ("v1.1/Observations", below), "stranger") as foreign,
            Ear(sta, port, ("v1.1/Observations", below)) as anybody,
        ):
            assert own.codes == [1, 1]
            # As what does not exist: a client cannot tell the difference.
            assert foreign.codes == anybody.codes == [1, REFUSED]
            assert await anybody.listen("v1.1/Datastreams(99999999)/Observations") == [REFUSED]
            await send(sta, "POST", of_stream(city.closed_stream), {"result": "closed"})
            await send(sta, "POST", of_stream(city.open_stream), {"result": "end"})
            assert [item["result"] for _, item in await own.messages(3)] == [
                "closed",
                "end",
                "closed",
            ] or sorted(item["result"] for _, item in own.got) == ["closed", "closed", "end"]
            for ear in (foreign, anybody):
                assert [item["result"] for _, item in await ear.messages(1)] == ["end"]

    play(sta, scene)


@pytest.mark.parametrize(
    "topic",
    [
        "#", "v1.1/#", "v1.1/+", "v1.1/Datastreams/+/Observations", "$SYS/broker", "v1.0/Things", "Things", "v1.1/", "v1.1",
        "v1.1/Thinks", "v1.1/Things(1)/$ref", "v1.1/Things/$count", "v1.1/Things?$top=1", "v1.1/Things?$filter=(",
        "v1.1/Things?$filter=" + "(" * 3000, "v1.1/Things?$filter=name eq '" + "x" * 5000 + "'", "v1.1/Things/../Things",
    ],
)  # fmt: skip
def test_what_is_no_resource_is_refused(sta: "Client", city: "City", port: int, topic: str) -> None:
    async def scene() -> None:
        async with broking(port), Ear(sta, port, (topic, "v1.1/Things")) as ear:
            assert ear.codes == [REFUSED, 1]

    play(sta, scene)


def test_a_client_has_at_most_so_many_topics(sta: "Client", city: "City", port: int) -> None:
    async def scene() -> None:
        async with broking(port), Ear(sta, port, ()) as ear:
            codes = await ear.listen(*(f"v1.1/Things({number})" for number in range(1, 52)))
            assert codes == [1] * 50 + [REFUSED]
            await ear.client.unsubscribe("v1.1/Things(1)")
            assert await ear.listen("v1.1/Sensors") == [1]

    play(sta, scene)


def test_who_has_unsubscribed_hears_nothing_more(sta: "Client", city: "City", port: int) -> None:
    path = of_stream(city.open_stream)

    async def scene() -> None:
        async with broking(port), Ear(sta, port, (f"v1.1{path}", "v1.1/Observations")) as ear:
            await ear.client.unsubscribe(f"v1.1{path}")
            await send(sta, "POST", path, {"result": "one"})
            await ear.messages(1)
            await ear.client.unsubscribe("v1.1/Observations")
            await send(sta, "POST", path, {"result": "two"})
            await ear.listen(f"v1.1{path}")
            await send(sta, "POST", path, {"result": "three"})
            assert [(topic, item["result"]) for topic, item in await ear.messages(2)] == [
                ("v1.1/Observations", "one"),
                (f"v1.1{path}", "three"),
            ]

    play(sta, scene)


def test_nothing_that_a_client_says_goes_to_another(sta: "Client", city: "City", port: int) -> None:
    """Neither a message, nor one to be retained, nor a will."""
    from aiomqtt import Will

    path = f"v1.1{of_stream(city.open_stream)}"

    async def scene() -> None:
        async with broking(port) as broker, Ear(sta, port, (path, "v1.1/Things")) as ear:
            for topic in (path, "v1.1/Things", "anything"):
                await publish(sta, port, topic, {"result": "forged"}, retain=True)
            will = Will("v1.1/Things", b'{"name": "forged"}', qos=1, retain=True)
            async with client_for(sta, port, will=will) as dying:
                dying._client._sock_close()  # without a word, as a broken line does
            async with Ear(sta, port, (path, "v1.1/Things")) as late:
                await send(sta, "POST", of_stream(city.open_stream), {"result": "true"})
                for one in (ear, late):
                    assert [(topic, item["result"]) for topic, item in await one.messages(1)] == [
                        (path, "true")
                    ]
            assert (broker.state.created, broker.state.refused) == (0, 3)

    play(sta, scene)


@pytest.mark.parametrize("change", ["revoked", "moved"])
def test_a_client_goes_when_its_rights_change(
    sta: "Client", city: "City", port: int, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.core import tokens
    from stadt.hub.sta.mqtt.embedded import client

    monkeypatch.setattr(client, "RIGHTS_SECONDS", 0.1)
    set_to, back = {
        "revoked": ("revoked_at = now()", "revoked_at = NULL"),
        "moved": (
            "organisation_id = (SELECT id FROM core_organisation WHERE key = 'verein')",
            "organisation_id = (SELECT id FROM core_organisation WHERE key = 'amt')",
        ),
    }[change]

    async def scene() -> None:
        async with broking(port), Ear(sta, port, ("v1.1/Observations",), "reader") as ear:
            await run(f"UPDATE core_apitoken SET {set_to} WHERE title = 'reader'")
            try:
                tokens._known.clear()  # remembered for five seconds
                await until(ear._task.done)
                with pytest.raises(MqttError):
                    ear._task.result()
            finally:
                await run(f"UPDATE core_apitoken SET {back} WHERE title = 'reader'")
                tokens._known.clear()

    play(sta, scene)


@pytest.mark.parametrize("seed", range(3))
def test_no_client_hears_of_what_it_may_not_see(sta: "Client", city: "City", port: int, seed: int) -> None:
    chance = random.Random(seed)
    kinds = {"open": "manager", "closed": "manager", "other": "stranger"}
    sees = {
        "": {"open"},
        "reader": {"open", "closed"},
        "manager": {"open", "closed"},
        "stranger": {"open", "other"},
    }

    def some_topic() -> str:
        kind, name = chance.choice(list(kinds)), chance.choice(list(NAMES))
        number = city.ids[f"{kind}_{NAMES[name]}"]
        stream, thing = city.ids[f"{kind}_stream"], city.ids[f"{kind}_thing"]
        return "v1.1/" + chance.choice(
            [
                name, "Observations", "Observations?$expand=Datastream($expand=Thing)", f"{name}({number})",
                f"{name}({number})/description", f"Datastreams({stream})/Observations", f"Things({thing})/Datastreams",
                f"Things({thing})/Datastreams?$expand=Observations($top=1)", "Things?$expand=Datastreams,Locations",
                f"Datastreams({stream})/Thing", f"Observations?$filter=Datastream/name eq '{kind} stream'",
                "Things?$filter=Datastreams/name eq 'closed stream'", "ObservedProperties", "FeaturesOfInterest",
            ]
        )  # fmt: skip

    async def change(number: int) -> None:
        kind = chance.choice(list(kinds))
        await send(
            sta, "POST", of_stream(city.ids[f"{kind}_stream"]), {"result": f"<{kind}> {number}"}, kinds[kind]
        )
        name = chance.choice(list(NAMES))
        table = f"observations_{name.lower().removesuffix('s')}"
        number_of = city.ids[f"{kind}_{NAMES[name]}"]
        await run(f"UPDATE {table} SET description = %s WHERE id = %s", f"<{kind}> {number}", number_of)

    async def scene() -> None:
        async with broking(port), AsyncExitStack() as open_ears:
            ears = [
                await open_ears.enter_async_context(
                    Ear(sta, port, (*(some_topic() for _ in range(5)), "v1.1/Observations"), token)
                )
                for token in (*sees, *sees)
            ]
            for number in range(12):
                await change(number)
            await send(sta, "POST", of_stream(city.open_stream), {"result": "<open> end"})
            for ear in ears:
                await until(lambda ear=ear: any(told.get("result") == "<open> end" for _, told in ear.got))
                hidden = {f"<{kind}>" for kind in kinds if kind not in sees[ear.token]}
                leaks = [
                    (topic, told) for topic, told in ear.got if any(mark in str(told) for mark in hidden)
                ]
                assert not leaks, ear.token

    play(sta, scene)


def test_a_city_with_its_own_broker_lists_both_requirements_with_their_place(
    sta: "Client", city: "City", port: int
) -> None:
    from stadt.hub.sta.landing import CREATE, RECEIVE, landing_document

    def listed() -> Any:
        found = landing_document(BASE)["serverSettings"]
        return [found.get(name) for name in (RECEIVE, CREATE)], {RECEIVE, CREATE} & set(found["conformance"])

    async def scene() -> None:
        assert listed() == ([None, None], set())
        async with broking(port):
            assert listed() == ([{"endpoints": [f"mqtt://127.0.0.1:{port}"]}] * 2, {RECEIVE, CREATE})
        assert listed() == ([None, None], set())

    play(sta, scene)
