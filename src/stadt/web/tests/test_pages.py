"""The shell's own pages: the city's texts, language, account, signing in."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from stadt.core import city
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db

SIGN_IN_PAGES = (
    "/konto/login/",
    "/konto/signup/",
    "/konto/password/reset/",
    "/konto/password/reset/done/",
    "/konto/confirm-email/",
    "/konto/inactive/",
)
OWN_PAGES = ("/konto/", "/konto/email/", "/konto/password/change/", "/konto/logout/")


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create_user("anna@example.org", "ein langes Wort 123"))
    return client


@pytest.mark.parametrize("name", ["impressum", "datenschutz", "barrierefreiheit", "leichte-sprache"])
def test_the_citys_text_or_its_absence_is_told(client: Client, name: str) -> None:
    page = client.get(f"/{name}").content.decode()
    has_text = city.current().text(name, "de") is not None
    assert ("Noch nicht hinterlegt" in page) is not has_text


def test_the_language_can_be_changed_and_leads_back(client: Client) -> None:
    answer = client.post("/sprache/", {"language": "en", "next": "/suche?q=park"})
    assert answer.headers["Location"] == "/suche?q=park"
    page = client.get("/suche").content.decode()
    assert '<html lang="en">' in page
    assert "Skip to content" in page


@pytest.mark.parametrize("address", SIGN_IN_PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_sign_in_pages_are_in_the_citys_look_and_the_readers_language(
    client: Client, address: str, language: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert 'class="foot"' in page


@pytest.mark.parametrize("address", OWN_PAGES)
def test_the_pages_of_an_account_are_in_the_citys_look(signed_in: Client, address: str) -> None:
    answer = signed_in.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert "Mein Konto" in page


def test_the_account_page_sends_strangers_to_sign_in(client: Client) -> None:
    assert client.get("/konto/").headers["Location"] == "/konto/login/?next=/konto/"


def test_an_account_is_made_confirmed_and_used(client: Client, settings: Any) -> None:
    given = {
        "email": "neu@example.org",
        "password1": "ein langes Wort 123",
        "password2": "ein langes Wort 123",
    }
    assert client.post("/konto/signup/", given).status_code == 302
    (message,) = mail.outbox
    assert "Bitte bestätigen Sie Ihre E-Mail-Adresse" in message.subject
    link = re.search(r"https?://[^/\s]+(/konto/confirm-email/\S+)", str(message.body))
    assert link is not None
    assert "neu@example.org" in client.get(link[1]).content.decode()
    assert client.post(link[1]).status_code == 302
    client.logout()
    answer = client.post("/konto/login/", {"login": "neu@example.org", "password": "ein langes Wort 123"})
    assert answer.status_code == 302
    assert "Mein Konto" in client.get("/konto/").content.decode()


def test_a_password_is_reset_by_mail(client: Client) -> None:
    user = User.objects.create_user("anna@example.org", "ein langes Wort 123")
    client.post("/konto/password/reset/", {"email": user.email})
    (message,) = mail.outbox
    link = re.search(r"https?://[^/\s]+(/konto/password/reset/key/\S+)", str(message.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "ein anderes Wort 456", "password2": "ein anderes Wort 456"})
    user.refresh_from_db()
    assert user.check_password("ein anderes Wort 456")


def test_a_wrong_password_is_told_at_the_form_without_saying_who_has_an_account(client: Client) -> None:
    User.objects.create_user("anna@example.org", "ein langes Wort 123")
    known = client.post("/konto/login/", {"login": "anna@example.org", "password": "falsch"}).content.decode()
    unknown = client.post(
        "/konto/login/", {"login": "niemand@example.org", "password": "falsch"}
    ).content.decode()
    tell = re.compile(r'<ul class="notice__list">(.*?)</ul>', re.DOTALL)
    told, other = tell.search(known), tell.search(unknown)
    assert told is not None
    assert other is not None
    assert told[1].strip() == other[1].strip() != ""
