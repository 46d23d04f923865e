"""The catalogue at 100,000 datasets: searches and facets in the process, lists and portals over HTTP, beside bare SQL."""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.timing import median_seconds
from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept.card import live_of
from stadt.hub.datasets.kept.states import AccessClass, State
from stadt.hub.datasets.models import KeptDataset, Part, Snapshot, SnapshotPart
from stadt.hub.opendata.ckan.searching import search
from stadt.hub.opendata.index.asking import Question, ask
from stadt.hub.opendata.index.finding import Choice, Order, count_facets, find_entries
from stadt.hub.opendata.index.refresh import refresh_all
from stadt.hub.opendata.index.suggesting import suggest

COUNT = int(os.environ.get("BENCH_DATASETS", "100000"))
MADE = min(COUNT, 2000)  # made one by one; the others are copies of them
BATCH = 2000
TIMES = 20
BUDGET_MS = 50
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SUBJECTS = [
    "Abfallbehälter",
    "Altpapier",
    "Anschriften",
    "Apotheken",
    "Arbeitslose",
    "Baumkataster",
    "Baustellen",
    "Bebauungspläne",
    "Bevölkerung",
    "Bibliotheken",
    "Bodenrichtwerte",
    "Brunnen",
    "Denkmäler",
    "Einwohner",
    "Energieverbrauch",
    "Fahrradständer",
    "Feinstaub",
    "Feuerwehr",
    "Friedhöfe",
    "Geburten",
    "Gewässer",
    "Grünflächen",
    "Haltestellen",
    "Haushalt",
    "Hochwasser",
    "Hunde",
    "Kindergärten",
    "Krankenhäuser",
    "Kraftfahrzeuge",
    "Ladesäulen",
    "Lärm",
    "Luftqualität",
    "Märkte",
    "Museen",
    "Niederschlag",
    "Parkhäuser",
    "Pegelstände",
    "Radwege",
    "Schulen",
    "Schwimmbäder",
    "Solaranlagen",
    "Spielplätze",
    "Sportstätten",
    "Straßen",
    "Temperatur",
    "Umzüge",
    "Unfälle",
    "Vereine",
    "Verkehrszählung",
    "Wahlergebnisse",
    "Wohnungen",
]
PLACES = [
    "Altstadt",
    "Beckhausen",
    "Bismarck",
    "Bulmke",
    "Buer",
    "Erle",
    "Feldmark",
    "Hassel",
    "Heßler",
    "Horst",
    "Resse",
    "Rotthausen",
    "Schalke",
    "Scholven",
]
WORDS = [
    "jährlich",
    "monatlich",
    "Erhebung",
    "Zählung",
    "Bestand",
    "Lage",
    "Anzahl",
    "Daten",
    "Verzeichnis",
    "Karte",
    "Messung",
    "Statistik",
    "Amt",
    "Stadtteil",
]
THEMES = ["AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "JUST", "REGI", "SOCI", "TECH", "TRAN"]
LICENCES = ["DL_DE_BY_2", "DL_DE_ZERO_2", "CC_BY_4", "CC_ZERO"]
# What is sought: as people do, from a word of every second dataset to one of a few.
SOUGHT = {
    "a word of most datasets": "Daten",
    "a word of one in seven": "Luftqualität",
    "a compound's end and synonyms": "Behälter",
    "three words": "Einwohner Schalke 2019",
}


# Copies of a table's rows under other keys; `{i}` is the number of the copy.
COPIED = {
    "datasets_keptdataset": {"key": "o.key || 'x' || {i}"},
    "datasets_snapshot": {"dataset": "o.dataset || 'x' || {i}"},
    "datasets_part": {"dataset": "o.dataset || 'x' || {i}", "path": "o.path || {i}"},
    "opendata_catalogueentry": {
        "key": "o.key || 'x' || {i}",
        "name": "o.name || 'x' || {i}",
        "title": "o.title || ' ' || {i}",
        "sort_title": "o.sort_title || ' ' || {i}",
        "package": "replace(o.package, o.key, o.key || 'x' || {i})",
        "snapshot": "(SELECT s.id FROM datasets_snapshot s WHERE s.dataset = o.key || 'x' || {i})",
    },
}


def run(city: City) -> Iterator[Figure]:
    """Fill, make the index, copy it to its full size, and look."""
    _fill()
    yield from _refreshing()
    with city.connect(owner=True) as connection:
        _copy(connection)
        bare = _scan(connection)
        yield from _searching(connection, bare)
    yield from _over_http(city, bare * 1000)


def _copy(connection: psycopg.Connection[Any]) -> None:
    """Make the datasets, their snapshots and their entries many, in the database: a hundred times faster than one by one."""
    copies = COUNT // MADE - 1
    for table, changed in COPIED.items():
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'",
            [table],
        ).fetchall()
        names = [str(row[0]) for row in rows]
        values = ", ".join(changed.get(name, f"o.{name}").format(i="i") for name in names)
        key = "dataset" if "dataset" in names else "key"
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} o, generate_series(1, %s) AS i"
            f" WHERE o.{key} LIKE 'bench.%%'",
            [copies],
        )
    connection.execute(
        "INSERT INTO datasets_snapshotpart (snapshot_id, part_id, position) SELECT s.id, p.id, 0 FROM datasets_snapshot s"
        " JOIN datasets_part p ON p.dataset = s.dataset WHERE s.dataset LIKE 'bench.%x%'"
    )
    connection.execute(
        "VACUUM ANALYZE opendata_catalogueentry, opendata_cataloguecombination, opendata_catalogueword, datasets_snapshot,"
        " datasets_keptdataset"
    )


