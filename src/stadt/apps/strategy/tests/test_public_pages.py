"""Row 26, S-1, row 19, V-07: pages a resident understands, the map, the timeline, the filters and the cards."""

import os
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from msgspec.structs import replace

from stadt.apps.strategy import items, lists, space_page, spaces, timeline
from stadt.apps.strategy.document import of_content
from stadt.apps.strategy.now import content
from stadt.apps.strategy.parsing import parse_period
from stadt.apps.strategy.record.content import Content, Measure, Period, Spatial
from stadt.hub.places import queries as places
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def test_a_measure_says_what_when_who_pays_where_and_from_where_it_comes(client: Client) -> None:
    item = next(item for item in content().measures.values() if item.period.open_end and item.spatial.text)
    text = page(client, f"/strategie/massnahmen/{item.code}/")
    for heading in (
        "Auf einen Blick",
        "Wer bezahlt",
        "Welche Zahlen sie bewegen soll",
        "Wo sie wirkt",
        "Woher diese",
    ):
        assert heading in text
    if "STADT_TEST_CITY" not in os.environ:  # another city may print its periods in other ways
        assert "ohne festes Ende" in text
    assert content().head.note in text
    assert "nicht festgelegt" in text
    assert f"/api/v1/strategy/measures/{item.code}" in text


def test_of_a_period_that_is_not_printed_nothing_is_quoted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = next(iter(content().measures.values()))
    known = Content(replace(one, period=Period()) if one is item else one for one in content())
    monkeypatch.setattr(items, "content", lambda: known)
    monkeypatch.setattr(items, "strategy", lambda: of_content(known))
    text = page(client, f"/strategie/massnahmen/{item.code}/")
    assert "nicht genannt" in text
    assert "„“" not in text


def test_every_item_can_stand_in_a_frame_of_another_site_and_nothing_else(client: Client) -> None:
    measure, indicator = next(iter(content().measures)), next(iter(content().indicators))
    for path in (f"massnahmen/{measure}", f"indikatoren/{indicator}"):
        answer = client.get(f"/strategie/{path}/einbetten/")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.cookies
        assert b"<form" not in answer.content
        whole = client.get(f"/strategie/{path}/")
        assert "frame-ancestors 'none'" in whole["Content-Security-Policy"]
        assert f"/strategie/{path}/einbetten/" in unescape(whole.content.decode())
    page(client, "/strategie/massnahmen/M-99.9.9/einbetten/", status=404)
    page(client, "/strategie/indikatoren/K99.9-99/einbetten/", status=404)


def test_the_timeline_tells_every_measure_with_its_period_in_words(client: Client) -> None:
    text = page(client, "/strategie/zeitplan/")
    for code in content().measures:
        assert f"/strategie/massnahmen/{code}/" in text
    theme = next(iter(content().themes.values()))
    narrowed = page(client, f"/strategie/zeitplan/?leitthema={theme.slug}")
    assert narrowed.count("timeline__bars") < text.count("timeline__bars")
    assert "Dazu nennt die Strategie keine Maßnahme" in page(client, "/strategie/zeitplan/?leitthema=xyz")


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("2021-2022", [(False, False)]),
        ("ab 2021", [(False, True)]),
        ("bis Q3. 2021", [(True, False)]),
        ("laufend", [(True, True)]),
        ("offen", []),
        ("bis Q4.2019 Analyse, Pilotierungen & Roll-Out ab 2021", [(True, False), (False, True)]),
    ],
)
def test_a_bar_is_as_certain_as_its_text(text: str, opens: list[tuple[bool, bool]]) -> None:
    bars = timeline.bars_of(parse_period(text), timeline.Axis(2013, 2032))
    assert [(bar.is_open_start, bar.is_open_end) for bar in bars] == opens
    assert all(bar.x >= 0 and bar.x + bar.width <= timeline.WIDTH + 2 for bar in bars)


def test_only_a_whole_name_is_read_as_an_area(monkeypatch: pytest.MonkeyPatch) -> None:
    area = Area(
        1,
        PlaceKind.QUARTER,
        "horst",
        "Horst",
        "",
        None,
        (7.0, 51.0, 7.1, 51.1),
        (7.05, 51.05),
        1.0,
        True,
        "",
        "",
    )
    monkeypatch.setattr(places, "list_areas", lambda kind: [area] if kind == PlaceKind.QUARTER else [])
    monkeypatch.setattr(places, "find_area", lambda key: area if key == area.key else None)
    exact = Measure("M-1.1.1", "A", spatial=Spatial("a park, Horst"))
    inside = Measure("M-1.1.2", "B", spatial=Spatial("Museum Schloss Horst; Horst-Süd"))
    given = Measure("M-1.1.3", "C", spatial=Spatial("Horst", areas=("horst", "nowhere")))
    assert [found.is_reading for found in spaces.named_areas(exact)] == [True]
    assert spaces.named_areas(inside) == []
    assert [found.is_reading for found in spaces.named_areas(given)] == [False]
    assert [len(entry.measures) for entry in spaces.by_area([exact, inside, given])] == [2]


def test_the_map_lists_every_measure_and_says_what_is_not_set(client: Client) -> None:
    text = page(client, "/strategie/karte/")
    for item in content().measures.values():
        assert f"/strategie/massnahmen/{item.code}/" in text
    assert "von der Stadt noch nicht festgelegt" in text
    stated = sum(1 for item in content().measures.values() if item.spatial.text)
    assert f"Von {len(content().measures)} Maßnahmen nennt der Text bei {stated}" in text
    assert space_page.ANCHOR


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("geld=open", lambda item: item.funding.is_open),
        ("geld=named", lambda item: not item.funding.is_open),
        ("jahr=2021", lambda item: lists.runs_in(item.period, 2021)),
        ("stand=unknown", lambda item: not item.state),
    ],
)
def test_measures_are_narrowed_by_state_time_and_money(
    client: Client, query: str, expected: Callable[[Measure], bool]
) -> None:
    count = sum(1 for item in content().measures.values() if expected(item))
    found = re.search(r"(\d+) Maßnahmen? gefunden", page(client, f"/strategie/massnahmen/?{query}"))
    assert found
    assert int(found[1]) == count


def test_an_open_end_reaches_on_and_an_undated_measure_runs_in_no_year() -> None:
    assert lists.runs_in(parse_period("ab 2021"), 2030)
    assert not lists.runs_in(parse_period("ab 2021"), 2020)
    assert lists.runs_in(parse_period("bis 2022"), 2015)
    assert lists.runs_in(parse_period("laufend"), 2050)
    assert not lists.runs_in(parse_period("offen"), 2021)


def test_a_year_outside_the_calendar_names_the_field(client: Client) -> None:
    assert "kern-error" in page(client, "/strategie/massnahmen/?jahr=99999", status=400)


@pytest.mark.parametrize("path", ["", "massnahmen/", "zeitplan/", "karte/"])
def test_a_page_of_the_whole_strategy_costs_few_queries(
    client: Client, django_assert_max_num_queries: object, path: str
) -> None:
    client.get(f"/strategie/{path}")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(f"/strategie/{path}")
