"""The pages of the gaps, their files and their interface: for everybody, and with nothing internal on them."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stadt.apps.strategy.gaps import finding, state
from stadt.apps.strategy.gaps.files import csv_file
from stadt.apps.strategy.gaps.tests.made import ITEMS, indicator
from stadt.apps.strategy.record.content import Content, Item
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db
PAGES = ("luecken", "bereitschaft", "abdeckung", "rahmen")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Call it with items: they are the city's strategy, and nothing is linked to it."""

    def give(*items: Item) -> None:
        monkeypatch.setattr(state, "strategy_at", lambda: Content(items))
        monkeypatch.setattr(registry, "links", {})

    return give


@pytest.fixture
def made(given: Callable[..., None]) -> None:
    given(*ITEMS)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/strategie/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def rows(client: Client, path: str) -> list[list[str]]:
    answer = client.get(f"/strategie/{path}/liste.csv")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.usefixtures("made")
def test_the_overview_counts_every_gap_and_says_what_is_unknown(client: Client) -> None:
    page = text(client, "luecken/")
    for gap in finding.ALL.values():
        assert gap.title in page
    assert "bei 2 noch nicht zu sagen" in page
    assert "3 Maßnahmen und 3 Kennzahlen" in page


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("key", finding.ALL)
def test_each_list_says_what_closes_it_and_comes_as_a_file(client: Client, key: str) -> None:
    page = text(client, f"luecken/{key}/")
    assert finding.ALL[key].closing in page
    heading, *lines = rows(client, f"luecken/{key}")
    document = client.get(f"/api/v1/strategy/gaps/{key}").json()
    assert heading[0] == "Code"
    assert len(lines) == document["count"] + document["unknown"]
    assert [line[0] for line in lines[: document["count"]]] == [item["code"] for item in document["entries"]]
    for line in lines:
        assert line[0] in page


@pytest.mark.usefixtures("made")
def test_a_gap_that_is_not_there_is_not_found(client: Client) -> None:
    text(client, "luecken/nix/", 404)
    assert client.get("/strategie/luecken/nix/liste.csv").status_code == 404
    assert client.get("/api/v1/strategy/gaps/nix").status_code == 404
    assert client.get("/api/v1/strategy/gaps/%00").status_code in {400, 404}


@pytest.mark.usefixtures("made")
def test_readiness_is_narrowed_by_what_is_missing_and_by_theme(client: Client) -> None:
    page = text(client, "bereitschaft/?fehlt=owner")
    assert "2 Kennzahlen gefunden" in page
    assert "kein SOLL" in page
    assert "1 Kennzahl gefunden" in text(client, "bereitschaft/?fehlt=doppelt")
    assert "0 Kennzahlen gefunden" in text(client, "bereitschaft/?leitthema=umwelt")
    text(client, "bereitschaft/?fehlt=alles", 400)
    heading, *lines = rows(client, "bereitschaft")
    assert len(heading) == 3 + 8
    assert [line[3] for line in lines] == ["ja", "ja", "doppelt", "nein"]
    document = client.get("/api/v1/strategy/gaps/readiness").json()
    assert [item["state"] for item in document["items"]] == [
        "incomplete",
        "incomplete",
        "duplicate",
        "incomplete",
    ]


@pytest.mark.usefixtures("made")
def test_coverage_counts_as_carried_only_what_is_linked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "0 Maßnahmen gefunden" in text(client, "abdeckung/?stand=carried")
    monkeypatch.setattr(registry, "links", {"measures": {"M-1.1.1": {"apps": ["indicators"]}}})
    page = text(client, "abdeckung/?stand=carried&leitthema=verwaltung")
    assert "1 Maßnahme gefunden" in page
    assert 'href="/kennzahlen/"' in page
    assert [line[2] for line in rows(client, "abdeckung")[1:]] == [
        "von der Plattform getragen", "noch ohne Träger", "braucht keine eigene Software",
    ]  # fmt: skip
    [first, *_others] = client.get("/api/v1/strategy/gaps/coverage").json()["items"]
    assert (first["code"], first["way"], first["apps"]) == ("M-1.1.1", "carried", ["indicators"])


@pytest.mark.usefixtures("made")
def test_frames_show_all_goals_and_narrow_the_list(client: Client) -> None:
    page = text(client, "rahmen/?rahmen=u4ssc")
    assert "1 Kennzahl gefunden" in page
    assert "EC: ICT: PS: 1A" in page
    assert page.count("von keiner Maßnahme genannt") == 15
    assert "/strategie/massnahmen/?sdg=9" in page
    text(client, "rahmen/?rahmen=nix", 400)


def test_a_city_without_a_strategy_is_told_so(client: Client, given: Callable[..., None]) -> None:
    given()
    assert "Noch keine Strategie" in text(client, "luecken/")
    for path in PAGES[1:]:
        text(client, f"{path}/")


def test_names_of_owners_and_partners_stand_on_no_page_and_in_no_file(
    client: Client, given: Callable[..., None]
) -> None:
    given(*ITEMS, indicator("K1.1-05", owner="geheimes-amt"))
    paths = [f"/strategie/{path}/" for path in PAGES]
    paths += [f"/strategie/luecken/{key}/liste.csv" for key in finding.ALL]
    paths += ["/strategie/bereitschaft/liste.csv", "/api/v1/strategy/gaps/readiness"]
    for path in paths:
        assert "geheimes-amt" not in client.get(path).content.decode()


def test_a_cell_that_a_spreadsheet_would_compute_is_text() -> None:
    answer: Any = csv_file("probe", ["a"], [["=1+1"], ["+2"], [3]])
    assert answer.content.decode("utf-8-sig").splitlines() == ["a", "'=1+1", "'+2", "3"]


def test_related_figures_say_why_they_are_not_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadt.apps.strategy.document import strategy

    code = next(iter(strategy().indicators))
    monkeypatch.setattr(registry, "links", {"related": {code: {"strategy.proved_share": "Zählt anderes."}}})
    page = text(client, f"indikatoren/{code}/")
    assert "Zählt anderes." in page
    assert 'href="/kennzahlen/strategy.proved_share/"' in page
