"""18-088 req/request-data/pagination: pages by key for every order, and answers that end before they are too large."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

ORDERS = [
    "", "id desc", "name", "name desc", "properties/rank desc,name", "properties/group,properties/rank desc",
    "properties/group desc", "length(name) desc,properties/group desc", "name eq 'n 3',id desc", "properties",
]  # fmt: skip


@pytest.fixture(scope="module")
def things(sta: "Client") -> list[dict[str, Any]]:
    """Things whose keys are often equal, often null, and once too long for an address."""
    for number in range(23):
        properties: dict[str, Any] = {"rank": number % 3} if number % 5 else {"rank": None}
        if number % 4 == 0:
            properties["group"] = ["a", 1, True, "ä,%&'\""][number // 4 % 4]
        name = f"n {number % 7}" if number != 11 else "n" * 5000
        sta.post("/Things", {"name": name, "description": "d", "properties": properties})
    return sta.values("/Things?$top=1000", "writer")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4])
def test_pages_are_the_whole_in_every_order(
    sta: "Client", things: list[dict[str, Any]], order: str, size: int
) -> None:
    option = f"$orderby={quote(order)}&" if order else ""
    whole = [item["@iot.id"] for item in sta.values(f"/Things?{option}$top=1000", "writer")]
    pages = [item["@iot.id"] for item in sta.pages(f"/Things?{option}$top={size}", "writer")]
    assert len(whole) == len(things)
    assert pages == whole


def test_what_comes_or_goes_meanwhile_neither_doubles_nor_hides_a_row(sta: "Client", city: "City") -> None:
    path = f"/Datastreams({city.open_stream})/Observations"
    first = sta.get(f"{path}?$orderby=result desc&$top=50&$filter=phenomenonTime ge 2026-02-01T00:00:00Z")
    early = datetime(2026, 2, 1, tzinfo=UTC)
    for number in range(60):
        time = (early + timedelta(seconds=number + 1)).isoformat()
        sta.post(path, {"result": 1_000_000 + number, "phenomenonTime": time})
    rest = sta.pages(first["@iot.nextLink"])
    seen = [item["@iot.id"] for item in first["value"] + rest]
    assert len(seen) == len(set(seen)) == 202
    assert all(item["result"] != 1_000_000 for item in rest)


def test_nested_pages_go_on_behind_the_last_entity(sta: "Client", city: "City") -> None:
    options = "$orderby=result desc;$top=3;$select=result,id;$filter=result gt 10"
    found = sta.get(f"/Datastreams({city.open_stream})?$expand=Observations({options})")
    link = found["Observations@iot.nextLink"]
    assert "$skiptoken=" in link
    rest = sta.pages(link)
    query = options.replace(";", "&").replace("$top=3", "$top=1000")
    whole = sta.values(f"/Datastreams({city.open_stream})/Observations?{query}")
    assert found["Observations"] + rest == whole


def test_nested_pages_that_end_need_no_link(sta: "Client", city: "City") -> None:
    found = sta.get(f"/Things({city.open_thing})?$expand=Datastreams($top=1),Locations($top=0)")
    assert "Datastreams@iot.nextLink" not in found
    assert found["Locations"] == []


def test_what_is_expanded_below_one_entity_is_bounded(sta: "Client", city: "City") -> None:
    path = f"/Things({city.open_thing})?$expand=Datastreams($top=10000;$expand=Observations($top=10000))"
    stream = sta.get(path)["Datastreams"][0]
    assert len(stream["Observations"]) == 1
    assert len(sta.pages(stream["Observations@iot.nextLink"])) >= 249


def test_an_answer_ends_before_it_is_too_large(
    sta: "Client", city: "City", monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.hub.sta import pages

    path = f"/Datastreams({city.open_stream})/Observations?$top=10000"
    whole = sta.get(path)
    assert "@iot.nextLink" not in whole
    monkeypatch.setattr(pages, "LARGEST_ANSWER", 20_000)
    first = sta.get(path)
    assert 20 < len(first["value"]) < 100
    assert [item["@iot.id"] for item in first["value"] + sta.pages(first["@iot.nextLink"])] == [
        item["@iot.id"] for item in whole["value"]
    ]


def test_a_page_asks_the_database_as_often_for_one_as_for_many(sta: "Client", city: "City") -> None:
    from unittest.mock import patch

    from psycopg import AsyncRawCursor

    asked: list[str] = []
    execute = AsyncRawCursor.execute
    stream = AsyncRawCursor.stream

    async def counted(self: Any, query: bytes, *more: Any, **options: Any) -> Any:
        asked.append(query.decode())
        return await execute(self, query, *more, **options)

    def streamed(self: Any, query: bytes, *more: Any, **options: Any) -> Any:
        asked.append(query.decode())
        return stream(self, query, *more, **options)

    with (
        patch.object(AsyncRawCursor, "execute", counted),
        patch.object(AsyncRawCursor, "stream", streamed),
    ):
        for path in (
            "/Things?$expand=Locations,HistoricalLocations/Locations,Datastreams($expand=Sensor,ObservedProperty,Observations($top=1))",
            "/Things?$filter=Datastreams/Observations/result gt 5 and Locations/name ne 'x'&$orderby=name",
        ):
            asked.clear()
            sta.get(path, token="reader")
            assert len(asked) == 1, asked
        asked.clear()
        sta.get("/Locations?$filter=st_within(location,geography'POLYGON((7 51,8 51,8 52,7 52,7 51))')")
        assert len(asked) == 2, asked


@pytest.mark.parametrize("token", ["abc", "W10", "WyIxIiwiMiJd", "bnVsbA", "WzVd", "%00", "W251bGxd"])
def test_a_token_of_another_order_is_refused(sta: "Client", city: "City", token: str) -> None:
    assert "no token" in sta.refusal(f"/Things?$skiptoken={token}")
    assert "no token" in sta.refusal(f"/Observations?$orderby=phenomenonTime&$skiptoken={token}")
