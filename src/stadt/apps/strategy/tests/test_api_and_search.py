"""The strategy for machines and for the site search."""

from collections.abc import Callable

import pytest
from django.test import Client

from stadt.apps.strategy.document import PrintedIndicator, strategy
from stadt.apps.strategy.search import find_indicators, find_measures

pytestmark = pytest.mark.django_db
API = "/api/v1/strategy"


def test_all_measures_are_listed_with_every_printed_field(client: Client) -> None:
    document = client.get(f"{API}/measures").json()

    assert document["count"] == len(strategy().measures)
    first = next(iter(strategy().measures.values()))
    assert document["items"][0]["title"] == first.title
    assert document["items"][0]["sdgs"] == list(first.sdgs)
    assert client.get(f"{API}/measures/{first.code}").json() == document["items"][0]


def test_measures_are_paged_and_narrowed(client: Client) -> None:
    theme = strategy().themes[0]

    found = client.get(f"{API}/measures", {"theme": theme.slug, "limit": "1", "offset": "1"}).json()

    assert found["count"] == len(theme.measures)
    assert [item["code"] for item in found["items"]] == [theme.measures[1].code]


def test_an_indicator_carries_its_live_figure(
    client: Client, given_values: Callable[..., None], printed: PrintedIndicator, own_key: str
) -> None:
    given_values(12.5, simulated=True)

    found = client.get(f"{API}/indicators/{printed.code}").json()

    assert found["name"] == printed.name
    assert [(f["key"], f["value"], f["simulated"]) for f in found["figures"]] == [(own_key, 12.5, True)]
    assert client.get(f"{API}/indicators", {"has_value": True}).json()["count"] == 1


@pytest.mark.parametrize("path", ["measures/M-99.9.9", "indicators/K99.9-99"])
def test_unknown_codes_get_a_problem_document(client: Client, path: str) -> None:
    response = client.get(f"{API}/{path}")

    assert response.status_code == 404
    assert response.json()["code"] == "not-found"


@pytest.mark.parametrize("query", ["sdg=18", "limit=0", "limit=x", "offset=-1"])
def test_wrong_parameters_are_refused(client: Client, query: str) -> None:
    assert client.get(f"{API}/measures?{query}").status_code == 422


def test_search_finds_codes_and_titles() -> None:
    measure = next(iter(strategy().measures.values()))
    indicator = strategy().active_indicators[0]

    assert next(find_measures(measure.code, 3)).title == measure.title
    assert measure.title in [hit.title for hit in find_measures(measure.title.upper(), 3)]
    assert next(find_indicators(indicator.code, 3)).url.endswith(f"/{indicator.code}/")
    assert list(find_measures("", 3)) == []
    assert list(find_indicators("xyzzy", 3)) == []
