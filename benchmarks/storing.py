"""Bulk storing and back-filling beside raw COPY into the same table, in the same run."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import repeat

import msgspec
import numpy as np
import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.streams import ACTOR, make_streams
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.services import store_readings

ROWS = 100_000
PARTS = 4
STREAMS = 100
SECOND = 1_000_000
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()) * SECOND
POSTGRES_EPOCH = 946_684_800 * SECOND
BLOCK_ROWS = 1_000


def run(city: City) -> Iterator[Figure]:
    """Raw COPY, `append` in batches of 100,000, data arrays over HTTP, and 250,000 readings in random order."""
    ids = make_streams("bulk", STREAMS)
    # in turns, so that whatever else the machine does meets both alike
    with city.connect(owner=True) as owner, city.connect() as connection:
        owner.execute("CREATE TABLE copied (LIKE observations_observation INCLUDING ALL)")
        turns = [(_copy(owner, ids, part), _append(connection, ids, part)) for part in range(PARTS)]
        owner.execute("DROP TABLE copied")
    copied = PARTS * ROWS / sum(copying for copying, _ in turns)
    appended = PARTS * ROWS / sum(appending for _, appending in turns)
    yield Figure(
        "bulk: append in batches of 100,000",
        appended,
        "obs/s",
        100_000,
        copied,
        "raw COPY, same columns and indexes",
    )
    yield Figure("bulk: share of raw COPY", 100 * appended / copied, "%", 25)
    posted = _post_arrays(city, make_streams("arrays", STREAMS))
    yield Figure(
        "bulk: data arrays of 10 × 1,000 over HTTP, 4 clients", posted, "obs/s", 100_000, copied, "raw COPY"
    )
    seconds = _backfill(make_streams("backfill", 80))
    yield Figure(
        "back-fill of 250,000 out of order over 30 days", seconds, "s", 5, 250_000 / copied, "raw COPY"
    )


def _copy(owner: psycopg.Connection[object], ids: list[int], part: int) -> float:
    """Seconds of a binary COPY into a table with the columns, checks and indexes of observations."""
    fields = ("id", "datastream_id", "phenomenon_time", "received_at", "result_number")
    row = [("count", ">i2")]
    for name in fields:
        row += [(f"{name}_length", ">i4"), (name, ">f8" if name == "result_number" else ">i8")]
    rows = np.zeros(ROWS, dtype=row)
    rows["count"] = len(fields)
    for name in fields:
        rows[f"{name}_length"] = 8
    rows["id"] = np.arange(ROWS) + part * ROWS
    rows["datastream_id"] = np.tile(ids, ROWS // STREAMS)
    rows["phenomenon_time"] = _times(part) - POSTGRES_EPOCH
    rows["result_number"] = 20.5
    started = time.perf_counter()
    with owner.cursor().copy(f"COPY copied ({', '.join(fields)}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        copy.write(rows.tobytes())
        copy.write(b"\xff\xff")
    return time.perf_counter() - started


def _append(connection: psycopg.Connection[object], ids: list[int], part: int) -> float:
    """Seconds of `append` for as many rows of the same times and datastreams."""
    values = np.random.default_rng(part).normal(20, 5, ROWS)
    started = time.perf_counter()
    result = append(connection, Batch.columns(np.tile(ids, ROWS // STREAMS), _times(part), values))
    assert result.stored == ROWS
    return time.perf_counter() - started


def _times(part: int) -> np.typing.NDArray[np.int64]:
    """Every datastream's readings, ten seconds apart, in microseconds since 1970."""
    times: np.typing.NDArray[np.int64] = START + (np.arange(ROWS) + part * ROWS) // STREAMS * 10 * SECOND
    return times


def _post_arrays(city: City, ids: list[int], clients: int = 4, per_client: int = 10) -> float:
    """Observations per second through `CreateObservations`, every datastream's rows in order of time."""
    streams = []
    for client in range(clients):
        bodies = []
        for number in range(per_client):
            blocks = [
                {
                    "Datastream": {"@iot.id": ids[(client * per_client + number * 10 + k) % STREAMS]},
                    "components": ["phenomenonTime", "result"],
                    "dataArray": [
                        [_moment((client * per_client + number) * BLOCK_ROWS + row), 20 + row / 100]
                        for row in range(BLOCK_ROWS)
                    ],
                }
                for k in range(10)
            ]
            bodies.append(
                request("POST", "/sta/v1.1/CreateObservations", city.secret, msgspec.json.encode(blocks))
            )
        streams.append(iter(bodies))
    warm = [
        {"Datastream": {"@iot.id": number}, "components": ["result"], "dataArray": [[20]]} for number in ids
    ]
    press(
        city.port,
        [iter([request("POST", "/sta/v1.1/CreateObservations", city.secret, msgspec.json.encode(warm))])],
        60,
    )
    rate = press(city.port, streams, 60)
    return rate.per_second * 10 * BLOCK_ROWS


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(START / SECOND + seconds * 10, UTC).isoformat()


def _backfill(ids: list[int]) -> float:
    count = 250_000
    chance = np.random.default_rng(1)
    streams = np.array(list(repeat(ids, count // len(ids)))).ravel()
    times = START + np.arange(len(streams)) // len(ids) * (30 * 86_400 * SECOND // (count // len(ids)))
    order = chance.permutation(len(streams))
    batch = Batch.columns(streams[order], times[order], chance.normal(20, 5, len(streams)))
    started = time.perf_counter()
    result = store_readings(ACTOR, batch)
    seconds = time.perf_counter() - started
    assert result.stored == len(streams)
    return seconds
