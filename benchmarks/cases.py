"""200,000 reports: the public list and map, a report's page, Open311, the office's search and duplicates, beside bare SQL."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from benchmarks.city import City
from benchmarks.figure import Figure
from benchmarks.load import press, request
from benchmarks.timing import median_seconds
from stadt.apps.issues.public import IssueQuery, list_public
from stadt.apps.issues.shown.clusters import cut
from stadt.civic.cases.queries import CaseQuery, duplicate_candidates, search_cases
from stadt.civic.cases.versions import list_types
from stadt.core.city import current
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.places.services import seed_city_areas

COUNT = int(os.environ.get("BENCH_CASES", "200000"))
TIMES = 15
BUDGET_MS = 200
ACTOR = Actor.system("benchmark")
# Six years of reports, most of them long closed, over the whole city; every word is one of a few dozen, as people write.
FILL = """
INSERT INTO cases_case (reference, type_key, type_version, category, title, text, published_text, answers, state, face, lon, lat,
    address, district_id, quarter_id, asset, organisation_id, priority, source, received_at, changed_at, due_at, paused_days,
    planned_for, closed_at, reopened, weight, language, is_example, revision)
SELECT upper(substr(name, 1, 4) || '-' || substr(name, 5, 4)),
    %(type)s, 1, (%(categories)s::text[])[1 + (random() * (%(most)s - 1))::int], 'Meldung ' || i,
    (%(words)s::text[])[1 + i %% 20] || ' ' || (%(words)s::text[])[1 + (random() * 19)::int] || ' am Weg, Nummer ' || i, '', '{}',
    CASE WHEN i %% 20 = 0 THEN %(open)s ELSE %(closed)s END, CASE WHEN i %% 20 = 0 THEN 'received' ELSE 'done' END,
    %(west)s + random() * (%(east)s - %(west)s), %(south)s + random() * (%(north)s - %(south)s),
    'Probeweg ' || i %% 500, (%(districts)s::bigint[])[1 + i %% %(of_districts)s], (%(quarters)s::bigint[])[1 + i %% %(of_quarters)s],
    '', %(organisation)s, 0, 'web', at, at + interval '3 days', at + interval '5 days', 0, NULL,
    CASE WHEN i %% 20 = 0 THEN NULL ELSE at + interval '3 days' END, 0, 0, 'de', true, 1
FROM (SELECT i, translate(lpad(to_hex(i), 8, '0'), '01', 'xy') AS name, now() - i * interval '15 minutes' AS at FROM generate_series(1, %(count)s) AS i) AS made
"""
PUBLISH = """
INSERT INTO issues_publicissue (case_id, reference, type_key, category, face, is_closed, text, lon, lat, street, district_id,
    quarter_id, agency, received_on, received_at, changed_at, planned_for, closed_on, closed_at, reason, photos, history, weight, not_fixed, reopened,
    working_days, in_time, merged_into, is_example)
SELECT id, reference, type_key, category, face, closed_at IS NOT NULL, text, round(lon::numeric, 4), round(lat::numeric, 4), 'Probeweg',
    district_id, quarter_id, 'Amt', received_at::date, received_at, changed_at, NULL, closed_at::date, closed_at, '', '[]',
    jsonb_build_array(jsonb_build_object('on', received_at::date, 'at', received_at, 'face', 'received', 'text', '')), 0, 0, 0, 3, true, '', true
