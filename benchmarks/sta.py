"""SensorThings over HTTP: data arrays, and a thousand Things each with the latest value of every datastream."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote

import msgspec
import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.streams import make_streams
from benchmarks.timing import median_seconds

ROWS = 50_000
STREAMS = 50
SECONDS = 10.0
START = datetime(2026, 3, 1, tzinfo=UTC)
LATEST = """
SELECT t.id, t.name, t.description, d.id, d.name, d.description, s.last_time, s.last_number
FROM observations_thing t JOIN observations_datastream d ON d.thing_id = t.id
JOIN observations_datastreamstate s ON s.datastream_id = d.id
WHERE d.id = ANY(%s) ORDER BY t.id
"""


def run(city: City) -> Iterator[Figure]:
    """Two clients post data arrays of 50,000 rows; then single clients read what a dashboard shows."""
    ids = make_streams("array", STREAMS)
    press(city.port, [_arrays(city, ids, 0)], 0.1)
    rate = press(city.port, [_arrays(city, ids, 1000), _arrays(city, ids, 2000)], SECONDS)
    yield Figure(
        "observations by data array, 2 clients", rate.per_second * ROWS, "/s", 100_000, note=rate.note
    )
    things = make_streams("board", 1000)
    press(city.port, [iter([_posted(city, number) for number in things])], 60)
    with city.connect() as connection:
        latest = median_seconds(lambda: _latest_of(connection, things), 20)
    newest = "Observations($orderby=phenomenonTime desc;$top=1)"
    for name, path, budget in (
        (
            "1,000 Things with latest value",
            f"Things?$top=1000&$expand={quote(f'Datastreams($expand={newest})')}",
            100.0,
        ),
        (
            "1,000 Things with LatestObservation",
            f"Things?$top=1000&$expand={quote('Datastreams($expand=LatestObservation)')}",
            100.0,
        ),
        ("exact count of all observations", "Observations?$count=true&$top=0", 10.0),
        ("a page of all observations", "Observations", None),
        ("one Thing", f"Datastreams({things[0]})/Thing", None),
    ):
        single = press(city.port, [iter([request("GET", f"/sta/v1.1/{path}")] * 20)], 60)
        limit = latest * 1000 if path.startswith("Things") else None
        yield Figure(
            f"SensorThings: {name}",
            single.median * 1000,
            "ms",
            budget,
            limit,
            "bare SQL, rows to Python" if limit else "",
            single.note,
        )


def _latest_of(connection: psycopg.Connection[object], datastreams: list[int]) -> None:
    """The bare query behind it: the thing, the datastream and its latest value, a thousand times."""
    assert len(connection.execute(LATEST, (datastreams,)).fetchall()) == len(datastreams)


def _arrays(city: City, ids: list[int], first_day: int) -> Iterator[bytes]:
    """Data arrays of the same readings at ever later days, so that none is like another."""
    per_stream = ROWS // len(ids)
    for day in count(first_day):
        start = START - timedelta(days=day % 365)
        times = [
            (start + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ") for number in range(per_stream)
        ]
        rows = [[time, number / 10] for number, time in enumerate(times)]
        blocks = [
            {"Datastream": {"@iot.id": number}, "components": ["phenomenonTime", "result"], "dataArray": rows}
            for number in ids
        ]
        yield request("POST", "/sta/v1.1/CreateObservations", city.secret, msgspec.json.encode(blocks))


def _posted(city: City, datastream_id: int) -> bytes:
    body = b'{"phenomenonTime":"2026-03-01T00:00:00Z","result":1.5}'
    return request("POST", f"/sta/v1.1/Datastreams({datastream_id})/Observations", city.secret, body)