def _fill() -> None:
    """Kept datasets with a snapshot of one part each, as an office would have published them."""
    chance = random.Random(5)
    organisation = Organisation.objects.get(key="stadt")
    columns = [{"name": "jahr", "type": "integer", "title": "Jahr", "unit": "", "description": ""}]
    for start in range(0, MADE, BATCH):
        numbers = range(start, min(start + BATCH, MADE))
        kept = [_kept(chance, number, organisation, columns) for number in numbers]
        KeptDataset.objects.bulk_create(kept)
        snapshots = Snapshot.objects.bulk_create(
            Snapshot(
                dataset=item.key,
                number=1,
                published_at=item.approved_at or NOW,
                content_hash="0" * 64,
                schema_hash="0" * 64,
                row_count=chance.randrange(1, 10_000),
                simulated_count=0,
                columns=columns,
            )
            for item in kept
        )
        parts = Part.objects.bulk_create(
            Part(
                dataset=item.dataset,
                name="whole",
                path=f"{item.dataset}/whole.parquet",
                sha256="a" * 64,
                digest="0" * 64,
                row_count=item.row_count,
                simulated_count=0,
                size_bytes=1000,
            )
            for item in snapshots
        )
        SnapshotPart.objects.bulk_create(
            SnapshotPart(snapshot=snapshot, part=part, position=0)
            for snapshot, part in zip(snapshots, parts, strict=True)
        )


def _kept(
    chance: random.Random, number: int, organisation: Organisation, columns: list[dict[str, str]]
) -> KeptDataset:
    subject, place = chance.choice(SUBJECTS), chance.choice(PLACES)
    year = chance.randrange(1990, 2027)
    item = KeptDataset(
        key=f"bench.d{number}",
        organisation=organisation,
        state=State.PUBLISHED,
        live_access=AccessClass.PUBLIC,
        title=f"{subject} {place} {year}",
        description=" ".join(chance.choices(WORDS, k=12)) + f" {subject} in {place}.",
        keywords=chance.sample(SUBJECTS, 3),
        theme=chance.choice(THEMES),
        licence=chance.choice(LICENCES),
        publisher=f"Amt {chance.randrange(60)}",
        approved_at=NOW - timedelta(minutes=chance.randrange(2_000_000)),
        created_by="system:benchmark",
        changed_by="system:benchmark",
    )
    item.live = live_of(item, columns)
    return item


def _refreshing() -> Iterator[Figure]:
    started = time.perf_counter()
    count = refresh_all()
    took = time.perf_counter() - started
    yield Figure("entries made anew", count / took, "/s")


