"""Streams of server-sent events, an extension of ours; what they show is that of
http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/filter and …/select and …/expand."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.events.listening import Listener, of_stream, play, run, send

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000/sta/v1.1"


def test_an_event_is_the_observation_as_a_get_shows_it(sta: "Client", city: "City") -> None:
    async def scene() -> None:
        async with Listener(sta, of_stream(city.open_stream)) as heard:
            made = await send(
                sta, "POST", of_stream(city.open_stream), {"result": 21.5, "parameters": {"a": [1]}}
            )
            await heard.results(1)
            shown = await send(sta, "GET", f"/Observations({made['@iot.id']})", None)
            assert heard.told == [shown]

    play(sta, scene)


def test_every_door_is_heard(sta: "Client", city: "City") -> None:
    """Single posts, deep posts, data arrays, jobs, and corrections."""

    def store() -> None:
        from django.db import connection

        from stadt.core.people.actor import Actor
        from stadt.hub.observations.batch import Reading
        from stadt.hub.observations.services import store_readings

        store_readings(Actor.system("job:test"), [Reading(city.open_stream, datetime.now(UTC), "job")])
        connection.close()

    async def scene() -> None:
        async with Listener(sta, "/Observations") as heard:
            made = await send(sta, "POST", of_stream(city.open_stream), {"result": "single"})
            await heard.results(1)
            await send(
                sta,
                "POST",
                "/Observations",
                {"result": "deep", "resultQuality": 1, "Datastream": {"@iot.id": city.open_stream}},
            )
            await heard.results(2)
            await send(
                sta,
                "POST",
                "/CreateObservations",
                [
                    {
                        "Datastream": {"@iot.id": city.open_stream},
                        "components": ["result"],
                        "dataArray": [["array 1"], ["array 2"]],
                    }
                ],
            )
            await heard.results(4)
            await asyncio.to_thread(store)
            await heard.results(5)
            await send(sta, "PATCH", f"/Observations({made['@iot.id']})", {"result": "corrected"})
            found = await heard.results(6)
            assert found == ["single", "deep", "array 1", "array 2", "job", "corrected"]

    play(sta, scene)


def test_filter_select_and_expand_apply_to_events(sta: "Client", city: "City") -> None:
    """http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/filter"""

    async def scene() -> None:
        query = "?$filter=result gt 20 and Datastream/Thing/properties/kind eq 'open'"
        query += "&$select=result&$expand=Datastream($select=name)"
        async with Listener(sta, f"/Observations{query}") as heard:
            for value in (19, 21, "text", 22):
                await send(sta, "POST", of_stream(city.open_stream), {"result": value})
            assert await heard.results(2) == [21, 22]
            assert heard.told[0] == {"result": 21, "Datastream": {"name": "open stream"}}

    play(sta, scene)


def test_other_entities_have_streams_too(sta: "Client", city: "City") -> None:
    async def scene() -> None:
        async with Listener(sta, "/Things?$select=name", "manager") as heard:
            await send(sta, "PATCH", f"/Things({city.open_thing})", {"description": "moved"})
            await heard.until(lambda: heard.told)
            assert heard.told == [{"name": "open thing"}]

    play(sta, scene)


def test_last_event_id_continues_without_loss_or_doubling(sta: "Client", city: "City") -> None:
    """Also in the middle of what was stored together."""
    rows = [[f"row {number}"] for number in range(30)]
    array = [{"Datastream": {"@iot.id": city.open_stream}, "components": ["result"], "dataArray": rows}]

    async def scene() -> None:
        path = of_stream(city.open_stream, "?$select=result")
        async with Listener(sta, path) as heard:
            await send(sta, "POST", "/CreateObservations", array)
            await heard.results(30)
        async with Listener(sta, path, last_id=heard.last_id) as again:
            await send(sta, "POST", of_stream(city.open_stream), {"result": "end"})
            assert await again.results(1) == ["end"]
        ids = await cursors_of(sta, path, array)
        for place in random.Random(7).sample(range(29), 3):
            async with Listener(sta, path, last_id=ids[place]) as rest:
                assert await rest.results(29 - place) == [row[0] for row in rows[place + 1 :]]

    async def cursors_of(sta: "Client", path: str, array: Any) -> list[str]:
        """The id of each event of one data array."""
        found: list[str] = []

        class Noting(Listener):
            def _read(self) -> None:
                blocks = [block for block in self.written.split(b"\n\n") if b"\ndata: " in block]
                found.extend(block.partition(b"\n")[0].removeprefix(b"id: ").decode() for block in blocks)
                super()._read()

        async with Noting(sta, path) as heard:
            await send(sta, "POST", "/CreateObservations", array)
            await heard.results(30)
        assert len(found) == 30
        return found

    play(sta, scene)


def another_connection() -> Any:
    """A writer of its own, whose transaction lasts until it commits."""
    import psycopg
    from django.db import connection

    told = connection.get_connection_params()
    return psycopg.connect(
        **{k: told[k] for k in ("dbname", "host", "port", "user", "password") if k in told}
    )


def test_what_commits_late_is_neither_lost_nor_overtaken(sta: "Client", city: "City") -> None:
    from stadt.hub.observations.append import append
    from stadt.hub.observations.batch import Batch, Reading

    late = another_connection()

    async def scene() -> None:
        async with Listener(sta, of_stream(city.open_stream, "?$select=result")) as heard:
            append(late, Batch.of([Reading(city.other_stream, datetime.now(UTC), "elsewhere")]))
            await send(sta, "POST", of_stream(city.open_stream), {"result": "early commit"})
            await asyncio.sleep(0.8)
            assert heard.told == []
            append(late, Batch.of([Reading(city.open_stream, datetime.now(UTC), "late commit")]))
            late.commit()
            assert set(await heard.results(2)) == {"early commit", "late commit"}

    # The counter of one datastream is locked by the late writer only while nobody else needs it.
    with late:
        play(sta, scene)


def test_a_stream_begins_now_while_an_older_transaction_goes_on(sta: "Client", city: "City") -> None:
    from stadt.hub.observations.append import append
    from stadt.hub.observations.batch import Batch, Reading

    old = another_connection()

    async def scene() -> None:
        append(old, Batch.of([Reading(city.other_stream, datetime.now(UTC), "older transaction")]))
        await send(sta, "POST", of_stream(city.open_stream), {"result": "before"})
        async with Listener(sta, of_stream(city.open_stream, "?$select=result")) as heard:
            await send(sta, "POST", of_stream(city.open_stream), {"result": "after"})
            append(old, Batch.of([Reading(city.open_stream, datetime.now(UTC), "begun before, kept after")]))
            old.commit()
            await send(sta, "POST", of_stream(city.open_stream), {"result": "last"})
            await heard.until(lambda: any(item["result"] == "last" for item in heard.told))
            results = [item["result"] for item in heard.told]
            assert sorted(results) == ["after", "begun before, kept after", "last"]

    with old:
        play(sta, scene)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?$top=1", "$top"),
        ("?$orderby=id", "$orderby"),
        ("?$filter=resutl gt 1", "resutl"),
        ("?$count=true", "$count"),
    ],
)
def test_an_option_without_meaning_for_a_stream_is_refused(
    sta: "Client", city: "City", query: str, named: str
) -> None:
    async def scene() -> None:
        async with Listener(sta, f"/Observations{query}") as heard:
            assert heard.status == 400
            assert named in heard.refusal

    play(sta, scene)


def test_what_is_no_longer_kept_is_told_as_a_gap(sta: "Client", city: "City") -> None:
    from stadt.hub.observations.feed import FORGOTTEN, Cursor
    from stadt.hub.sta.live.cursors import seal

    async def scene() -> None:
        await run("INSERT INTO core_setting (key, value) VALUES (%s, '5')", FORGOTTEN)
        try:
            for start in (Cursor(3), Cursor(2**62)):
                async with Listener(sta, "/Observations", last_id=seal(start)) as heard:
                    await heard.until(lambda heard=heard: heard.kinds)
                    assert heard.kinds[0] == "gap"
        finally:
            await run("DELETE FROM core_setting WHERE key = %s", FORGOTTEN)

    play(sta, scene)


def test_a_slow_client_costs_no_memory(sta: "Client", city: "City", monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has not taken is read from the table again."""
    from stadt.hub.sta.live import tail as tails

    monkeypatch.setattr(tails, "MOST_REMEMBERED", 10)
    first = datetime(2026, 5, 1, tzinfo=UTC)

    async def scene() -> None:
        # An open transaction of anybody in the cluster holds the beginning back, so earlier changes may come first.
        own = f"?$select=result&$filter=phenomenonTime ge {first:%Y-%m-%dT%H:%M:%SZ}"
        async with Listener(sta, of_stream(city.open_stream, own), "reader") as slow:
            waiting = asyncio.Event()
            plain = slow._send

            async def held(message: Any) -> None:
                await waiting.wait()
                await plain(message)

            slow._send = held  # type: ignore[method-assign]
            async with Listener(sta, of_stream(city.open_stream)) as quick:
                for part in range(5):
                    rows = [
                        [(first + timedelta(minutes=part * 10 + n)).isoformat(), part * 10 + n]
                        for n in range(10)
                    ]
                    await send(
                        sta,
                        "POST",
                        "/CreateObservations",
                        [
                            {
                                "Datastream": {"@iot.id": city.open_stream},
                                "components": ["phenomenonTime", "result"],
                                "dataArray": rows,
                            }
                        ],
                    )
                    await quick.results((part + 1) * 10)
                assert tails.tail().remembered <= 10
            waiting.set()
            assert await slow.results(50) == list(range(50))

    play(sta, scene)


