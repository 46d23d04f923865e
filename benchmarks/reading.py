"""Reading: the newest hundred, a thousand things with their latest values, exact counts; beside the bare SQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import repeat
from urllib.parse import quote

import numpy as np
import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.streams import ACTOR, make_streams
from benchmarks.timing import median_seconds
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.queries import counts, latest_of_things
from stadt.hub.observations.services import store_readings

DAYS = 365
PER_DAY = 288
NEWEST = """
SELECT id, phenomenon_time, result_number FROM observations_observation
WHERE datastream_id = %s AND phenomenon_time >= %s AND phenomenon_time <= %s
ORDER BY phenomenon_time DESC, id DESC LIMIT 100
"""

DAY = """
SELECT id, phenomenon_time, result_number FROM observations_observation
WHERE datastream_id = %s AND phenomenon_time >= %s AND phenomenon_time < %s ORDER BY phenomenon_time, id
"""


def run(city: City) -> Iterator[Figure]:
    """A year of readings every five minutes in ten datastreams, and a thousand things with one value each."""
    ids = make_streams("year", 10)
    many = make_streams("many", 1000)
    last = _fill(ids, many)
    with city.connect() as connection:
        bare = 1 / median_seconds(lambda: _newest(connection, ids[3], last), 300)
    path = f"/sta/v1.1/Datastreams({{}})/Observations?$orderby={quote('phenomenonTime desc')}&$top=100"
    requests: list[Iterator[bytes]] = [repeat(request("GET", path.format(number))) for number in ids]
    press(city.port, requests, 1)
    rate = press(city.port, requests, 4)
    yield Figure(
        "newest 100 of a datastream over HTTP, 10 clients",
        rate.per_second,
        "/s",
        1_500,
        bare,
        "bare SQL, one connection",
        rate.note,
    )
    yield _one_day(city, ids, last)
    seconds = median_seconds(lambda: latest_of_things(thing_key_prefix="many-"), 10)
    yield Figure("1,000 things with latest value (query)", seconds * 1000, "ms", 100)
    expand = quote("Observations($orderby=phenomenonTime desc;$top=1)")
    one = iter([request("GET", f"/sta/v1.1/Datastreams?$top=1000&$expand={expand}")] * 5)
    yield Figure(
        "1,000 datastreams with latest value over HTTP", press(city.port, [one], 30).median * 1000, "ms", 100
    )
    counting = iter([request("GET", f"/sta/v1.1/Datastreams({ids[0]})/Observations?$count=true&$top=1")] * 50)
    yield Figure(
        "exact count of a datastream over HTTP", press(city.port, [counting], 30).median * 1000, "ms", 10
    )
    assert counts(ids)[ids[0]] == DAYS * PER_DAY


def _one_day(city: City, ids: list[int], last: datetime) -> Figure:
    """A day of one datastream, as a chart asks for it: 288 readings."""
    end = last.replace(hour=0, minute=0)
    start = end - timedelta(days=1)
    with city.connect() as connection:
        bare = 1 / median_seconds(lambda: _day(connection, ids[3], start, end), 300)
    limits = f"phenomenonTime ge {start:%Y-%m-%dT%H:%M:%SZ} and phenomenonTime lt {end:%Y-%m-%dT%H:%M:%SZ}"
    options = f"$filter={quote(limits)}&$orderby=phenomenonTime&$top=300&$select=phenomenonTime,result"
    path = "/sta/v1.1/Datastreams({})/Observations?" + options
    rate = press(city.port, [repeat(request("GET", path.format(number))) for number in ids], 4)
    return Figure(
        "one day of a datastream over HTTP, 10 clients",
        rate.per_second,
        "/s",
        None,
        bare,
        "bare SQL, one connection",
        rate.note,
    )


def _fill(ids: list[int], many: list[int]) -> datetime:
    step = 300_000_000
    last = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000
    times = np.repeat(last - np.arange(DAYS * PER_DAY)[::-1] * step, len(ids))
    streams = np.tile(ids, DAYS * PER_DAY)
    store_readings(ACTOR, Batch.columns(streams, times, np.random.default_rng(2).normal(20, 5, len(times))))
    store_readings(ACTOR, Batch.columns(many, np.full(len(many), last), np.arange(float(len(many)))))
    return datetime.fromtimestamp(last / 1_000_000, UTC)


def _newest(connection: psycopg.Connection[object], number: int, last: datetime) -> None:
    rows = connection.execute(NEWEST, (number, last.replace(day=1, month=5), last)).fetchall()
    assert len(rows) == 100


def _day(connection: psycopg.Connection[object], number: int, start: datetime, end: datetime) -> None:
    rows = connection.execute(DAY, (number, start, end)).fetchall()
    assert len(rows) == PER_DAY
