"""Downloads: every format of one snapshot, safe in spreadsheets, resumable, counted, and only what is public."""

import csv
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import MethodNotAllowed, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets import access_log, downloads, queries, services
from stadt.hub.datasets.access_log import count_access, flush, is_robot
from stadt.hub.datasets.declaration import Access, Column, Dataset, Number, Text
from stadt.hub.datasets.downloads import handle_files
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.models import AccessCount
from stadt.hub.datasets.tests.probe import Source, containers_of, declare
from stadt.web.spreadsheets import is_formula

pytestmark = pytest.mark.django_db

IN_THREAD = downloads._in_thread
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@dataclass
class Answer:
    """What the server would send."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def fetch(path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask the mount as the server does. Raises the platform's errors."""
    answer = Answer()
    sent = {"user-agent": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    async_to_sync(handle_files)(scope, receive, send)
    return answer


@pytest.fixture(autouse=True)
def in_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted yet; the mount reads through the test's own connection, so that it sees its transaction."""
    access_log._counts.clear()

    async def call(function: Callable[..., Any], *arguments: Any) -> Any:
        return await sync_to_async(function, thread_sensitive=True)(*arguments)

    monkeypatch.setattr(downloads, "_in_thread", call)


@pytest.fixture
def published(containers: Dataset, source: Source, actor: Actor) -> Dataset:
    source.rows = [
        {
            "id": "=HYPERLINK(1)",
            "fill": -82.5,
            "is_simulated": True,
            "seen_at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "geom": (7.123456789, 51.5),
        },
        {
            "id": "Tonne; „gelb“\nzwei",
            "geom": {"type": "Polygon", "coordinates": [[[7, 51], [7, 52], [8, 52], [7, 51]]]},
        },
    ]
    services.publish_now(actor, containers.key)
    return containers


BASE = "/files/probe.containers/1/probe.containers"


def test_latest_leads_to_the_number(published: Dataset) -> None:
    answer = fetch("/files/probe.containers/latest/probe.containers.csv")
    assert (answer.status, answer.headers["location"]) == (302, BASE + ".csv")
    assert answer.headers["cache-control"] == "no-cache"


def test_german_csv_opens_in_a_german_spreadsheet_and_runs_nothing(published: Dataset) -> None:
    answer = fetch(BASE + ".csv")
    assert answer.body.startswith(b"\xef\xbb\xbf")
    rows = {
        row["id"]: row for row in csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";")
    }
    assert set(rows) == {"'=HYPERLINK(1)", "Tonne; „gelb“\nzwei"}
    row = rows["'=HYPERLINK(1)"]
    assert (row["fill"], row["is_simulated"], row["lon"], row["lat"]) == ("-82,5", "ja", "7,1234568", "51,5")
    assert row["seen_at"] == "2026-10-25T02:30:00+01:00"


def test_international_csv_has_points_and_utc(published: Dataset) -> None:
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(fetch(BASE + ".en.csv").body.decode()))}
    row = rows["'=HYPERLINK(1)"]
    assert (row["fill"], row["is_simulated"], row["seen_at"]) == ("-82.5", "true", "2026-10-25T01:30:00Z")