def test_a_multi_datastream_has_streams_too(sta: "Client", city: "City") -> None:
    async def scene() -> None:
        place = {"name": "p", "description": "", "definition": "https://example.org/p"}
        body = {
            "name": "weather", "description": "", "observationType": f"{OM}OM_ComplexObservation",
            "multiObservationDataTypes": [f"{OM}OM_Measurement", f"{OM}OM_CategoryObservation"],
            "unitOfMeasurements": [None, None],
            "Sensor": {"@iot.id": city.open_sensor}, "ObservedProperties": [place, place],
        }  # fmt: skip
        async with Listener(sta, "/MultiDatastreams?$select=name", "manager") as heard:
            made = await send(sta, "POST", f"/Things({city.open_thing})/MultiDatastreams", body)
            await heard.until(lambda: heard.told)
            assert heard.told == [{"name": "weather"}]
        path = f"/MultiDatastreams({made['@iot.id']})/Observations"
        async with Listener(sta, path, "manager") as heard:
            await send(sta, "POST", path, {"result": [1, "dry"]})
            assert await heard.results(1) == [[1, "dry"]]

    play(sta, scene)


def test_a_batch_holds_no_streams(sta: "Client", city: "City") -> None:
    part = {"id": "1", "method": "get", "url": "Observations", "headers": {"Accept": "text/event-stream"}}
    answer = sta.post("/$batch", {"requests": [part]}, status=200).json()
    assert [item["status"] for item in answer["responses"]] == [400]
