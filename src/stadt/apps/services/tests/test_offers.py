"""What the city offers: grouped, found by words, in the reader's language, and only while it is open."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.services import checks, offers
from stadt.apps.services.tests.filling import DATA, Offer
from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import CaseType, Category, State
from stadt.civic.forms.loading import read_folder
from stadt.core.errors import NotFound


def page(client: Client, query: str = "", **headers: str) -> str:
    return client.get(f"/dienste/{query}", headers=headers).content.decode()


def test_a_service_stands_in_its_group_with_what_it_costs_and_needs(
    client: Client, allotment: CaseType
) -> None:
    shown = page(client)
    for words in (
        "Grün",
        "Kleingarten",
        "offen:",
        "Pacht trägt die Stadt ein</span>",
        "Einen grünen Daumen",
        "Bis ein Garten frei wird",
    ):
        assert words in shown
    assert 'href="/dienste/kleingarten/"' in shown


def test_a_service_is_told_in_the_readers_language(client: Client, allotment: CaseType) -> None:
    shown = page(client, **{"accept-language": "en"})
    assert "Allotment" in shown
    assert "City services" in shown


@pytest.mark.parametrize("words", ["garten", "SCHREBER", "stück pachten", "Süd"])
def test_a_service_is_found_by_its_words(client: Client, allotment: CaseType, words: str) -> None:
    assert "Kleingarten" in page(client, f"?q={words}")
    assert [hit.url for hit in offers.find_services(words, 5)] == ["/dienste/kleingarten/"]


def test_what_nobody_offers_is_not_found(client: Client, allotment: CaseType) -> None:
    shown = page(client, "?q=Hundesteuer")
    assert "Kein Dienst gefunden" in shown
    assert "Kleingarten" not in shown
    assert list(offers.find_services("", 5)) == []


def test_without_any_service_the_page_says_so(client: Client, offer: Offer, tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    with pytest.raises(StopIteration):
        offer(tmp_path)
    assert "Noch kein Dienst eingerichtet" in page(client)


def test_plain_language_is_remembered_until_it_is_switched_off(client: Client, allotment: CaseType) -> None:
    assert "Hier bekommen Sie einen Garten." in page(client, "?einfach=1")
    assert "Hier bekommen Sie einen Garten." in page(client)
    assert "Hier bekommen Sie einen Garten." not in page(client, "?einfach=0")
    assert "Hier bekommen Sie einen Garten." not in page(client)


def test_a_category_is_open_in_its_days_only() -> None:
    today = timezone.localdate()
    past = Category(key="past", ends=today - timedelta(days=1))
    now = Category(key="now", starts=today, ends=today)
    later = Category(key="later", starts=today + timedelta(days=1))
    stopped = Category(key="stopped", stops=True)
    one = CaseType(key="a", categories=(past, now, later, stopped))
    assert [category.key for category in offers.open_categories(one)] == ["now"]
    assert not offers.is_open(CaseType(key="b", categories=(past,)))


def test_only_services_of_this_door_are_begun_here(allotment: CaseType) -> None:
    assert offers.get_service("kleingarten") == offers.get_service("allotment") == allotment
    for slug in ("unknown", "", "kleingarten\0"):
        with pytest.raises(NotFound):
            offers.get_service(slug)


def test_a_door_of_another_app_leads_there_or_nowhere(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(key="new", face="received", is_initial=True)  # type: ignore[arg-type]
    types = [CaseType(key=door, title=door, door=door, states=(state,)) for door in ("melden", "none")]
    monkeypatch.setattr(offers, "list_types", lambda: types)
    assert [offer.key for offer in offers.list_offers()] == ["melden"]
    assert offers.list_offers()[0].url.startswith("/melden/")


class TestChecks:
    """`stadt doctor` and the start say what a city wrote wrongly."""

    @pytest.fixture
    def written(self, monkeypatch: pytest.MonkeyPatch) -> CaseType:
        one = reading.read_types(DATA / "services")["allotment"]
        monkeypatch.setattr(reading, "types", lambda: {one.key: one})
        monkeypatch.setattr(checks, "city_forms", lambda: read_folder(DATA / "forms"))
        return one

    def test_a_right_service_has_no_fault(self, written: CaseType) -> None:
        assert list(checks.check_services()) == []

    def test_a_service_without_its_form_is_named(
        self, written: CaseType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checks, "city_forms", list)
        assert "allotment" in next(checks.check_services())

    def test_a_form_that_does_not_know_the_categories_is_named(
        self, written: CaseType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [form] = read_folder(DATA / "forms")
        monkeypatch.setattr(checks, "city_forms", lambda: [msgspec.structs.replace(form, names=())])
        assert "names" in next(checks.check_services())

    def test_a_word_of_the_apps_own_addresses_is_refused(
        self, written: CaseType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = msgspec.structs.replace(written, slug="meine")
        monkeypatch.setattr(reading, "types", lambda: {"allotment": taken})
        assert "meine" in next(checks.check_services())


def test_the_end_of_a_period_is_its_last_day() -> None:
    assert Category(key="a", ends=date(2026, 12, 31)).is_offered(date(2026, 12, 31))
    assert not Category(key="a", ends=date(2026, 12, 31)).is_offered(date(2027, 1, 1))
