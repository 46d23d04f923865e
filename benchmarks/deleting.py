"""Deleting a datastream of a million observations: gone for readers, and purged from the disk."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.streams import ACTOR, make_streams
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.removal import purge
from stadt.hub.observations.services import delete_datastreams, store_readings

ROWS = 1_000_000


def run(city: City) -> Iterator[Figure]:
    """One datastream with a reading every minute for two years, deleted through the verb, then purged as the job does."""
    doomed, spare = make_streams("doomed", 2)
    last = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp()) * 1_000_000
    for number in (doomed, spare):
        times = last - np.arange(ROWS if number == doomed else ROWS // 10)[::-1] * 60_000_000
        store_readings(ACTOR, Batch.columns(np.full(len(times), number), times, np.zeros(len(times))))
    with city.connect(owner=True) as owner:
        started = time.perf_counter()
        owner.execute("DELETE FROM observations_observation WHERE datastream_id = %s", (spare,))
        bare = (time.perf_counter() - started) * 10
    started = time.perf_counter()
    assert delete_datastreams(ACTOR, [doomed]) == 1
    gone = time.perf_counter() - started
    purge()
    purged = time.perf_counter() - started
    yield Figure("delete a datastream of 1 M: no reader sees it", gone, "s", 2)
    yield Figure(
        "delete a datastream of 1 M: rows purged by the job",
        purged,
        "s",
        2,
        bare,
        "bare DELETE, scaled from 100,000",
    )
