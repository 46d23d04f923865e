"""Signing in tells strangers nothing, is counted for each visitor, and leads nowhere else."""

import re
from typing import Any

import pytest
from django.conf import global_settings
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stadt.core.people.actor import Actor
from stadt.core.people.services import create_administrator

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "frieda@example.org"
TOO_MANY = "Zu viele"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    create_administrator(Actor.system("test"), ADDRESS, PASSWORD)


def sign_in(
    client: Client, address: str = ADDRESS, password: str = PASSWORD, further: str = "", **meta: str
) -> Any:
    entered = {"login": address, "password": password, "next": further}
    return client.post("/konto/login/", entered, **meta)  # type: ignore[arg-type]


def shown(answer: Any) -> str:
    """The page without what differs each time."""
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'value="[^"]*@example.org"', "", text)


def test_a_wrong_password_and_an_unknown_address_look_the_same() -> None:
    wrong, unknown = sign_in(Client(), password="falsch-falsch"), sign_in(Client(), "niemand@example.org")
    assert wrong.status_code == unknown.status_code
    assert shown(wrong) == shown(unknown)


def test_a_lost_password_looks_the_same_for_a_known_and_an_unknown_address() -> None:
    known = Client().post("/konto/password/reset/", {"email": ADDRESS})
    unknown = Client().post("/konto/password/reset/", {"email": "niemand@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_address_that_has_an_account_may_be_entered_again_without_a_word_about_it() -> None:
    def register(address: str) -> Any:
        entered = {"email": address, "password1": PASSWORD, "password2": PASSWORD}
        return Client().post("/konto/signup/", entered)

    known, new = register(ADDRESS), register("neu@example.org")
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])


@pytest.mark.parametrize(
    "further",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost:9999/",
    ],
)
@pytest.mark.parametrize("address", ["/konto/login/", "/konto/logout/", "/sprache/"])
def test_next_leads_to_no_other_site(address: str, further: str) -> None:
    client = Client()
    if address == "/konto/login/":
        answer = sign_in(client, further=further)
    else:
        sign_in(client)
        answer = client.post(address, {"next": further, "language": "en"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_the_session_changes_at_signing_in_and_ends_at_signing_out() -> None:
    client = Client()
    client.get("/konto/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = client.cookies["sessionid"].value if "sessionid" in client.cookies else session.session_key
    client.cookies["sessionid"] = str(planted)
    sign_in(client)
    signed_in = client.cookies["sessionid"].value
    assert signed_in != planted
    assert client.get("/konto/").status_code == 200
    client.post("/konto/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = signed_in
    assert stolen.get("/konto/").status_code == 302


def test_signing_out_needs_a_form() -> None:
    client = Client()
    sign_in(client)
    client.get("/konto/logout/")
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9999", "localhost:1"])
@pytest.mark.parametrize("email", [ADDRESS, "niemand@example.org"])
def test_links_in_mails_lead_to_the_city_whatever_host_was_asked_for(
    host: str, email: str, settings: Any
) -> None:
    Client().post("/konto/password/reset/", {"email": email}, HTTP_HOST=host)
    [message] = mail.outbox
    links = re.findall(r"https?://\S+", str(message.body))
    assert links
    assert all(link.startswith(f"{settings.STADT.url}/konto/") for link in links)
    assert host not in str(message.body).replace(settings.STADT.url, "")


def test_a_confirmation_leads_to_the_city_whatever_host_was_asked_for(settings: Any) -> None:
    entered = {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/konto/signup/", entered, HTTP_HOST="localhost:9999")
    [message] = mail.outbox
    assert f"{settings.STADT.url}/konto/confirm-email/" in str(message.body)
    assert "9999" not in str(message.body)


def test_guessing_passwords_ends_soon() -> None:
    answers = [sign_in(Client(), password=f"falsch-falsch-{number}") for number in range(8)]
    assert TOO_MANY in answers[-1].content.decode()
    assert TOO_MANY in sign_in(Client()).content.decode()  # also with the right password


def test_visitors_behind_the_proxy_are_counted_one_by_one() -> None:
    """Twelve names from one address lock that address out, and nobody else."""

    def attempt(address: str, seen: str) -> Any:
        return sign_in(Client(), address, "falsch-falsch", HTTP_X_FORWARDED_FOR=f"203.0.113.1, {seen}")

    for number in range(12):
        last = attempt(f"name{number}@example.org", "192.0.2.7")
    assert TOO_MANY in last.content.decode()
    assert TOO_MANY not in attempt("anderer@example.org", "192.0.2.8").content.decode()


def test_without_a_proxy_the_visitor_does_not_choose_the_address_that_is_counted() -> None:
    for number in range(12):
        spoofed = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}", "REMOTE_ADDR": "198.51.100.9"}
        last = sign_in(Client(), f"name{number}@example.org", "falsch-falsch", **spoofed)
    assert TOO_MANY in last.content.decode()


def test_the_city_itself_keeps_passwords_in_the_slow_way() -> None:
    """Only the tests put a quick one before it."""
    quick, *own = configured.PASSWORD_HASHERS
    assert quick.endswith("MD5PasswordHasher")
    assert own == global_settings.PASSWORD_HASHERS
    assert own[0].endswith("PBKDF2PasswordHasher")