def test_geojson_follows_rfc_7946_and_says_what_is_simulated(published: Dataset) -> None:
    answer = fetch(BASE + ".geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    collection = json.loads(answer.body)
    assert collection["type"] == "FeatureCollection"
    assert collection["simulated"] is True
    assert collection["licence"].startswith("http://dcat-ap.de/def/licenses/")
    shapes = {item["properties"]["id"]: item["geometry"] for item in collection["features"]}
    assert shapes["=HYPERLINK(1)"]["coordinates"] == [7.1234567, 51.5]
    ring = shapes["Tonne; „gelb“\nzwei"]["coordinates"][0]
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    assert area > 0, "exterior rings turn counterclockwise"


def test_parquet_holds_the_same_rows(published: Dataset, lake: Any) -> None:
    answer = fetch(BASE + ".parquet")
    assert answer.body[:4] == answer.body[-4:] == b"PAR1"
    [part] = queries.get_snapshot(published.key, 1).parts
    assert len(answer.body) == part.size_bytes


def test_a_numbered_file_may_be_kept_for_ever(published: Dataset) -> None:
    headers = fetch(BASE + ".csv").headers
    assert "immutable" in headers["cache-control"]
    assert headers["content-disposition"].endswith("probe.containers-1.csv")
    assert 'rel="license"' in headers["link"]
    again = fetch(BASE + ".csv", if_none_match=headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_download_can_be_resumed(published: Dataset) -> None:
    whole = fetch(BASE + ".csv")
    assert whole.headers["accept-ranges"] == "bytes"
    head = fetch(BASE + ".csv", range="bytes=0-9")
    tail = fetch(BASE + ".csv", range="bytes=10-", if_range=whole.headers["etag"])
    assert (head.status, tail.status) == (206, 206)
    assert head.body + tail.body == whole.body
    assert fetch(BASE + ".csv", range="bytes=999999-").status == 416
    assert fetch(BASE + ".csv", range="bytes=10-", if_range='"other"').body == whole.body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": "{etag}"}, 304),
        ({"if_none_match": '"other", {etag}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"range": "bytes=0-3", "if_range": "{etag}"}, 206),
        ({"range": "bytes=0-3", "if_range": '"other"'}, 200),
        ({"range": "bytes=0-3", "if_range": "Wed, 21 Oct 2026 07:28:00 GMT"}, 200),
        ({"range": "bytes=0-1,4-5"}, 200),
        ({"range": "bytes=-4"}, 206),
        ({"range": "bytes=99999999-"}, 416),
        ({"range": "lines=0-3"}, 200),
        ({"range": "bytes=0-3", "if_none_match": "{etag}"}, 304),
    ],
)
def test_conditions_and_ranges_are_answered_as_http_says(
    published: Dataset, headers: dict[str, str], status: int
) -> None:
    whole = fetch(BASE + ".csv")
    etag = whole.headers["etag"]
    sent = {name: value.replace("{etag}", etag) for name, value in headers.items()}
    answer = fetch(BASE + ".csv", **sent)
    assert answer.status == status
    if status == 200:
        assert answer.body == whole.body
    head = fetch(BASE + ".csv", "HEAD", **sent)
    assert (head.status, head.body) == (status, b"")


def test_pages_of_other_sites_may_follow_to_the_newest_and_read_it(published: Dataset) -> None:
    for path in ("/files/probe.containers/latest/probe.containers.csv", BASE + ".csv"):
        names = {name.lower(): value for name, value in fetch(path).headers.items()}
        assert names["access-control-allow-origin"] == "*"


def test_head_sends_no_body(published: Dataset) -> None:
    answer = fetch(BASE + ".csv", method="HEAD")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) > 0
    assert answer.body == b""


@pytest.mark.parametrize(
    "path",
    [
        "/files/",
        "/files/probe.nothing/1/probe.nothing.csv",
        "/files/probe.containers/2/probe.containers.csv",
        "/files/probe.containers/0/probe.containers.csv",
        "/files/probe.containers/01/probe.containers.csv",
        "/files/probe.containers/９/probe.containers.csv",
        "/files/probe.containers/1/other.csv",
        "/files/probe.containers/1/probe.containers.exe",
        "/files/probe.containers/1/../../../etc/passwd",
        "/files/probe.containers/latest",
    ],
)
def test_what_is_not_there_is_not_found(published: Dataset, path: str) -> None:
    with pytest.raises(NotFound):
        fetch(path)


def test_other_methods_are_refused(published: Dataset) -> None:
    with pytest.raises(MethodNotAllowed):
        fetch(BASE + ".csv", method="POST")


def test_what_is_not_public_cannot_be_fetched(source: Source, actor: Actor) -> None:
    declare(replace(containers_of(source), access=Access.RESTRICTED))
    services.publish_now(actor, "probe.containers")
    with pytest.raises(NotFound):
        fetch(BASE + ".csv")


def test_a_purged_snapshot_is_gone_even_when_its_download_was_prepared(
    published: Dataset, source: Source, actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    fetch(BASE + ".csv")
    source.rows.pop()
    services.publish_now(actor, published.key)
    with django_capture_on_commit_callbacks(execute=True):
        services.purge_snapshot(actor, published.key, 1)
    with pytest.raises(Gone) as gone:
        fetch(BASE + ".csv")
    assert gone.value.status == 410


def test_a_table_without_geometry_has_no_geojson(actor: Actor) -> None:
    declare(Dataset("probe.plain", "", "", lambda: [("a", 1.0)], (Column("a", Text), Column("b", Number))))
    services.publish_now(actor, "probe.plain")
    assert fetch("/files/probe.plain/1/probe.plain.csv").body.decode("utf-8-sig").split() == ["a;b", "a;1,0"]
    with pytest.raises(NotFound, match=r"probe\.plain\.csv"):
        fetch("/files/probe.plain/1/probe.plain.geojson")


def test_downloads_are_counted_once_each_without_heads_pieces_and_robots(published: Dataset) -> None:
    etag = fetch(BASE + ".csv").headers["etag"]
    fetch(BASE + ".csv", range="bytes=0-3")
    fetch(BASE + ".csv", range="bytes=4-")
    fetch(BASE + ".csv", method="HEAD")
    fetch(BASE + ".csv", if_none_match=etag)
    fetch(BASE + ".csv", user_agent="Mozilla/5.0 (compatible; bingbot/2.0)")
    fetch(BASE + ".geojson")
    assert flush() == 3
    assert flush() == 0
    assert queries.usage(published.key, datetime.now(UTC).date().replace(day=1)) == {"csv": 2, "geojson": 1}


def test_counts_add_up_over_flushes_and_survive_a_database_that_is_away(
    published: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError, connection

    count_access(published.key, "csv", BROWSER)
    with monkeypatch.context() as broken:

        def away(*_: Any, **__: Any) -> None:
            raise OperationalError("away")

        broken.setattr(connection, "cursor", away)
        with pytest.raises(OperationalError):
            flush()
    count_access(published.key, "csv", BROWSER)
    flush()
    count_access(published.key, "csv", BROWSER)
    flush()
    assert AccessCount.objects.get().count == 3


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 AhrefsBot/7.0", True),
        ("UptimeRobot monitor", True),
        (BROWSER, False),
        ("python-requests/2.32", False),
        ("QGIS/33400", False),
        ("", False),
    ],
)
def test_robots_say_that_they_are(user_agent: str, expected: bool) -> None:
    assert is_robot(user_agent) is expected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=8
    )
)
def test_any_words_come_back_from_every_format_and_never_as_a_formula(words: list[str], actor: Actor) -> None:
    declare(Dataset("probe.words", "", "", lambda: [(w,) for w in words], (Column("w", Text),)))
    snapshot = services.publish_now(actor, "probe.words") or queries.get_snapshot("probe.words")
    answer = fetch(f"/files/probe.words/{snapshot.number}/probe.words.en.csv")
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(answer.body.decode(), newline=""))][1:]
    assert sorted(cells) == sorted(f"'{word}" if is_formula(word) else word for word in words)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells)
    assert sorted(w for (w,) in queries.read_rows("probe.words", "SELECT w FROM data")) == sorted(words)


@pytest.mark.django_db(transaction=True)
def test_the_mount_reads_the_database_in_threads_of_its_own(
    published: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_in_thread", IN_THREAD)
    assert fetch("/files/probe.containers/latest/probe.containers.csv").status == 302
