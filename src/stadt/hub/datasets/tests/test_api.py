"""Rows page by page: only known columns and comparisons, only public data."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import Invalid
from stadt.core.people.actor import Actor
from stadt.hub.datasets import access_log, services
from stadt.hub.datasets.declaration import Access, Dataset
from stadt.hub.datasets.formats import FORMATS
from stadt.hub.datasets.selection import understand
from stadt.hub.datasets.tests.probe import COLUMNS, Source, containers_of, declare

pytestmark = pytest.mark.django_db

ROWS = "/api/v1/datasets/probe.containers/rows"


@pytest.fixture
def published(containers: Dataset, source: Source, actor: Actor) -> Dataset:
    source.rows = [
        {"id": f"c{number:02}", "fill": float(number), "is_simulated": number % 2 == 0, "geom": (7.0, 51.5)}
        for number in range(30)
    ]
    services.publish_now(actor, containers.key)
    return containers


def test_rows_come_in_pages_in_the_order_asked_for(published: Dataset, client: Client) -> None:
    body = client.get(f"{ROWS}?limit=3&offset=2&sort=-fill").json()
    assert [row["id"] for row in body["rows"]] == ["c27", "c26", "c25"]
    assert (body["total"], body["number"], body["simulated"]) == (30, 1, True)
    assert body["rows"][0]["geom"] == {"type": "Point", "coordinates": [7.0, 51.5]}


def test_filters_narrow_and_the_total_counts_what_is_left(published: Dataset, client: Client) -> None:
    body = client.get(ROWS, {"filter": ["fill:ge:10", "is_simulated:eq:true", "id:contains:C1"]}).json()
    assert body["total"] == 5
    assert {row["id"] for row in body["rows"]} == {"c10", "c12", "c14", "c16", "c18"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 10_001}, "limit"),
        ({"offset": -1}, "offset"),
        ({"sort": "secret"}, "sort"),
        ({"sort": "fill;DROP TABLE data"}, "sort"),
        ({"sort": "geom"}, "sort"),
        ({"filter": "secret:eq:1"}, "filter[0]"),
        ({"filter": "fill:like:1"}, "filter[0]"),
        ({"filter": "fill:ge:viel"}, "filter[0]"),
        ({"filter": "fill"}, "filter[0]"),
        ({"filter": "geom:eq:1"}, "filter[0]"),
        ({"filter": ["fill:ge:1", "is_simulated:gt:true"]}, "filter[1]"),
        ({"filter": "seen_at:ge:2026-01-01T00:00:00"}, "filter[0]"),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    published: Dataset, client: Client, query: dict[str, Any], field: str
) -> None:
    answer = client.get(ROWS, query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_an_old_number_can_be_read_and_an_unknown_one_is_not_found(
    published: Dataset, client: Client, source: Source, actor: Actor
) -> None:
    source.rows = source.rows[:3]
    services.publish_now(actor, published.key)
    assert client.get(ROWS).json()["total"] == 3
    assert client.get(ROWS, {"number": 1}).json()["total"] == 30
    assert client.get(ROWS, {"number": 9}).status_code == 404


def test_the_list_and_one_dataset_describe_what_can_be_had(published: Dataset, client: Client) -> None:
    [item] = [i for i in client.get("/api/v1/datasets").json()["datasets"] if i["key"] == published.key]
    assert item["number"] == 1
    assert item["simulated"] is True
    assert {form["format"] for form in item["files"]} == {form.key for form in FORMATS}
    document = client.get(f"/api/v1/datasets/{published.key}").json()
    assert [column["name"] for column in document["columns"]] == [column.name for column in COLUMNS]
    assert document["profile"]["columns"]["fill"]["maximum"] == 29.0
    assert document["profile"]["bbox"] == [7.0, 51.5, 7.0, 51.5]


def test_the_list_comes_in_pages_by_key(published: Dataset, client: Client) -> None:
    told: list[str] = []
    address: str | None = "/api/v1/datasets?limit=2"
    while address:
        body = client.get(address).json()
        assert 0 < len(body["datasets"]) <= 2
        told += [item["key"] for item in body["datasets"]]
        address = body["next"]
    assert told == sorted(told)
    assert told == [item["key"] for item in client.get("/api/v1/datasets").json()["datasets"]]
    assert published.key in told


def test_a_column_tells_how_its_values_are_spread(published: Dataset, client: Client) -> None:
    columns = client.get(f"/api/v1/datasets/{published.key}").json()["profile"]["columns"]
    assert columns["fill"]["bins"] == [3] * 10
    assert columns["is_simulated"]["frequent"] == [
        {"value": "false", "count": 15},
        {"value": "true", "count": 15},
    ]
    assert columns["geom"]["bins"] == []


def test_what_is_not_public_is_not_found(source: Source, actor: Actor, client: Client) -> None:
    declare(replace(containers_of(source), access=Access.NON_PUBLIC))
    services.publish_now(actor, "probe.containers")
    assert client.get(ROWS).status_code == 404
    assert client.get("/api/v1/datasets/probe.containers").status_code == 404
    assert "probe.containers" not in str(client.get("/api/v1/datasets").json())


def test_reading_rows_counts_as_an_access(published: Dataset, client: Client) -> None:
    access_log._counts.clear()
    client.get(ROWS, headers={"user-agent": "python-requests/2.32"})
    client.get(ROWS, headers={"user-agent": "SomeBot/1.0"})
    assert [(key[:2], count) for key, count in access_log._counts.items()] == [((published.key, "api"), 1)]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_words_reach_the_sql(sort: str, condition: str) -> None:
    names = {column.name for column in COLUMNS}
    try:
        selection = understand(COLUMNS, sort=sort, filters=[condition] if condition else [])
    except Invalid:
        return
    assert {item.column.name for item in selection.sort} <= names
    assert {item.column.name for item in selection.conditions} <= names
    assert selection.where.count("?") == len(selection.values)
