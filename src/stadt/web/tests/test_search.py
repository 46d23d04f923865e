"""The site search asks all sources, groups what they find, and outlives a source that fails."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client

from stadt.core.manifest import Hit, SearchSource
from stadt.web import search


def stations(words: str, limit: int) -> Iterable[Hit]:
    found = [Hit(f"Station {number}", f"/s/{number}", text=f"<{words}>") for number in range(30)]
    return found[:limit] if words == "park" else []


def broken(words: str, limit: int) -> Iterable[Hit]:
    raise OperationalError("gone")


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[SearchSource]:
    found = [SearchSource("stations", "Stationen", stations)]
    monkeypatch.setattr(search, "registry", SimpleNamespace(search_sources=found))
    return found


def test_words_are_one_line_without_control_characters() -> None:
    assert search.clean_words("  Park\x00\n am \u202e See ") == "Park am See"


def test_words_are_cut_at_two_hundred_characters() -> None:
    assert len(search.clean_words("a" * 100_000)) == 200


@pytest.mark.usefixtures("sources")
def test_hits_are_grouped_and_more_than_twenty_are_announced() -> None:
    (group,) = search.search("park")
    assert len(group.hits) == 20
    assert group.has_more


@pytest.mark.usefixtures("sources")
def test_sources_are_not_asked_without_words() -> None:
    assert search.search("") == []


def test_a_failing_source_is_told_and_does_not_hide_the_others(sources: list[SearchSource]) -> None:
    sources.insert(0, SearchSource("broken", "Kaputt", broken))
    first, second = search.search("park")
    assert first.has_failed
    assert len(second.hits) == 20


@pytest.mark.django_db
@pytest.mark.usefixtures("sources")
def test_the_page_counts_and_escapes(client: Client) -> None:
    page = client.get("/suche", {"q": "park"}).content.decode()
    assert "20 Treffer für „park“" in page
    assert "&lt;park&gt;" in page
    assert 'value="park"' in page


@pytest.mark.django_db
@pytest.mark.usefixtures("sources")
def test_the_page_says_when_nothing_was_found(client: Client) -> None:
    assert "Nichts gefunden" in client.get("/suche", {"q": "<b>xyz"}).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("sources")
def test_very_long_input_is_a_search_like_any_other(client: Client) -> None:
    assert client.get("/suche", {"q": "ä" * 5000}).status_code == 200
