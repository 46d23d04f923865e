"""What a person may ask of the whole city: everything that is kept, and to be forgotten."""

import json
from dataclasses import replace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from stadt.core.errors import Conflict, Forbidden
from stadt.core.manifest import Privacy
from stadt.core.people.actor import Actor
from stadt.core.people.erasure import erase_person, export_person
from stadt.core.people.models import AuditEntry, User
from stadt.core.people.rights import ANSWER_FOR_PERSONS
from stadt.core.people.services import create_administrator
from stadt.core.registry import registry

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "ada@stadt.example"
NAME = "Ada Muster"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    """Somebody of whom every table of accounts has a row."""
    user = User.objects.create_user(ADDRESS, PASSWORD, name=NAME)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email="ada@privat.example", verified=False)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    SocialAccount.objects.create(user=user, provider="bund", uid="bpk2-4711", extra_data={"email": ADDRESS})
    client = Client(HTTP_USER_AGENT="Firefox/128.0", REMOTE_ADDR="203.0.113.9")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    client.get("/konto/")
    assert UserSession.objects.filter(user=user).exists()
    return user


@pytest.fixture
def administrator() -> User:
    return create_administrator(Actor.system("test"), "chefin@stadt.example", PASSWORD)


def rows_naming_the_person() -> list[str]:
    """Every row of every table that holds her address or name."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [f"{table}: {row}" for (row,) in cursor.fetchall() if ADDRESS in row or NAME in row]
    return found


def test_a_person_gets_everything_as_one_document_without_secrets(person: User) -> None:
    document = export_person(Actor.for_user(person), person)
    text = json.dumps(document)
    core = document["data"]["core"]
    assert [address["email"] for address in core["addresses"]] == [ADDRESS, "ada@privat.example"]
    assert sorted(factor["kind"] for factor in core["second_factors"]) == ["recovery_codes", "totp"]
    assert core["identity_providers"][0]["known_as"] == "bpk2-4711"
    assert core["sessions"][0]["network"] == "203.0.113.0"
    assert set(document["data"]) == {
        label for label, app in registry.apps.items() if app.manifest.privacy is not None
    }
    for secret in (SECRET, "secret", "seed", "session_key", person.password):
        assert secret not in text
    entry = AuditEntry.objects.get(verb="export_person")
    assert (entry.subject, ADDRESS in str(entry.changes)) == (f"user:{person.pk}", False)


def test_after_erasure_no_row_of_any_table_names_the_person(person: User) -> None:
    assert rows_naming_the_person()
    pk = person.pk
    erase_person(Actor.for_user(person), person)
    assert rows_naming_the_person() == []
    assert not Session.objects.exists()
    assert AuditEntry.objects.get(verb="erase_person").subject == f"user:{pk}"


def test_nobody_asks_for_somebody_else_without_the_right(person: User, administrator: User) -> None:
    stranger = Actor.for_user(User.objects.create_user("otto@stadt.example"))
    for attempt in (export_person, erase_person):
        with pytest.raises(Forbidden):
            attempt(stranger, person)
    assert export_person(Actor.for_user(administrator), person)["data"]["core"]["account"]["email"] == ADDRESS
    erase_person(Actor.for_user(administrator), person)
    assert not User.objects.filter(email=ADDRESS).exists()
    assert ANSWER_FOR_PERSONS.key in registry.permissions


def test_the_last_administrator_stays(administrator: User) -> None:
    with pytest.raises(Conflict):
        erase_person(Actor.for_user(administrator), administrator)
    create_administrator(Actor.system("test"), "neue@stadt.example", PASSWORD)
    erase_person(Actor.for_user(administrator), administrator)
    assert not User.objects.filter(email="chefin@stadt.example").exists()


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that cannot erase."""

    def erase(user: Any) -> None:
        raise RuntimeError("cannot")

    app = registry.apps["web"]
    changed = replace(app, manifest=replace(app.manifest, privacy=Privacy(lambda user: {}, erase)))
    monkeypatch.setitem(registry.apps, "web", changed)


@pytest.mark.usefixtures("stubborn")
def test_when_one_app_cannot_erase_nothing_is_erased(person: User) -> None:
    before = sorted(rows_naming_the_person())
    with pytest.raises(RuntimeError):
        erase_person(Actor.for_user(person), person)
    assert sorted(rows_naming_the_person()) == before
    assert Session.objects.exists()
    assert not AuditEntry.objects.filter(verb="erase_person").exists()
