"""While the city cannot store, pages say so before they work on anything, and reading goes on."""

import pytest
from django.test import Client

from stadt.core import condition
from stadt.core.condition import Store
from stadt.core.errors import ReadOnly, Unavailable

pytestmark = pytest.mark.django_db
RESET = "/konto/password/reset/"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "find_refusal", lambda store=Store.DATABASE: ReadOnly("Kein Platz."))


@pytest.mark.usefixtures("full")
def test_a_form_is_refused_with_a_page_that_says_where_the_entries_are(client: Client) -> None:
    answer = client.post(RESET, {"email": "eingabe@stadt.example"})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Kein Platz." in page
    assert "Gehen Sie in Ihrem Browser einen Schritt zurück" in page
    assert "eingabe@stadt.example" not in page


@pytest.mark.usefixtures("full")
def test_the_page_speaks_the_readers_language(client: Client) -> None:
    page = client.post(RESET, headers={"Accept-Language": "en"}).content.decode()
    assert "go one step back in your browser" in page


@pytest.mark.usefixtures("full")
def test_the_interface_is_refused_with_a_problem_document(client: Client) -> None:
    answer = client.post("/api/v1/irgendetwas", "{}", content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "read-only"


@pytest.mark.usefixtures("full")
def test_reading_goes_on(client: Client) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("path", ["/konto/login/", "/sprache/"])
def test_who_is_to_make_room_can_sign_in_and_everybody_can_choose_a_language(
    client: Client, path: str
) -> None:
    assert client.post(path, {"language": "en"}).status_code != 503


def test_without_a_database_nobody_signs_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "find_refusal", lambda store=Store.DATABASE: Unavailable("Keine Antwort."))
    assert client.post("/konto/login/").status_code == 503


def test_only_a_form_with_a_file_needs_room_for_uploads(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: Store = Store.DATABASE) -> Unavailable | None:
        return ReadOnly("Kein Platz.") if store is Store.UPLOADS else None

    monkeypatch.setattr(condition, "find_refusal", refuse)
    as_text = client.post(RESET, "email=", content_type="application/x-www-form-urlencoded")
    assert as_text.status_code != 503
    assert client.post(RESET, {"email": ""}).status_code == 503  # the test client sends multipart
