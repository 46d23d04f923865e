"""What one visitor can make the city do is bounded: time, memory, disk and depth."""

import asyncio
import tracemalloc
from collections.abc import Callable

import httpx
import pytest
from django.test import Client

from stadt.config import dispatch
from stadt.core import asgi
from stadt.core.database.pool import MOST_CONNECTIONS, async_pool, close_async_pool
from stadt.core.database.roles import Role
from stadt.core.errors import Invalid, StadtError, TooSlow
from stadt.core.people.actor import Actor
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.selection import understand
from stadt.hub.ingest.mapping import NoteCode, Rule, ValueKind, decode
from stadt.hub.ingest.tests.uplinks import body, uplink
from stadt.hub.ingest.tts import read_message
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta import reading
from stadt.hub.sta.syntax.options import read_query
from stadt.hub.sta.syntax.writing import write_options

Ask = Callable[..., httpx.Response]
BASE = "http://127.0.0.1:8000/sta/v1.1/"
MEGABYTE = 1024 * 1024


@pytest.mark.django_db
def test_a_search_for_many_words_ends() -> None:
    """Each word once doubled the query: forty took longer than anybody waits."""
    answer = Client().get("/suche", {"q": "a " * 100})
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/konto/login/", "/suche", "/nix"])
def test_a_page_takes_no_large_body(ask: Ask, path: str) -> None:
    answer = ask("POST", path, content=b"x" * (dispatch.LARGEST_PAGE_BODY + 1))
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BODY_SECONDS", 0.05)

    async def drip() -> asgi.Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def read() -> StadtError | None:
        body = dispatch._Body(drip, None)
        with pytest.raises(asgi.ClientLeft):
            await asgi.read_body({"headers": []}, body, 1000)
        return body.refusal

    assert isinstance(asyncio.run(read()), TooSlow)


def test_an_address_may_give_a_body_more_time_than_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BODY_SECONDS", 0.01)

    async def late() -> asgi.Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def both() -> list[object]:
        return [(await dispatch._Body(late, None, seconds)())["type"] for seconds in (None, 60.0)]

    assert asyncio.run(both()) == ["http.disconnect", "http.request"]


def test_waiting_for_the_end_of_the_connection_has_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BODY_SECONDS", 0.01)
    messages: list[asgi.Message] = [
        {"type": "http.request", "body": b"x", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> asgi.Message:
        if len(messages) == 1:
            await asyncio.sleep(0.05)
        return messages.pop(0)

    async def both() -> list[object]:
        body = dispatch._Body(receive, 10)
        return [(await body())["type"], (await body())["type"]]

    assert asyncio.run(both()) == ["http.request", "http.disconnect"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operator", ["and", "or"])
def test_a_filter_of_a_thousand_conditions_is_answered(ask: Ask, operator: str) -> None:
    answer = ask("GET", "/sta/v1.1/Things", params={"$filter": f" {operator} ".join(["true"] * 999)})
    assert answer.status_code == 200


def test_the_link_to_the_next_page_of_a_long_filter_can_be_read_again() -> None:
    query = read_query([("$filter", " or ".join(f"id eq {number}" for number in range(240)))])
    assert read_query(write_options(query)) == read_query(write_options(read_query(write_options(query))))


def test_long_addresses_are_not_remembered() -> None:
    reading._remembered.cache_clear()
    before = reading._remembered.cache_info().currsize
    viewer = Visibility.of(Actor.anonymous())
    for number in range(3):
        reading.compiled("Things", b"$filter=" + b"+or+".join([b"id+eq+%d" % number] * 200), viewer, BASE)
    assert reading._remembered.cache_info().currsize == before
    reading.compiled("Things", b"$top=17", viewer, BASE)
    assert reading._remembered.cache_info().currsize == before + 1


def test_a_long_name_with_a_long_list_costs_no_more_memory_than_the_message() -> None:
    """256 KB of body once became gigabytes of paths."""
    message = body(uplink({"k" * 100_000: [1] * 40_000}))
    tracemalloc.start()
    try:
        with pytest.raises(Invalid):
            read_message(message)
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_the_name_of_a_wrong_field_is_told_at_bounded_length() -> None:
    with pytest.raises(Invalid) as refused:
        read_message(body(uplink({"k" * 100_000: "\0"})))
    assert len(refused.value.fields[0].field) < 300


def test_a_count_beyond_all_numbers_is_a_wrong_type_and_no_failure() -> None:
    rule = Rule("count", ("n",), ValueKind.COUNT, factor=1e200)
    assert [note.code for note in decode([rule], {"n": 1e250}).notes] == [NoteCode.WRONG_TYPE]


COLUMNS = (
    Column("at", ColumnType.TIME),
    Column("count", ColumnType.INTEGER),
    Column("fill", ColumnType.NUMBER),
)


@pytest.mark.parametrize(
    "text",
    [
        "at:gt:0001-01-01T00:00:00+23:59",
        "at:lt:9999-12-31T23:59:59-23:00",
        "count:eq:99999999999999999999",
        "count:eq:" + "9" * 5000,
        "fill:gt:nan",
        "fill:gt:-inf",
        "fill:gt:1e400",
    ],
)
def test_a_value_that_no_column_holds_is_refused_by_its_filter(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        understand(COLUMNS, filters=["fill:gt:1", text])
    assert refused.value.fields[0].field == "filter[1]"
    assert len(refused.value.detail) < 300


@pytest.mark.django_db
def test_a_parameter_of_the_wrong_type_is_refused_in_the_one_form_of_errors() -> None:
    answer = Client().get("/api/v1/datasets/waste.containers/rows", {"limit": "many"})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [item["field"] for item in answer.json()["errors"]] == ["limit"]


@pytest.mark.django_db(transaction=True)
def test_readers_however_many_leave_connections_to_readings_that_arrive() -> None:
    async def storm() -> int:
        started = asyncio.Event()
        finish = asyncio.Event()
        reading_now = 0

        async def read() -> None:
            nonlocal reading_now
            async with reading.reading():
                reading_now += 1
                started.set()
                await finish.wait()

        readers = [asyncio.create_task(read()) for _ in range(MOST_CONNECTIONS[Role.APP] * 2)]
        await started.wait()
        async with asyncio.timeout(5), async_pool().connection() as connection:
            await connection.execute("SELECT 1")
        most = reading_now
        finish.set()
        await asyncio.gather(*readers)
        await close_async_pool()
        return most

    assert asyncio.run(storm()) <= reading.READERS < MOST_CONNECTIONS[Role.APP]
