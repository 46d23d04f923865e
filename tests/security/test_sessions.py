"""A session ends when its person says so, and at every change that makes an old one dangerous."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stadt.core.errors import Forbidden
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, User
from stadt.core.people.services import create_administrator
from stadt.core.people.sessions import (
    end_session,
    end_sessions,
    forget_old_sessions,
    list_sessions,
    shorten,
)
from stadt.web.accounts.browsers import browser_name, place_name

PASSWORD = "kohle-und-stahl-1928"
NEW = "koks-und-eisen-1904"
ADDRESS = "frieda@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def person(settings: Any) -> User:
    cache.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # the real one takes its time
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return create_administrator(Actor.system("test"), ADDRESS, PASSWORD)


def sign_in(address: str = "192.0.2.77", agent: str = FIREFOX) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    client.post("/konto/login/", {"login": ADDRESS, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def test_the_list_says_browser_and_network_and_nothing_more_exact(person: User) -> None:
    here, there = sign_in(), sign_in("203.0.113.9", "curl/8")
    is_in(there)
    shown = here.get("/konto/sitzungen/").content.decode()
    assert "Firefox, Windows" in shown
    assert "Unbekannter Browser" in shown
    assert "192.0.2" in shown
    assert "192.0.2.77" not in shown
    assert "203.0.113.9" not in str(list_sessions(person))


def test_of_an_address_only_the_network_is_kept(person: User) -> None:
    from allauth.usersessions.models import UserSession

    sign_in("203.0.113.9")
    assert [session.ip for session in UserSession.objects.all()] == ["203.0.113.0"]
    assert shorten("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert shorten("::ffff:198.51.100.7") == "198.51.100.0"
    assert shorten("nonsense") == "0.0.0.0"


def test_one_session_can_be_ended_from_another() -> None:
    here, there = sign_in(), sign_in()
    shown = here.get("/konto/sitzungen/").content.decode()
    [other] = re.findall(r'name="end" value="(\d+)"', shown)
    here.post("/konto/sitzungen/", {"end": other})
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.post("/konto/sitzungen/", {"end": other}).status_code == 302  # a second click does no harm


def test_all_others_end_and_this_one_stays() -> None:
    here, there, elsewhere = sign_in(), sign_in(), sign_in()
    here.post("/konto/sitzungen/", {"end": "others"})
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, False)
    assert AuditEntry.objects.get(verb="end_sessions").changes == {"ended": 2, "kept_own": True}


def test_everywhere_means_here_too() -> None:
    here, there = sign_in(), sign_in()
    stolen = Client()
    stolen.cookies["sessionid"] = here.cookies["sessionid"].value
    answer = here.post("/konto/sitzungen/", {"end": "all"})
    assert answer["Location"] == "/konto/login/"
    assert (is_in(here), is_in(there), is_in(stolen)) == (False, False, False)
    assert Session.objects.count() <= 1  # the message about it


def test_somebody_elses_session_cannot_be_ended(person: User) -> None:
    sign_in()
    [session] = list_sessions(person)
    stranger = User.objects.create_user("otto@example.org", PASSWORD)
    client = Client()
    client.force_login(stranger, "allauth.account.auth_backends.AuthenticationBackend")
    client.post("/konto/sitzungen/", {"end": str(session.pk)})
    assert list_sessions(person) == [session]
    for attempt in (
        lambda: end_session(Actor.for_user(stranger), person, session.pk),
        lambda: end_sessions(Actor.for_user(stranger), person),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_form_of_another_site_ends_nothing(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/konto/sitzungen/", {"end": "all"}).status_code == 403
    assert is_in(client)


def test_changing_the_password_ends_all_other_sessions(person: User) -> None:
    here, there = sign_in(), sign_in()
    entered = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/konto/password/change/", entered).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert Session.objects.filter(session_key=there.cookies["sessionid"].value).count() == 0


def test_a_forgotten_password_chosen_anew_ends_all_sessions(person: User) -> None:
    there = sign_in()
    Client().post("/konto/password/reset/", {"email": ADDRESS})
    link = re.search(r"http\S+(/konto/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    client = Client()
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(there)
    assert Session.objects.filter(session_key=there.cookies["sessionid"].value).count() == 0


def test_a_deactivated_person_is_out_at_once(person: User) -> None:
    client = sign_in()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(client)
    assert client.get("/api/v1/datasets").wsgi_request.actor.kind == "anonymous"  # type: ignore[attr-defined]


def test_a_session_that_began_before_it_was_noted_is_noted_when_used(person: User) -> None:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    assert list_sessions(person) == []
    assert is_in(client)
    assert len(list_sessions(person)) == 1


def test_sessions_whose_time_is_over_are_removed_by_a_job(person: User) -> None:
    sign_in()
    kept = sign_in()
    first = Session.objects.exclude(session_key=kept.cookies["sessionid"].value).get()
    Session.objects.filter(pk=first.pk).update(expire_date="2020-01-01T00:00:00Z")
    forget_old_sessions()
    assert len(list_sessions(person)) == 1
    assert is_in(kept)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/127.0 Safari/537.36 Edg/127.0",
            "Edge, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1",
            "Safari, iPhone",
        ),
        ("", "Unbekannter Browser"),
    ],
)
def test_browsers_have_names(agent: str, name: str) -> None:
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.0", "dieser Rechner"),
        ("10.1.2.0", "lokales Netz (10.1.2.…)"),
        ("9.9.9.0", "Internet (9.9.9.…)"),
        ("2a02:908:1::", "Internet (2a02:908:1:…)"),
        ("0.0.0.0", "unbekannt"),
    ],
)
def test_networks_have_names(address: str, place: str) -> None:
    assert place_name(address) == place
