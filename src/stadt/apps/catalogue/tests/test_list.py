"""The list of datasets: found by words, narrowed by facets, sorted, and what it says when it is empty."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from stadt.apps.catalogue.finding import SEARCH
from stadt.apps.catalogue.listing import context_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.opendata.index.refresh import mend

pytestmark = pytest.mark.django_db

Publish = Callable[[str], SnapshotInfo | None]


@pytest.fixture(autouse=True)
def published(publish: Publish) -> None:
    publish("probe.containers")
    publish("probe.secret")


def shown(query: str = "q=probe") -> Any:
    return context_of(QueryDict(query))


def keys(query: str) -> list[str]:
    return [entry.key for entry in shown(query)["entries"] if entry.key.startswith("probe.")]


def values(query: str, facet: str) -> dict[str, int]:
    found = next((item for item in shown(query)["facets"] if item.name == facet), None)
    return {value.title: value.count for value in (*found.values, *found.more)} if found else {}


def test_the_list_shows_public_datasets_only(client: Client) -> None:
    page = client.get("/daten/?q=probe").content.decode()
    assert "Behälter der Probe" in page
    assert "Feinstaub der Probe" in page
    assert "noch nicht veröffentlicht" in page
    assert "Geheimes der Probe" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BEHALTER probe", ["probe.containers"]),
        ("behaelter probe", ["probe.containers"]),
        ("Müll Probe", ["probe.containers"]),
        ("der Behältern", ["probe.containers"]),
        ("pm10", ["probe.readings"]),
        ("gibtesnicht", []),
    ],
)
def test_words_find_whatever_their_case_umlauts_and_endings(words: str, found: list[str]) -> None:
    assert [key for key in keys(f"q={words}") if key in {"probe.containers", "probe.readings"}] == found


def test_facets_narrow_and_say_what_they_would_leave() -> None:
    assert keys("q=probe&thema=ENVI") == ["probe.containers"]
    assert values("q=probe&thema=ENVI", "thema") == {"Umwelt": 1, "Gesundheit": 1}
    assert values("q=probe&thema=HEAL", "format") == {}
    assert values("q=probe", "format")["GeoJSON"] == 1
    assert keys("q=probe&format=geojson") == ["probe.containers"]
    assert keys("q=probe&thema=ENVI&thema=HEAL") == ["probe.containers", "probe.readings"]
    assert keys("q=probe&thema=<script>") == []
    assert keys("q=probe&seit=7") == ["probe.containers"]


def test_a_choice_can_be_taken_back() -> None:
    found = shown("q=probe&thema=ENVI&thema=HEAL&seite=1")
    [words, first, second] = found["chips"]
    assert (words.title, first.title, second.title) == ("probe", "Umwelt", "Gesundheit")
    assert first.url == "?q=probe&thema=HEAL"
    chosen = next(value for facet in found["facets"] for value in facet.values if value.title == "Umwelt")
    assert chosen.is_chosen
    assert chosen.url == first.url
    assert words.url == "?thema=ENVI&thema=HEAL"


def test_a_choice_that_leaves_nothing_can_still_be_taken_back() -> None:
    found = shown("q=probe&thema=ENVI&format=nichts")
    assert found["count"] == 0
    assert "?q=probe&thema=ENVI" in [chip.url for chip in found["chips"]]


def test_the_list_is_sorted_by_title_newest_or_rank() -> None:
    by_title = keys("sortierung=titel&q=probe")
    assert by_title == ["probe.containers", "probe.readings"]
    assert keys("sortierung=neueste&q=probe")[0] == "probe.containers"
    assert [item.is_chosen for item in shown("q=probe")["orders"]] == [True, False, False]
    assert len(shown("")["orders"]) == 2


def test_nothing_found_says_what_may_have_been_meant(client: Client) -> None:
    page = client.get("/daten/?q=Feinstuab").content.decode()
    assert "Kein Datensatz gefunden" in page
    assert re.search(r'Meinten Sie: <a class="kern-link" href="\?q=feinstaub">', page, re.IGNORECASE)


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "999999999", "5000"])
def test_a_page_that_is_not_there_gives_the_nearest(client: Client, number: str) -> None:
    answer = client.get("/daten/", {"q": "probe", "seite": number})
    assert answer.status_code == 200
    assert "Behälter der Probe" in answer.content.decode()


def test_what_was_typed_stands_in_the_page_as_text(client: Client) -> None:
    page = client.get(
        "/daten/", {"q": '"><script>x', "thema": "<b>", "herausgeber": '"onload=x'}
    ).content.decode()
    assert "<script>x" not in page
    assert "<b>" not in page
    assert '"onload' not in page


def test_the_site_search_finds_datasets() -> None:
    hits = list(SEARCH.find("Feinstaub Probe", 5))
    assert [hit.url for hit in hits] == ["/daten/probe.readings/"]
    assert list(SEARCH.find("  ", 5)) == []


def test_titles_are_translated_where_there_is_a_translation(client: Client) -> None:
    mend()
    client.cookies["django_language"] = "en"
    page = client.get("/daten/?q=catalogue").content.decode()
    assert "What are you looking for?" in page
    assert "List of open datasets" in page
