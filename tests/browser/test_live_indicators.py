"""The demo city computes at least twenty indicators end to end from its own hub and apps (notes row 5)."""

from typing import Any

import httpx
import pytest

FEWEST = 20


@pytest.fixture
def listed(demo_city: Any) -> list[dict[str, Any]]:
    with httpx.Client(base_url=demo_city.url) as client:
        found: list[dict[str, Any]] = client.get("/api/v1/indicators").json()["indicators"]
    return found


def test_at_least_twenty_indicators_have_a_value_with_everything_it_came_from(
    demo_city: Any, listed: list[dict[str, Any]]
) -> None:
    measured = [item for item in listed if item["latest"] and item["latest"]["value"] is not None]
    assert len(measured) >= FEWEST
    with httpx.Client(base_url=demo_city.url) as client:
        for item in measured:
            detail = client.get(f"/api/v1/indicators/{item['key']}").json()
            assert detail["latest"]["inputs"], item["key"]


def test_an_indicator_without_a_value_says_why(listed: list[dict[str, Any]]) -> None:
    for item in listed:
        assert item["latest"], f"{item['key']} was never computed, so its formula raised"
        assert item["latest"]["value"] is not None or item["latest"]["reason"], item["key"]


def test_the_gaps_of_the_demo_city_are_told_live(demo_city: Any) -> None:
    with httpx.Client(base_url=demo_city.url) as client:
        gaps = {item["key"]: item for item in client.get("/api/v1/strategy/gaps").json()["items"]}
        assert gaps["massnahme-finanzierung-offen"]["count"] == 44
        assert gaps["kennzahl-doppelt"]["count"] == 4
        page = client.get("/strategie/luecken/massnahme-finanzierung-offen/").text
    assert "44 von 107" in page
