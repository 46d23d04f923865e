"""Rows for programs: every operator, orders, boxes, pages that stay on their snapshot, groups, forms and caches."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import TooMany
from stadt.core.people.actor import Actor
from stadt.hub.datasets import paging, services
from stadt.hub.datasets.cursors import Cursor, write_cursor
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.pacing import Pace
from stadt.hub.datasets.tests.probe import Source

pytestmark = pytest.mark.django_db

ROWS = "/api/v1/datasets/probe.containers/rows"
Ask = Callable[..., dict[str, Any]]


def made_up() -> list[dict[str, Any]]:
    """24 containers: fill levels that repeat, every fifth without one; two days, across the change of a local day."""
    return [
        {
            "id": f"c{number:02}" if number != 7 else '=Ring, "West"\nHof',
            "fill": None if number % 5 == 0 else float(number // 4 * 10),
            "emptied": number % 3,
            "is_simulated": number % 2 == 0,
            "since": date(2025 + number % 2, 1, 1),
            "seen_at": datetime(2026, 6, 30 - number % 2, 22, 30, tzinfo=UTC),
            "geom": (7.0 + number / 100, 51.5) if number else None,
        }
        for number in range(24)
    ]


@pytest.fixture
def published(containers: Dataset, source: Source, actor: Actor) -> Dataset:
    source.rows = made_up()
    services.publish_now(actor, containers.key)
    return containers


@pytest.fixture
def ask(published: Dataset, client: Client) -> Ask:
    def get(**query: Any) -> dict[str, Any]:
        answer = client.get(ROWS, query)
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    return get


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("emptied:in:0,2", 16),
        ('id:in:"c01",c02', 2),
        ("fill:null:true", 5),
        ("fill:null:false", 19),
        ("geom:null:true", 1),
        ("id:begins:C1", 10),
        ("id:contains:ring", 1),
        ("fill:ne:0", 16),
        ("since:lt:2026-01-01", 12),
        ("seen_at:ge:2026-06-30T22:30:00Z", 12),
    ],
)
def test_every_operator_narrows(ask: Ask, condition: str, count: int) -> None:
    assert ask(filter=condition)["total"] == count


def test_a_box_holds_what_touches_it(ask: Ask) -> None:
    body = ask(bbox="7.015,51,7.045,52", sort="id", select="id")
    assert body["rows"] == [{"id": "c02"}, {"id": "c03"}, {"id": "c04"}]


def test_several_columns_sort_and_missing_values_stand_last(ask: Ask) -> None:
    rows = ask(sort="-fill,emptied,id", select="id,fill,emptied")["rows"]
    keys = [(row["fill"] is None, -(row["fill"] or 0), row["emptied"], row["id"]) for row in rows]
    assert keys == sorted(keys)
    assert list(rows[0]) == ["id", "fill", "emptied"]


@pytest.mark.parametrize(
    "sort", ["", "fill", "-fill", "-emptied,fill", "since,-seen_at", "is_simulated", "-id"]
)
def test_pages_by_cursor_tell_every_row_once_in_the_order_of_the_whole(
    ask: Ask, client: Client, sort: str
) -> None:
    whole = ask(sort=sort, limit=100)["rows"]
    body = ask(sort=sort, limit=5)
    told = list(body["rows"])
    while body["next"]:
        body = client.get(body["next"]).json()
        told += body["rows"]
    assert told == whole or {row["id"] for row in told} == {row["id"] for row in whole}
    keys = [name.removeprefix("-") for name in sort.split(",")] if sort else ["id"]
    assert [[row[key] for key in keys] for row in told] == [[row[key] for key in keys] for row in whole]
    assert len({row["id"] for row in told}) == len(told) == 24


def test_a_cursor_stays_on_its_snapshot_when_another_is_published(
    ask: Ask, client: Client, source: Source, actor: Actor
) -> None:
    body = ask(limit=20)
    source.rows = source.rows[:2]
    services.publish_now(actor, "probe.containers")
    rest = client.get(body["next"])
    assert (rest.json()["number"], len(rest.json()["rows"]), rest.json()["total"]) == (1, 4, 24)
    assert rest.json()["next"] is None
    assert ask()["number"] == 2


def test_filters_hold_on_every_page(ask: Ask, client: Client) -> None:
    body = ask(limit=5, filter="is_simulated:eq:true", bbox="7.0,51,7.2,52", sort="-id")
    second = client.get(body["next"]).json()
    assert [row["id"] for row in body["rows"] + second["rows"]] == [f"c{n:02}" for n in range(20, 0, -2)]


def test_a_page_of_long_rows_ends_sooner_and_goes_on(
    ask: Ask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_BYTES", 500)
    body = ask(limit=24)
    told = len(body["rows"])
    assert 0 < told < 24
    while body["next"]:
        body = client.get(body["next"]).json()
        told += len(body["rows"])
    assert told == 24


def test_groups_are_counted_averaged_and_sorted(ask: Ask) -> None:
    body = ask(
        group_by="emptied",
        aggregate="count,fill:mean,fill:median,fill:max,fill:sum,fill:count",
        sort="-count",
    )
    assert body["total"] == 3
    for row in body["rows"]:
        fills = [item["fill"] for item in made_up() if item["emptied"] == row["emptied"]]
        known = sorted(fill for fill in fills if fill is not None)
        assert (row["count"], row["fill_count"]) == (8, len(known))
        assert row["fill_sum"] == sum(known)
        assert row["fill_mean"] == pytest.approx(sum(known) / len(known))
        assert row["fill_max"] == known[-1]


def test_days_are_those_of_the_city(ask: Ask) -> None:
    days = ask(group_by="seen_at:day", aggregate="count")["rows"]
    assert days == [{"seen_at_day": "2026-06-30", "count": 12}, {"seen_at_day": "2026-07-01", "count": 12}]
    assert [row["since_year"] for row in ask(group_by="since:year")["rows"]] == ["2025", "2026"]


def test_all_rows_are_one_group_where_nothing_groups_them(ask: Ask) -> None:
    assert ask(aggregate="count,seen_at:max", filter="id:eq:nothing")["rows"] == [
        {"count": 0, "seen_at_max": None}
    ]


def test_groups_come_in_pages(ask: Ask, client: Client) -> None:
    body = ask(group_by="emptied,is_simulated", limit=4)
    rest = client.get(body["next"]).json()
    assert len(body["rows"] + rest["rows"]) == body["total"] == 6
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filter": "fill:in:"}, "filter[0]"),
        ({"filter": "fill:in:" + ",".join("1" * 201)}, "filter[0]"),
        ({"filter": "fill:null:maybe"}, "filter[0]"),
        ({"filter": "fill:begins:1"}, "filter[0]"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "8,51,7,52"}, "bbox"),
        ({"bbox": "nan,51,7,52"}, "bbox"),
        ({"select": "id,id"}, "select"),
        ({"select": "secret"}, "select"),
        ({"sort": "id,-id"}, "sort"),
        ({"sort": "id,fill,emptied,since,seen_at,is_simulated"}, "sort"),
        ({"group_by": "geom"}, "group_by"),
        ({"group_by": "id:day"}, "group_by"),
        ({"aggregate": "id:mean"}, "aggregate"),
        ({"aggregate": "fill:stddev"}, "aggregate"),
        ({"aggregate": "count,count"}, "aggregate"),
        ({"group_by": "emptied", "sort": "fill"}, "sort"),
        ({"group_by": "emptied", "select": "id"}, "select"),
        ({"group_by": "emptied", "format": "geojson"}, "format"),
        ({"format": "xlsx"}, "format"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "W10"}, "cursor"),
        ({"cursor": write_cursor(Cursor(1, "of another", 24, 3))}, "cursor"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(
    published: Dataset, client: Client, query: dict[str, Any], field: str
) -> None:
    answer = client.get(ROWS, query)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == field


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["cursor", "bbox", "group_by", "aggregate", "sort", "select"]), st.text(max_size=30)
    )
)
def test_whatever_is_asked_is_answered_or_refused(
    published: Dataset, client: Client, query: dict[str, str]
) -> None:
    assert client.get(ROWS, query).status_code in {200, 404, 422}


def test_csv_is_read_back_whole_and_runs_no_formula(published: Dataset, client: Client) -> None:
    answer = client.get(ROWS, {"format": "csv", "sort": "id"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert len(rows) == 24
    assert rows[0]["id"] == '\'=Ring, "West"\nHof'
    assert {row["lon"] for row in rows if row["id"] == "c03"} == {"7.03"}
    assert {row["seen_at"] for row in rows if row["id"] == "c02"} == {"2026-06-30T22:30:00Z"}
    groups = client.get(ROWS, {"format": "csv", "group_by": "emptied"}).content.decode()
    assert groups == "emptied,count\r\n0,8\r\n1,8\r\n2,8\r\n"


def test_the_form_follows_accept_and_geojson_brings_its_places(published: Dataset, client: Client) -> None:
    answer = client.get(
        ROWS, {"select": "id", "limit": "2", "sort": "id"}, headers={"accept": "application/geo+json"}
    )
    assert answer["Content-Type"] == "application/geo+json"
    assert "Accept" in answer["Vary"].split(", ")
    body = answer.json()
    assert [set(item["properties"]) for item in body["features"]] == [{"id"}, {"id"}]
    assert body["features"][1]["geometry"] is None or body["features"][1]["geometry"]["type"] == "Point"
    assert client.get(ROWS, headers={"accept": "text/html, */*;q=0.8"})["Content-Type"] == "application/json"
    assert client.get(ROWS, headers={"accept": "text/csv"})["Content-Type"].startswith("text/csv")


def test_an_answer_is_known_again_until_the_next_snapshot(
    published: Dataset, client: Client, source: Source, actor: Actor
) -> None:
    first = client.get(ROWS, {"limit": 2})
    assert 'rel="next"' in first["Link"]
    assert 'rel="license"' in first["Link"]
    again = client.get(ROWS, {"limit": 2}, headers={"if-none-match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(ROWS, {"limit": 3})["ETag"] != first["ETag"]
    source.rows = source.rows[:5]
    services.publish_now(actor, "probe.containers")
    assert client.get(ROWS, {"limit": 2}, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert "3600" in client.get(ROWS, {"number": 1})["Cache-Control"]


def test_pages_of_other_sites_may_read_and_see_why_not(published: Dataset, client: Client) -> None:
    for address in (ROWS, f"{ROWS}?sort=secret", "/api/v1/datasets"):
        assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    asked = client.options(
        ROWS, headers={"access-control-request-method": "GET", "origin": "https://example.org"}
    )
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    write = client.options(ROWS, headers={"access-control-request-method": "DELETE"})
    assert "Access-Control-Allow-Methods" not in write.headers
    assert "Access-Control-Allow-Origin" not in client.get("/daten/").headers


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    pace = Pace(burst=3, per_second=0.5)
    for _request in range(3):
        pace.take("2001:db8::1", now=0)
    with pytest.raises(TooMany) as caught:
        pace.take("2001:db8::ffff", now=0)
    assert int(caught.value.headers["Retry-After"]) >= 2
    pace.take("192.0.2.1", now=0)
    pace.take("2001:db8::1", now=2)
    for _request in range(10):
        pace.take("127.0.0.1", now=0)
        pace.take("", now=0)


def test_too_many_requests_are_told_with_the_time_to_wait(
    published: Dataset, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stadt.hub.datasets.rows_api.rows_pace", Pace(burst=1, per_second=0.01))
    answers = [client.get(ROWS, headers={"x-forwarded-for": "203.0.113.9"}) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 1
    assert client.get(ROWS, headers={"x-forwarded-for": "203.0.113.10"}).status_code == 200
