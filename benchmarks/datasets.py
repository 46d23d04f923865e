"""Datasets that offices keep: a million rows of CSV in and published; rows and features out; each beside raw DuckDB."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import duckdb

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.timing import median_seconds
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.lake.engine import EXTENSIONS, extension, literal
from stadt.hub.lake.layout import layout

ROWS = 1_000_000
KEY = "bench.counts"
OFFICE, REVIEWER = Actor.system("benchmark"), Actor.system("benchmark:reviewer")
CARD = {
    "key": KEY,
    "title": "Zählungen",
    "description": "Eine Million Zählungen an erfundenen Orten.",
    "theme": "TRAN",
    "licence": "DL_DE_ZERO_2",
    "is_simulated": True,
}
CHUNK = 1 << 20
# Half the side of a window that holds about 1,000 of a million points spread over 0.16 by 0.16 degrees.
HALF = 0.16 * (1_000 / ROWS) ** 0.5 / 2
CENTRE = 7.06, 51.56
CSV_SQL = f"""
COPY (
    SELECT i AS nummer, 'Stelle ' || (i % 400) AS stelle,
           strftime(DATE '2024-01-01' + CAST(i % 700 AS INTEGER), '%d.%m.%Y') AS tag,
           replace(CAST(round(hash(i) % 100000 / 10.0, 1) AS VARCHAR), '.', ',') AS wert,
           replace(CAST(round({CENTRE[0] - 0.08} + hash(i * 3) % 160000 / 1e6, 6) AS VARCHAR), '.', ',') AS laenge,
           replace(CAST(round({CENTRE[1] - 0.08} + hash(i * 7) % 160000 / 1e6, 6) AS VARCHAR), '.', ',') AS breite
    FROM range({ROWS}) AS rows(i)
) TO {{target}} (FORMAT csv, DELIMITER ';', HEADER)
"""


def run(city: City) -> Iterator[Figure]:
    """One dataset of a million rows with points, from its file to its answers."""
    with tempfile.TemporaryDirectory(dir=city.home) as folder:
        file = Path(folder) / "zaehlungen.csv"
        bare = duckdb.connect()
        for name in EXTENSIONS:
            bare.execute(f"LOAD {literal(str(extension(name)))}")
        bare.execute(CSV_SQL.format(target=literal(str(file))))
        yield from _publish(file, bare, Path(folder) / "bare.parquet")
    part = layout().parts / get_snapshot(KEY).paths[0]
    yield _rows(city, bare, part)
    yield _features(city, bare, part)


def _publish(file: Path, bare: duckdb.DuckDBPyConnection, target: Path) -> Iterator[Figure]:
    limit = _seconds(lambda: bare.execute(_bare_copy(file, target)))
    owner = Organisation.objects.get(key="stadt")
    services.start_dataset(OFFICE, owner.pk, CARD)
    size = f"{file.stat().st_size / 1e6:.0f} MB"
    steps: dict[str, float] = {}
    started = time.perf_counter()
    delivery = services.receive_delivery(OFFICE, KEY, file.name, _chunks(file))
    steps["receive"] = time.perf_counter() - started
    delivery = services.read_delivery(OFFICE, delivery.pk)
    steps["read"] = time.perf_counter() - started - sum(steps.values())
    delivery = services.prepare_delivery(OFFICE, delivery.pk)
    steps["prepare"] = time.perf_counter() - started - sum(steps.values())
    assert delivery.row_count == ROWS, delivery.problems
    kept = services.submit_for_review(OFFICE, KEY, delivery.dataset.revision)
    services.approve(REVIEWER, KEY, kept.revision)
    total = time.perf_counter() - started
    steps["approve"] = total - sum(steps.values())
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items())
    yield Figure(
        "1 million rows CSV in → published",
        total,
        "s",
        60,
        limit,
        "raw DuckDB, CSV to sorted GeoParquet",
        f"{size}; {told}",
    )


def _bare_copy(file: Path, target: Path) -> str:
    """The same table without a question asked: typed by hand, sorted along the curve."""
    number = "CAST(replace({}, ',', '.') AS DOUBLE)"
    return f"""
    COPY (
        WITH read AS (
            SELECT CAST(nummer AS BIGINT) AS nummer, stelle, strptime(tag, '%d.%m.%Y')::DATE AS tag,
                   {number.format("wert")} AS wert,
                   ST_Point({number.format("laenge")}, {number.format("breite")}) AS geom
            FROM read_csv({literal(str(file))}, delim = ';', all_varchar = true)
        ), extent AS (SELECT ST_Extent(ST_Extent_Agg(geom)) AS box FROM read)
        SELECT read.* FROM read, extent ORDER BY ST_Hilbert(geom, extent.box)
    ) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)
    """


def _rows(city: City, bare: duckdb.DuckDBPyConnection, part: Path) -> Figure:
    sql = "SELECT to_json({n: nummer, s: stelle, t: tag, w: wert, g: ST_AsGeoJSON(geometry_of)})"
    shape = _shape(bare, part)
    sql = f"{sql.replace('geometry_of', shape)} FROM read_parquet({literal(str(part))}) LIMIT 10000"
    limit = median_seconds(lambda: bare.execute(sql).fetchall(), 10)
    path = f"/api/v1/datasets/{KEY}/rows?limit=10000"
    rate = press(city.port, [repeat(request("GET", path))], 5)
    return Figure(
        "10,000 rows as JSON over HTTP",
        rate.median * 1000,
        "ms",
        250,
        limit * 1000,
        "raw DuckDB to JSON",
        rate.note,
    )


def _features(city: City, bare: duckdb.DuckDBPyConnection, part: Path) -> Figure:
    shape = _shape(bare, part)
    west, south, east, north = CENTRE[0] - HALF, CENTRE[1] - HALF, CENTRE[0] + HALF, CENTRE[1] + HALF
    sql = f"""
    SELECT ST_AsGeoJSON({shape}), nummer, stelle, tag, wert FROM read_parquet({literal(str(part))})
    WHERE bbox.xmin <= {east} AND bbox.xmax >= {west} AND bbox.ymin <= {north} AND bbox.ymax >= {south}
    """
    limit = median_seconds(lambda: bare.execute(sql).fetchall(), 20)
    box = f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}"
    path = f"/api/v1/datasets/{KEY}/rows?format=geojson&bbox={box}&limit=10000"
    rate = press(city.port, [repeat(request("GET", path))], 5)
    found = _count(city, path)
    return Figure(
        "1,000 features as GeoJSON out of a million",
        rate.median * 1000,
        "ms",
        60,
        limit * 1000,
        "raw DuckDB with bbox columns",
        f"{found} features, {rate.note}",
    )


def _shape(bare: duckdb.DuckDBPyConnection, part: Path) -> str:
    """Name of the geometry column that the intake gave."""
    found = bare.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(part))})").fetchall()
    return str(next(name for name, kind, *_ in found if str(kind).startswith("GEOMETRY")))


def _count(city: City, path: str) -> int:
    import http.client  # noqa: PLC0415 - once, to look at what the load generator does not read

    connection = http.client.HTTPConnection("127.0.0.1", city.port, timeout=60)
    connection.request("GET", path)
    return len(json.loads(connection.getresponse().read())["features"])


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
