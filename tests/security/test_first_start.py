"""The first administrator: by a link that is good once, for whoever holds it, while nobody administers the city."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.first_start import has_administrator, is_good, is_last_administrator, set_up
from stadt.core.people.models import AuditEntry, User
from stadt.core.people.services import create_administrator
from stadt.core.secrets import secret

PASSWORD = "kohle-und-stahl-1928"
ENTERED = {"email": "Frieda@example.org", "name": "Frieda Muster", "password": PASSWORD, "again": PASSWORD}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def token(settings: Any, tmp_path: Path) -> str:
    cache.clear()
    settings.STADT = replace(settings.STADT, home=tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return secret(tmp_path, "setup")  # as `stadt up` does


def test_the_link_is_long_and_its_file_is_read_by_its_owner_only(token: str, tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "setup"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(token) >= 43
    assert secret(tmp_path, "setup") == token  # a second start prints the same


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_the_link_makes_the_administrator_and_is_signed_in(token: str, tmp_path: Path) -> None:
    client = Client()
    assert client.get(f"/einrichten/{token}/")["Location"] == "/einrichten/"  # the token leaves the address
    page = client.get("/einrichten/").content.decode()
    assert token not in page
    answer = client.post("/einrichten/", ENTERED)
    assert (answer.status_code, answer["Location"]) == (302, "/konto/zweiter-faktor/")
    user = User.objects.get()
    assert (user.email, user.name) == ("frieda@example.org", "Frieda Muster")
    assert client.get("/betrieb/anmeldung/").status_code == 200
    assert AuditEntry.objects.get(verb="create_administrator").actor_id == "first-start"
    assert not (tmp_path / "secrets" / "setup").exists()


@pytest.mark.django_db(transaction=True)
def test_a_used_link_leads_nowhere(token: str) -> None:
    holder, late = Client(), Client()
    holder.get(f"/einrichten/{token}/")
    late.get(f"/einrichten/{token}/")
    holder.post("/einrichten/", ENTERED)
    for client in (holder, late, Client()):
        assert client.get(f"/einrichten/{token}/").status_code == 404
        assert client.get("/einrichten/").status_code == 404
        assert client.post("/einrichten/", ENTERED | {"email": "otto@example.org"}).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize("wrong", ["x", "x" * 43, "ä", "..%2Fdjango", "%00"])
def test_a_wrong_link_is_no_page(wrong: str) -> None:
    assert Client().get(f"/einrichten/{wrong}/").status_code == 404
    assert Client().get("/einrichten/").status_code == 404
    assert Client().post("/einrichten/", ENTERED).status_code == 404
    assert not User.objects.exists()


def test_where_somebody_administers_the_link_is_not_good(token: str) -> None:
    user = create_administrator(Actor.system("test"), "a@example.org", PASSWORD)
    assert has_administrator()
    assert not is_good(token)
    with pytest.raises(NotFound):
        set_up(token, "b@example.org", "B", PASSWORD)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert is_good(token)


def test_without_the_file_no_link_is_good(tmp_path: Path) -> None:
    (tmp_path / "secrets" / "setup").write_text("")
    assert not is_good("")
    (tmp_path / "secrets" / "setup").unlink()
    assert not is_good("")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"again": "anders-als-das-erste"}, "unterscheiden"),
        ({"password": "kurz", "again": "kurz"}, "Passwort"),
        ({"email": "frieda"}, "E-Mail"),
        ({"name": ""}, "Name"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_is_made(
    token: str, change: dict[str, str], told: str
) -> None:
    client = Client()
    client.get(f"/einrichten/{token}/")
    answer = client.post("/einrichten/", ENTERED | change)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not User.objects.exists()
    assert is_good(token)


def test_an_account_that_exists_already_is_not_taken_over(token: str) -> None:
    User.objects.create_user("frieda@example.org", PASSWORD)
    with pytest.raises(Conflict):
        set_up(token, ENTERED["email"], "Frieda", PASSWORD)
    client = Client()
    client.get(f"/einrichten/{token}/")
    assert client.post("/einrichten/", ENTERED).status_code == 422


def test_a_form_of_another_site_makes_nobody(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(f"/einrichten/{token}/")
    assert client.post("/einrichten/", ENTERED).status_code == 403
    assert not User.objects.exists()


def test_a_planted_session_is_changed_at_the_end(token: str) -> None:
    client = Client()
    client.get(f"/einrichten/{token}/")
    before = client.cookies["sessionid"].value
    client.post("/einrichten/", ENTERED)
    assert client.cookies["sessionid"].value != before


def test_the_last_administrator_is_known() -> None:
    user = create_administrator(Actor.system("test"), "a@example.org", PASSWORD)
    assert is_last_administrator(user)
    other = create_administrator(Actor.system("test"), "b@example.org", PASSWORD)
    assert not is_last_administrator(user)
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert is_last_administrator(user)
    assert not is_last_administrator(other)