FROM cases_case
"""
WORDS = ["Schlagloch", "Müll", "Laterne", "Sperrmüll", "Baum", "Spielplatz", "Ampel", "Gehweg", "Graffiti", "Container",
         "Glas", "Kanal", "Schild", "Poller", "Bank", "Hecke", "Pfütze", "Radweg", "Brücke", "Treppe"]  # fmt: skip


def run(city: City) -> Iterator[Figure]:
    """Fill, then look as residents, as programs and as the office."""
    seed_city_areas(ACTOR)
    with city.connect(owner=True) as connection:
        yield from _filling(connection)
        yield from _public(city, connection)
        yield from _office(connection)


def _filling(connection: psycopg.Connection[Any]) -> Iterator[Figure]:
    offered = next(one for one in list_types() if one.door == "melden")
    closed = next(state.key for state in offered.states if state.face == "done")
    west, south, east, north = current().bbox
    areas = {
        kind: [
            row[0]
            for row in connection.execute("SELECT id FROM places_place WHERE kind = %s", [kind]).fetchall()
        ]
        for kind in ("district", "quarter")
    }
    categories = [category.key for category in offered.categories if not category.stops]
    started = time.perf_counter()
    connection.execute(
        FILL,
        {
            "type": offered.key, "categories": categories, "most": len(categories), "words": WORDS, "open": offered.initial.key,
            "closed": closed, "west": west, "east": east, "south": south, "north": north, "districts": areas["district"],
            "of_districts": len(areas["district"]), "quarters": areas["quarter"], "of_quarters": len(areas["quarter"]),
            "organisation": Organisation.objects.get(key="stadt").pk, "count": COUNT,
        },
    )  # fmt: skip
    connection.execute(PUBLISH)
    yield Figure("cases and public rows written", COUNT / (time.perf_counter() - started), "/s")
    connection.execute("VACUUM ANALYZE cases_case, issues_publicissue")


def _public(city: City, connection: psycopg.Connection[Any]) -> Iterator[Figure]:
    west, south, east, north = box = current().bbox
    bare = _bare(
        connection, "SELECT * FROM issues_publicissue ORDER BY received_on DESC, reference LIMIT 20", []
    )
    cells = _bare(
        connection,
        "SELECT floor(lon / 0.02), floor(lat / 0.02), count(*) FROM issues_publicissue"
        " WHERE lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s GROUP BY 1, 2",
        [west, east, south, north],
    )
    yield _timed("public list, newest of all", lambda: list_public(IssueQuery()), bare, "20 rows by index")
    words = IssueQuery(words="Laterne", faces=("received",))
    yield _timed("public list by word and state", lambda: list_public(words), bare, "20 rows by index")
    yield _timed("public map, the whole city", lambda: cut(IssueQuery(), box), cells, "GROUP BY all")
    near = (west, south, west + (east - west) / 20, south + (north - south) / 20)
    yield _timed("public map, a few streets", lambda: cut(IssueQuery(), near), cells, "GROUP BY all")
    reference = list_public(IssueQuery()).rows[0].reference
    pages = {
        "/melden/ over HTTP": "/melden/",
        "its map's features, whole city": f"/melden/karte.geojson?bbox={west},{south},{east},{north}",
        "a report's page": f"/melden/{reference}/",
        "figures of the whole city": "/melden/zahlen/",
        "Open311: 1,000 requests as JSON": "/open311/v2/requests.json",
        "Open311: 50 requests as XML": "/open311/v2/requests.xml?page_size=50",
        "Open311: one request": f"/open311/v2/requests/{reference}.json",
    }
    for name, path in pages.items():
        rate = press(city.port, [iter([request("GET", path)] * TIMES)], 60)
        yield Figure(name, rate.median * 1000, "ms", BUDGET_MS, bare * 1000, "20 rows by index", rate.note)


def _office(connection: psycopg.Connection[Any]) -> Iterator[Figure]:
    bare = _bare(connection, "SELECT * FROM cases_case ORDER BY received_at DESC, id DESC LIMIT 50", [])
    by_word = _bare(
        connection,
        "SELECT id FROM cases_case WHERE search @@ plainto_tsquery('german', 'Laterne') ORDER BY received_at DESC LIMIT 50",
        [],
    )
    lon, lat = current().centre
    sought = {
        "the newest": (CaseQuery(), bare, "50 rows by index"),
        "open and overdue": (CaseQuery(overdue=True, order="due"), bare, "50 rows by index"),
        "a word of one in ten": (CaseQuery(words="Laterne"), by_word, "bare search"),
        "a part of an address": (CaseQuery(words="Probeweg 77"), by_word, "bare search"),
        "a part of a reference": (CaseQuery(words="XX2A"), by_word, "bare search"),
        "near a point": (CaseQuery(near=(lon, lat, 300)), by_word, "bare search"),
        "words, open, in a state": (CaseQuery(words="Müll", is_open=True), by_word, "bare search"),
    }
    for name, (query, limit, limit_name) in sought.items():
        yield _timed(f"office: {name}", lambda q=query: search_cases(ACTOR, q), limit, limit_name)  # type: ignore[misc]
    first = search_cases(ACTOR, CaseQuery())
    second = CaseQuery(cursor=first.next_cursor)
    yield _timed("office: the next page", lambda: search_cases(ACTOR, second), bare, "50 rows by index")
    case = first.rows[0]
    nearby = _bare(
        connection,
        "SELECT id FROM cases_case WHERE point(lon, lat) <@ box(point(%s, %s), point(%s, %s))",
        [lon - 0.002, lat - 0.002, lon + 0.002, lat + 0.002],
    )
    yield _timed(
        "duplicates that may be meant",
        lambda: duplicate_candidates(case.type_key, case.category, lon, lat, case.text),
        nearby,
        "rows in a box",
    )


def _bare(connection: psycopg.Connection[Any], statement: str, values: list[Any]) -> float:
    return median_seconds(lambda: connection.execute(statement, values).fetchall(), TIMES)


def _timed(name: str, work: Callable[[], object], limit: float, limit_name: str) -> Figure:
    return Figure(name, median_seconds(work, TIMES) * 1000, "ms", BUDGET_MS, limit * 1000, limit_name)