def _scan(connection: psycopg.Connection[Any]) -> float:
    """The physical limit of facets: to read what they are counted from, once."""
    return median_seconds(
        lambda: connection.execute(
            "SELECT combination_id, count(*) FROM opendata_catalogueentry GROUP BY 1"
        ).fetchall(),
        TIMES,
    )


def _searching(connection: psycopg.Connection[Any], bare: float) -> Iterator[Figure]:
    everything = find_entries(Choice())
    yield _timed(
        "facets of the whole catalogue", lambda: count_facets(Choice(), Question()), bare, "GROUP BY"
    )
    for order in (Order.TITLE, Order.NEWEST):
        yield _timed(f"a page and facets of the whole catalogue, {order}", lambda o=order: find_entries(Choice(), o), bare, "GROUP BY")  # type: ignore[misc]  # fmt: skip
    last = everything.count - 20
    yield _timed("its last page", lambda: find_entries(Choice(), Order.TITLE, last), bare, "GROUP BY")
    for name, words in SOUGHT.items():
        query = ask(words).query("x", wide=True)
        limit = median_seconds(lambda q=query: _bare_search(connection, q), TIMES)  # type: ignore[misc]
        count = find_entries(Choice(words)).count
        yield _timed(
            f"{name}: page and facets, {count:,} found", lambda w=words: find_entries(Choice(w)), limit, "bare SQL"  # type: ignore[misc]
        )  # fmt: skip
    narrowed = Choice("Daten", {"theme": ["ENVI", "TRAN"], "form": ["csv"], "organisation": ["amt-7"]}, "365")
    yield _timed("a word, four facets", lambda: find_entries(narrowed), bare, "GROUP BY")
    yield _timed("a typing error: nothing found, and what was meant", lambda: (find_entries(Choice("Luftqaulität")), suggest("Luftqaulität")))  # fmt: skip
    asked = {"fq": "organization:amt-7 OR organization:amt-8", "facet.field": ["groups", "res_format"]}
    yield _timed("package_search by fq with two facets", lambda: search(asked))
    negated = {"q": "Radwege", "fq": "-groups:envi metadata_modified:[2026-01-01T00:00:00Z TO *]"}
    yield _timed("package_search by q, negated fq and time", lambda: search(negated))


def _bare_search(connection: psycopg.Connection[Any], query: str) -> object:
    return connection.execute(
        "SELECT id, count(*) OVER () FROM opendata_catalogueentry WHERE search @@ %s::tsquery LIMIT 20",
        [query],
    ).fetchall()


def _over_http(city: City, limit: float) -> Iterator[Figure]:
    paths = {
        "/daten/ over HTTP": ("/daten/", 100),
        "/daten/ by words and facet over HTTP": (f"/daten/?q={quote('Müll')}&thema=ENVI", 100),
        "package_search, 10 of all, over HTTP": ("/api/3/action/package_search", None),
        "a harvester's page: 100 from 90,000 by id": (
            f"/api/3/action/package_search?rows=100&start={int(COUNT * 0.9)}&sort=id+asc",
            None,
        ),
        "package_show": ("/api/3/action/package_show?id=bench-d77", None),
        "organization_list with counts": ("/api/3/action/organization_list?all_fields=true", None),
        "the newest as a feed": ("/daten/feed.atom", None),
    }
    for name, (path, budget) in paths.items():
        rate = press(city.port, [iter([request("GET", path)] * TIMES)], 60)
        yield Figure(name, rate.median * 1000, "ms", budget, limit, "GROUP BY", rate.note)
    rdf = [request("GET", f"/catalog.ttl?page={number}") for number in range(COUNT // 200, COUNT // 200 + 5)]
    rate = press(city.port, [iter(rdf)], 60)
    yield Figure("a page of RDF that nobody asked for yet (Turtle)", rate.median * 1000, "ms", note=rate.note)
    rate = press(city.port, [iter([request("GET", f"/catalog.ttl?page={COUNT // 200}")] * TIMES)], 60)
    yield Figure("the same again", rate.median * 1000, "ms", note=rate.note)


def _timed(name: str, work: Callable[[], object], limit: float | None = None, limit_name: str = "") -> Figure:
    value = median_seconds(work, TIMES) * 1000
    return Figure(name, value, "ms", BUDGET_MS, limit * 1000 if limit else None, limit_name)
