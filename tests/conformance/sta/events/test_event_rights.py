"""No event, id or error of a stream depends on what its subscriber may not see; and there are only so many streams."""

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from tests.conformance.sta.events.listening import Listener, of_stream, play, run, send

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000/sta/v1.1"


@pytest.mark.parametrize("seed", range(4))
def test_no_event_is_about_what_the_subscriber_may_not_see(sta: "Client", city: "City", seed: int) -> None:
    chance = random.Random(seed)
    streams = [city.open_stream, city.closed_stream, city.other_stream]
    owners = {city.open_stream: "writer", city.closed_stream: "writer", city.other_stream: "stranger"}
    allowed = {
        "": {city.open_stream},
        "reader": {city.open_stream, city.closed_stream},
        "stranger": {city.open_stream, city.other_stream},
    }
    paths = ["/Observations", "/Observations?$filter=result ge 0", "/Things({t})/Datastreams", "/Datastreams"]
    paths += ["/FeaturesOfInterest({f})/Observations", "/Observations?$filter=Datastream/id eq {d}"]

    async def scene() -> None:
        kinds = ["open", "closed", "other"]
        heard = []
        for token in allowed:
            for path in paths:
                kind = chance.choice(kinds)
                address = path.format(
                    t=city.ids[f"{kind}_thing"], f=city.ids[f"{kind}_feature"], d=city.ids[f"{kind}_stream"]
                )
                heard.append(await Listener(sta, address, token).__aenter__())
        end = await Listener(sta, of_stream(city.open_stream, "?$filter=result eq -1")).__aenter__()
        for _ in range(12):
            stream = chance.choice(streams)
            await send(sta, "POST", of_stream(stream), {"result": stream}, owners[stream])
            if chance.random() < 0.3:
                body = {"description": str(chance.random())}
                await send(sta, "PATCH", f"/Datastreams({city.closed_stream})", body)
        await send(sta, "POST", of_stream(city.open_stream), {"result": -1})
        await end.results(1)
        for listener in [*heard, end]:
            await listener.leave()
        for listener in heard:
            seen = {item["result"] for item in listener.told if "result" in item} - {-1}
            assert seen <= allowed[listener.token], listener.path
            named = {item["@iot.id"] for item in listener.told if "observationType" in item}
            assert named <= allowed[listener.token], listener.path
        everything = next(one for one in heard if (one.token, one.path) == ("reader", "/Observations"))
        assert everything.told

    play(sta, scene)


def test_a_datastream_that_may_not_be_seen_has_no_stream(sta: "Client", city: "City") -> None:
    async def scene() -> None:
        for path in (of_stream(city.closed_stream), "/Datastreams(99999999)/Observations"):
            async with Listener(sta, path) as heard:
                assert (heard.status, "Nothing found" in heard.refusal) == (404, True)

    play(sta, scene)


def test_an_observation_that_is_hidden_while_one_listens_gives_no_event(sta: "Client", city: "City") -> None:
    async def publish(is_public: bool) -> None:
        sql = "UPDATE observations_datastream SET is_public = %s WHERE id = %s"
        await run(sql, is_public, city.open_stream)

    async def scene() -> None:
        async with Listener(sta, of_stream(city.open_stream)) as heard:
            async with Listener(sta, of_stream(city.open_stream), "reader") as owner:
                await publish(False)
                try:
                    await send(sta, "POST", of_stream(city.open_stream), {"result": "hidden"})
                    await owner.results(1)
                finally:
                    await publish(True)
                await send(sta, "POST", of_stream(city.open_stream), {"result": "seen"})
                await owner.results(2)
            await heard.until(lambda: heard.told)
            assert [item["result"] for item in heard.told][-1] == "seen"

    play(sta, scene)


def test_the_id_of_an_event_can_be_neither_read_nor_made_up(sta: "Client", city: "City") -> None:
    from stadt.hub.observations.feed import Cursor
    from stadt.hub.sta.live.cursors import seal

    assert seal(Cursor(1, 2, 3)) != seal(Cursor(1, 2, 3))
    assert len(seal(Cursor(1, 2, 3))) == len(seal(Cursor(2**60, 2**60, 2**60)))

    async def scene() -> None:
        for forged in ("17", "x" * 500, seal(Cursor(1))[:-3] + "AAA"):
            async with Listener(sta, "/Observations", last_id=forged) as heard:
                assert heard.status == 400

    play(sta, scene)


def test_a_stream_ends_when_its_token_is_revoked(
    sta: "Client", city: "City", monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.core import tokens
    from stadt.hub.sta.live import streams

    monkeypatch.setattr(streams, "RIGHTS_SECONDS", 0.0)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.1)

    async def scene() -> None:
        try:
            async with Listener(sta, "/Observations", "stranger") as heard:
                await asyncio.sleep(0.4)
                assert not heard.is_over
                await run("UPDATE core_apitoken SET revoked_at = now() WHERE title = 'stranger'")
                tokens._known.clear()
                await heard.until(lambda: heard.is_over)
        finally:
            await run("UPDATE core_apitoken SET revoked_at = NULL WHERE title = 'stranger'")
            tokens._known.clear()

    play(sta, scene)


def test_one_client_has_a_bounded_number_of_streams(
    sta: "Client", city: "City", monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta.live import limits

    monkeypatch.setattr(limits, "MOST_OF_ONE", 2)

    async def scene() -> None:
        async with Listener(sta, "/Observations") as one, Listener(sta, "/Things") as two:
            assert (one.status, two.status) == (200, 200)
            async with Listener(sta, "/Observations") as third:
                assert third.status == 429
            async with Listener(sta, "/Observations", "reader") as other:
                assert other.status == 200
        async with Listener(sta, "/Observations") as again:
            assert again.status == 200
        assert limits.count_streams() == 0

    play(sta, scene)
