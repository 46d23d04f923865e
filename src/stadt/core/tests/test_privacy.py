"""What core tells a person about itself, and what is left after erasure."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from stadt.core import mail_queue, privacy
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.core.people.models import (
    ApiToken,
    AuditEntry,
    Deputyship,
    Invitation,
    Membership,
    Organisation,
    User,
)
from stadt.core.people.services import create_administrator, invite, name_deputy

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    found = create_administrator(Actor.system("test"), "ada@stadt.example", "lange-leitung-4711")
    create_administrator(Actor.system("test"), "bea@stadt.example", "lange-leitung-4711")
    User.objects.filter(pk=found.pk).update(name="Ada Muster")
    return User.objects.get(pk=found.pk)


def test_a_person_is_told_everything_that_is_kept(user: User) -> None:
    told = privacy.export(user)
    assert told["account"]["email"] == "ada@stadt.example"
    assert told["account"]["name"] == "Ada Muster"
    assert [held["role"] for held in told["roles"]] == ["Administration"]
    assert json.loads(json.dumps(told)) == told


def test_after_erasure_no_row_names_the_person(user: User) -> None:
    number = user.pk
    privacy.erase(user)
    assert not User.objects.filter(email="ada@stadt.example").exists()
    assert not Membership.objects.filter(user_id=number).exists()
    rows = [str(row) for row in AuditEntry.objects.values()]
    assert rows
    assert not [row for row in rows if "ada@" in row or "Muster" in row]


def test_mails_that_wait_for_the_person_go_too(user: User) -> None:
    for address in ("Ada@stadt.example", "bea@stadt.example"):
        defer(mail_queue.JOB, recipient=address, content={"to": [address]})
    privacy.erase(user)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'recipient' FROM procrastinate_jobs WHERE task_name = %s", [mail_queue.JOB]
        )
        assert cursor.fetchall() == [("bea@stadt.example",)]


def test_a_token_outlives_who_issued_it_without_naming_the_person(user: User) -> None:
    later = user.joined_at.replace(year=user.joined_at.year + 1)
    token = ApiToken.objects.create(
        title="Gateway", digest=b"0" * 32, hint="abcd", issued_by=user, expires_at=later
    )
    assert privacy.export(user)["tokens"][0]["title"] == "Gateway"
    privacy.erase(user)
    token.refresh_from_db()
    assert token.issued_by is None
    assert token.is_valid


def test_deputies_and_invitations_are_told_and_erased(user: User) -> None:
    organisation, bea = Organisation.objects.get(key="stadt"), User.objects.exclude(pk=user.pk).get()
    actor = Actor.for_user(user)
    name_deputy(actor, user, bea, organisation, until=timezone.now() + timedelta(days=1))
    invite(actor, "neu@stadt.example", "administrator", "stadt")
    invite(Actor.for_user(bea), user.email, "administrator", "stadt")
    told = privacy.export(user)
    assert [one["as"] for one in told["deputyships"]] == ["represented"]
    assert [one["as"] for one in told["invitations"]] == ["sender", "invited"]
    assert json.loads(json.dumps(told)) == told
    privacy.erase(user)
    assert not Deputyship.objects.exists()
    assert not Invitation.objects.exists()
