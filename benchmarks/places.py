"""Finding places among 100,000 addresses: by words, misspelled, and by nearness, beside bare SQL on the same rows."""

import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.timing import median_seconds
from stadt.core.city import current
from stadt.core.people.actor import Actor
from stadt.hub.places.models import SpotKind
from stadt.hub.places.services import seed_city_areas
from stadt.hub.places.spot_files import SpotRow
from stadt.hub.places.spot_queries import find_spots, nearest_spot
from stadt.hub.places.spots import put_spots

COUNT = int(os.environ.get("BENCH_ADDRESSES", "100000"))
HOUSES = 50
TIMES = 30
BUDGET_MS = 20
ACTOR = Actor.system("benchmark")
# Invented names: two thousand streets of fifty houses.
FIRST = ("Ahorn", "Birken", "Dorn", "Eichen", "Feld", "Garten", "Hasel", "Insel", "Kirch", "Linden")
SECOND = ("berg", "tal", "wiesen", "hof", "brunnen", "mühlen", "heide", "grund", "kamp", "bach")
THIRD = ("straße", "weg", "platz", "allee", "ring")
# What people write, from the whole address to a few letters.
SOUGHT = {
    "a whole address": "Ahornbergstr. 12 12001",
    "a street": "Lindenmühlenstraße",
    "three letters": "gar",
    "one letter": "k",
    "the post code alone": "12007",
    "words in the middle": "mühlenweg 7",
    "a misspelled street with number": "Ahornbregstraße 12",
    "nothing that exists": "zzzzqqqq 5",
}


def run(city: City) -> Iterator[Figure]:
    """Fill by the import, then look."""
    seed_city_areas(ACTOR)
    rows = _rows()
    started = time.perf_counter()
    put_spots(ACTOR, rows, source="benchmark")
    yield Figure("addresses imported, streets derived", len(rows) / (time.perf_counter() - started), "/s")
    started = time.perf_counter()
    put_spots(ACTOR, rows, source="benchmark", whole=True)
    yield Figure("the same again, nothing changed", len(rows) / (time.perf_counter() - started), "/s")
    with city.connect(owner=True) as connection:
        connection.execute("VACUUM ANALYZE places_spot")
        for name, words in SOUGHT.items():
            yield _timed(f"places: {name}", partial(find_spots, words, 10), _bare(connection), "one prefix")
        lon, lat = current().centre
        yield _timed(
            "places: nearest to a point", lambda: nearest_spot(lon, lat, 200), _bare(connection), "one prefix"
        )
    path = "/api/v1/places/search?q=Ahornberg"
    rate = press(city.port, [iter([request("GET", path)] * TIMES)], 60)
    yield Figure("places over HTTP", rate.median * 1000, "ms", BUDGET_MS, note=rate.note)


def _rows() -> list[SpotRow]:
    chance = random.Random(7)
    west, south, east, north = current().bbox
    rows = []
    for number in range(COUNT // HOUSES):
        first, rest = number % 10, number // 10
        street = f"{FIRST[first]}{SECOND[rest % 10]}{THIRD[rest // 10 % 5]}"
        if rest >= 50:
            street = f"{FIRST[rest % 7]}-{street}"
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        rows += [
            SpotRow(
                SpotKind.ADDRESS, f"{street} {house}", street, str(house), f"{12000 + number % 20}", "Probe",
                lon + (house - 25) * 1e-5, lat, f"b{number}.{house}",
            )
            for house in range(1, HOUSES + 1)
        ]  # fmt: skip
    return rows


def _bare(connection: psycopg.Connection[Any]) -> float:
    """The physical limit: one walk down the index for twenty rows."""
    return median_seconds(
        lambda: connection.execute(
            "SELECT * FROM places_spot WHERE folded LIKE 'ahornberg%' ORDER BY folded LIMIT 20"
        ).fetchall(),
        TIMES,
    )


def _timed(name: str, work: Callable[[], object], limit: float, limit_name: str) -> Figure:
    return Figure(name, median_seconds(work, TIMES) * 1000, "ms", BUDGET_MS, limit * 1000, limit_name)
