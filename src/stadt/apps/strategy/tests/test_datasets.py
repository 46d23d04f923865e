"""M-18: the strategy as open data, and the JSON of measures with what is data in them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from stadt.apps.strategy import datasets
from stadt.apps.strategy.document import PrintedIndicator
from stadt.apps.strategy.now import content
from stadt.hub.datasets.declaration import Access, Dataset, Licence

pytestmark = pytest.mark.django_db
GiveValues = Callable[..., None]


def rows_of(dataset: Dataset) -> list[dict[str, Any]]:
    return [dict(row) for row in dataset.rows() if isinstance(row, Mapping)]


@pytest.mark.parametrize("dataset", datasets.ALL, ids=[item.key for item in datasets.ALL])
def test_a_row_has_exactly_the_declared_columns(dataset: Dataset, given_values: GiveValues) -> None:
    given_values(5.0, 6.0)
    names = [column.name for column in dataset.columns]
    rows = rows_of(dataset)
    assert rows
    assert all(list(row) == names for row in rows)
    assert len({row[dataset.order] for row in rows}) == len(rows)
    assert (dataset.access, dataset.licence) == (Access.PUBLIC, Licence.DL_DE_BY_2)


def test_every_measure_and_indicator_is_a_row() -> None:
    assert [row["code"] for row in rows_of(datasets.MEASURES)] == list(content().measures)
    assert [row["code"] for row in rows_of(datasets.INDICATORS)] == list(content().indicators)


def test_values_carry_whether_they_are_simulated(given_values: GiveValues, printed: PrintedIndicator) -> None:
    given_values(5.0, None, simulated=True)
    rows = rows_of(datasets.VALUES)
    assert [(row["code"], row["value"], row["simulated"]) for row in rows] == [
        (printed.code, 5.0, True),
        (printed.code, None, True),
    ]


def test_the_json_of_a_measure_tells_period_money_and_place_as_data(client: Client) -> None:
    item = next(item for item in content().measures.values() if item.period.start and item.funding.is_open)
    start = item.period.start
    told = client.get(f"/api/v1/strategy/measures/{item.code}").json()
    assert start is not None
    assert told["period"]["start"] == start.isoformat()
    assert told["period"]["open_end"] is item.period.open_end
    assert told["period"]["edtf"] == item.period.edtf
    assert [one["state"] for one in told["funding"]] == [one.state for one in item.funding.items]
    assert told["funding_open"] is True
    assert told["state"] == (item.state or "unknown")
    assert told["spatial"]["text"] == item.spatial.text
    assert told["url"].endswith(f"/strategie/massnahmen/{item.code}/")


def test_the_list_narrows_by_what_is_data_and_refuses_unknown_words(client: Client) -> None:
    open_count = sum(1 for item in content().measures.values() if item.funding.is_open)
    assert client.get("/api/v1/strategy/measures?funding=open&limit=1").json()["count"] == open_count
    for query in ("funding=much", "state=nearly"):
        refused = client.get(f"/api/v1/strategy/measures?{query}")
        assert refused.status_code == 422
        assert refused.json()["errors"]


def test_the_whole_strategy_is_a_tree_of_codes(client: Client) -> None:
    told = client.get("/api/v1/strategy/").json()
    codes = [code for theme in told["themes"] for field in theme["fields"] for code in field["measures"]]
    assert sorted(codes) == sorted(content().measures)
    assert told["note"] == content().head.note
