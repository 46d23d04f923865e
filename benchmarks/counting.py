"""Counting: five million observations, exactly, beside what PostgreSQL's own count takes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.streams import ACTOR, make_streams
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.services import store_readings

ROWS = 5_000_000
PART = 100_000
STREAMS = 50
LAST = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000


def run(city: City) -> Iterator[Figure]:
    """Fifty datastreams with a reading every five minutes for a year; the count of all of them over HTTP."""
    ids = make_streams("counted", STREAMS)
    for start in range(0, ROWS, PART):
        numbers = np.arange(start, start + PART)
        times = LAST - (numbers // STREAMS) * 300_000_000
        store_readings(ACTOR, Batch.columns(np.tile(ids, PART // STREAMS), times, numbers / PART))
    with city.connect() as connection:
        started = time.perf_counter()
        row = connection.execute("SELECT count(*) FROM observations_observation").fetchone()
        bare = time.perf_counter() - started
    assert row is not None
    assert row[0] >= ROWS
    path = "/sta/v1.1/Observations?$count=true&$top=0"
    counting = press(city.port, [iter([request("GET", path)] * 50)], 60)
    yield Figure(
        f"exact count of {row[0]:,} observations over HTTP",
        counting.median * 1000,
        "ms",
        10,
        bare * 1000,
        "count(*)",
        counting.note,
    )
