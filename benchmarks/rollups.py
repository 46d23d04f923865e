"""A year of hourly means over HTTP beside the bare SQL on the rollups, before and after the job has rolled the year up."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import repeat
from urllib.parse import quote

import numpy as np
import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import Rate, press, request
from benchmarks.streams import ACTOR, make_streams
from benchmarks.timing import median_seconds
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.rolling import roll_up
from stadt.hub.observations.services import store_readings

DAYS = 365
PER_DAY = 144
HOURS = DAYS * 24
BARE = """
SELECT start, total / count FROM observations_rollup
WHERE datastream_id = %s AND width = 60 ORDER BY start
"""


def run(city: City) -> Iterator[Figure]:
    """One datastream with a reading every ten minutes for a year."""
    number, other = make_streams("hourly", 2)
    last = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000
    times = last - (np.arange(DAYS * PER_DAY)[::-1] + 1) * 600_000_000
    values = np.random.default_rng(3).normal(20, 5, len(times))
    for stream in (number, other):
        store_readings(ACTOR, Batch.columns(np.full(len(times), stream), times, values))
    mean = "aggregate(result with average as mean)"
    every = "aggregate(result with average as mean,$count as n,result with p50 as half,result with p95 as most,coverage)"
    unrolled = _asked(city, number, "PT1H", mean, 5)
    yield Figure(
        "1 year of hourly means, nothing rolled up yet", unrolled.median * 1000, "ms", note=unrolled.note
    )
    started = time.perf_counter()
    roll_up()
    yield Figure("rolling up 2 years of readings every 10 minutes", time.perf_counter() - started, "s")
    with city.connect() as connection:
        connection.execute("SELECT 1")
        bare = median_seconds(lambda: _bare(connection, number), 20)
    rolled = _asked(city, number, "PT1H", mean, 20)
    yield Figure(
        "1 year of hourly means over HTTP",
        rolled.median * 1000,
        "ms",
        None,
        bare * 1000,
        "bare SQL on the rollups",
        rolled.note,
    )
    for width, aggregate in (("PT1H", every), ("P1D", every), ("P1M", mean), ("P1M", every), ("PT15M", mean)):
        rate = _asked(city, number, width, aggregate, 10)
        what = "means" if aggregate is mean else "every figure"
        yield Figure(f"1 year in buckets of {width}, {what}", rate.median * 1000, "ms")


def _asked(city: City, number: int, width: str, aggregate: str, times: int) -> Rate:
    apply = quote(f"groupby((bucket(phenomenonTime,'{width}')),{aggregate})")
    path = f"/sta/v1.1/Datastreams({number})/Observations?$top=10000&$apply={apply}"
    asked = request("GET", path)
    press(city.port, [iter([asked] * 2)], 60)
    return press(city.port, [iter([asked for _ in repeat(None, times)])], 60)


def _bare(connection: psycopg.Connection[object], number: int) -> None:
    assert len(connection.execute(BARE, (number,)).fetchall()) == HOURS
