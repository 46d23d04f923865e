"""The pages on which people see, take along and erase their data, and on which an administrator answers for somebody."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import create_administrator

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "ada@stadt.example"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(settings: Any) -> User:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return create_administrator(Actor.system("test"), ADDRESS, PASSWORD)


@pytest.fixture
def client(person: User) -> Client:
    found = Client()
    found.post("/konto/login/", {"login": ADDRESS, "password": PASSWORD})
    return found


@pytest.fixture
def other(person: User) -> User:
    return User.objects.create_user("otto@stadt.example", PASSWORD, name="Otto Beispiel")


def test_the_page_says_everything_in_words(client: Client) -> None:
    page = client.get("/konto/daten/").content.decode()
    for word in (ADDRESS, "zuletzt angemeldet", "Sitzungen", "Administration", "Nichts gespeichert."):
        assert word in page
    assert "last_login" not in page


def test_the_file_is_json_to_take_along(client: Client) -> None:
    answer = client.get("/konto/daten.json")
    assert answer["Content-Disposition"].startswith('attachment; filename="meine-daten-')
    assert json.loads(answer.content)["data"]["core"]["account"]["email"] == ADDRESS
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", ["/konto/daten/", "/konto/daten.json", "/konto/loeschen/"])
def test_an_old_session_proves_first_who_it_is(person: User, address: str) -> None:
    old = Client()
    old.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    answer = old.get(address)
    assert answer.status_code == 302
    assert "/konto/reauthenticate/" in answer["Location"]


def test_the_last_administrator_is_told_why_not(client: Client) -> None:
    answer = client.post("/konto/loeschen/", {"confirmation": ADDRESS})
    assert answer.status_code == 422
    assert "verwaltet niemand mehr die Stadt" in answer.content.decode()
    assert User.objects.filter(email=ADDRESS).exists()


def test_erasing_needs_the_address_typed_and_ends_everything(client: Client, other: User) -> None:
    mine = Client()
    mine.force_login(other, "allauth.account.auth_backends.AuthenticationBackend")
    mine.post("/konto/reauthenticate/", {"password": PASSWORD})
    wrong = mine.post("/konto/loeschen/", {"confirmation": "anna@stadt.example"})
    assert wrong.status_code == 422
    assert User.objects.filter(pk=other.pk).exists()
    answer = mine.post("/konto/loeschen/", {"confirmation": " Otto@stadt.example "}, follow=True)
    assert "gelöscht" in answer.content.decode()
    assert not User.objects.filter(email="otto@stadt.example").exists()
    assert mine.get("/konto/").status_code == 302
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["otto@stadt.example"], "Ihr Konto ist gelöscht")


def test_an_administrator_finds_an_account_by_its_whole_address_only(client: Client, other: User) -> None:
    assert client.get("/betrieb/personendaten/?email=Otto@stadt.example")["Location"].endswith(
        f"/{other.pk}/"
    )
    page = client.get("/betrieb/personendaten/?email=ott@stadt.example").content.decode()
    assert "gibt es kein Konto" in page


def test_an_administrator_answers_for_somebody(client: Client, other: User) -> None:
    page = f"/betrieb/personendaten/{other.pk}/"
    assert "Otto Beispiel" in client.get(page).content.decode()
    told = json.loads(client.get(f"{page}daten.json").content)
    assert told["data"]["core"]["account"]["name"] == "Otto Beispiel"
    assert client.post(page, {"do": "erase", "confirmation": "x"}).status_code == 422
    assert client.post(page, {"do": "erase", "confirmation": other.email}).status_code == 302
    assert not User.objects.filter(pk=other.pk).exists()
    assert client.get(page).status_code == 404


def test_an_administrator_helps_who_lost_the_second_factor(client: Client, person: User, other: User) -> None:
    TOTP.activate(other, "JBSWY3DPEHPK3PXP")
    page = f"/betrieb/personendaten/{other.pk}/"
    assert "Zweiten Faktor zurücksetzen" in client.get(page).content.decode()
    answer = client.post(page, {"do": "factor"}, follow=True)
    assert "zurückgesetzt" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert "keinen zweiten Faktor" in client.post(page, {"do": "factor"}, follow=True).content.decode()
    own = client.post(f"/betrieb/personendaten/{person.pk}/", {"do": "factor"}, follow=True)
    assert "Mein Konto" in own.content.decode()


def test_an_administrator_signs_somebody_out_everywhere(client: Client, other: User) -> None:
    theirs = Client()
    theirs.force_login(other, "allauth.account.auth_backends.AuthenticationBackend")
    assert theirs.get("/konto/").status_code == 200
    client.post(f"/betrieb/personendaten/{other.pk}/", {"do": "sessions"})
    assert theirs.get("/konto/").status_code == 302
    assert client.post(f"/betrieb/personendaten/{other.pk}/", {"do": "nonsense"}).status_code == 302


def test_answering_for_others_needs_its_right(other: User) -> None:
    theirs = Client()
    theirs.force_login(other, "allauth.account.auth_backends.AuthenticationBackend")
    for address in (
        "/betrieb/personendaten/",
        "/betrieb/personendaten/1/",
        "/betrieb/personendaten/1/daten.json",
    ):
        assert theirs.get(address).status_code == 403
