"""V-07, M-18: feeds and the list of news, for the whole strategy, a theme, a measure and an indicator."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from stadt.apps.dialogue.models import News
from stadt.apps.dialogue.services.news import NewsDraft, keep_news
from stadt.apps.dialogue.workflow import NewsKind
from stadt.apps.strategy.public import codes_below, list_themes

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
Ask = Callable[..., list[str]]


@pytest.fixture
def ids(client: Client) -> Ask:
    """Entry ids of a topic's feed, newest first."""

    def ask(code: str = "") -> list[str]:
        path = f"/mitmachen/strategie/neues/{code}.atom" if code else "/mitmachen/strategie/neues.atom"
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        entries = ET.fromstring(answer.content).findall(f"{ATOM}entry")
        return [str(entry.findtext(f"{ATOM}id")).partition("#")[2] for entry in entries]

    return ask


def test_a_feed_tells_what_belongs_to_its_topic(ids: Ask, measure: str) -> None:
    indicator = codes_below(measure)[0]
    theme = next(theme for theme in list_themes() if measure in codes_below(theme.code))
    other = next(item for item in list_themes() if item != theme)
    keep_news(NewsDraft("whole", NewsKind.EDITION, ("S",), "/", {"name": "2.0"}))
    keep_news(NewsDraft("measure", NewsKind.STRUCK, (measure,), "/"))
    keep_news(NewsDraft("indicator", NewsKind.REVISION, (indicator,), "/"))

    assert ids() == ["indicator", "measure", "whole"]
    assert ids(measure) == ["indicator", "measure"]
    assert ids(indicator) == ["indicator"]
    assert "measure" in ids(theme.code)
    assert "measure" not in ids(other.code)


def test_every_kind_of_news_has_its_words_in_both_languages(client: Client, measure: str) -> None:
    facts = {"name": "2.0", "value": 41.5, "digits": 1, "ucum": "%", "until": "2026-03-31"}
    for kind in NewsKind:
        keep_news(NewsDraft(str(kind), kind, (measure,), "/", facts))
    for language, word in (("de", "41,5 %"), ("en", "41.5 %")):
        page = client.get(
            "/mitmachen/strategie/neues/", headers={"Accept-Language": language}
        ).content.decode()
        assert word in page
        assert page.count("kern-badge") >= len(NewsKind)


def test_signs_that_xml_does_not_take_break_no_feed(ids: Ask) -> None:
    keep_news(NewsDraft("odd", NewsKind.EDITION, ("S",), "/", {"name": "a\x08b\ufffe<&>"}))
    assert ids() == ["odd"]


def test_a_topic_that_is_not_there_is_not_found(client: Client) -> None:
    for path in ("neues/M-99.9.9.atom", "neues/?zu=M-99.9.9", "?zu=x", "abo/?zu=x", "frage/?zu=x"):
        assert client.get(f"/mitmachen/strategie/{path}").status_code == 404


def test_news_without_a_known_item_still_shows(ids: Ask, client: Client) -> None:
    keep_news(NewsDraft("gone", NewsKind.CHANGE, ("M-99.9.9",), "/"))
    assert ids() == ["gone"]
    assert client.get("/mitmachen/strategie/neues/").status_code == 200
    assert News.objects.count() == 1
