"""One observation per POST from 64 clients, durable commits, beside a bare echo under the same server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg

from benchmarks.city import City
from benchmarks.echo import running_echo
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.streams import make_streams

CLIENTS = 64
SECONDS = 8.0
START = datetime(2026, 4, 1, tzinfo=UTC)


def run(city: City) -> Iterator[Figure]:
    """The rate of acknowledged posts, checked against the exact counters afterwards."""
    ids = make_streams("single", CLIENTS)
    with running_echo() as port:
        press(port, [_posts(city, number) for number in ids], 1)
        echo = press(port, [_posts(city, number) for number in ids], SECONDS / 2)
    press(city.port, [_posts(city, number, -10_000_000) for number in ids], 2)
    with city.connect() as connection:
        before = _stored(connection, ids)
        rate = press(city.port, [_posts(city, number) for number in ids], SECONDS)
        stored = _stored(connection, ids) - before
    posted = round(rate.per_second * SECONDS)
    note = f"{rate.note}; {stored:,} stored"
    if stored < posted * 0.95:
        raise RuntimeError(f"{posted} posts were acknowledged and {stored} stored")
    yield Figure(
        "one observation per POST, 64 clients",
        rate.per_second,
        "/s",
        4_000,
        echo.per_second,
        "bare echo",
        note,
    )


def _posts(city: City, datastream_id: int, first: int = 0) -> Iterator[bytes]:
    path = f"/sta/v1.1/Datastreams({datastream_id})/Observations"
    for number in count(first):
        moment = (START + timedelta(milliseconds=number)).isoformat()
        body = f'{{"phenomenonTime":"{moment}","result":{20 + number % 100 / 10}}}'
        yield request("POST", path, city.secret, body.encode())


def _stored(connection: psycopg.Connection[tuple[int]], ids: list[int]) -> int:
    row = connection.execute(
        "SELECT sum(count)::bigint FROM observations_datastreamstate WHERE datastream_id = ANY(%s)", (ids,)
    ).fetchone()
    assert row is not None
    return row[0]
