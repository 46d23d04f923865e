"""Accounts, roles and tokens."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Forbidden, Invalid, SignInNeeded
from stadt.core.health import READ_METRICS
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, AuditEntry, Organisation, Role, User
from stadt.core.people.services import MANAGE_PEOPLE, create_administrator, ensure_foundations, grant_role
from stadt.core.tokens import MANAGE_TOKENS, find_actor, issue_token, revoke_token

SYSTEM = Actor.system("test")
PASSWORD = "kohle-und-stahl-1928"


def soon() -> datetime:
    return timezone.now() + timedelta(days=30)


@pytest.mark.django_db
def test_the_first_administrator_may_do_everything_and_is_recorded_by_id() -> None:
    user = create_administrator(SYSTEM, "Frieda@Example.org ", PASSWORD)
    actor = Actor.for_user(user)
    assert actor.can(MANAGE_TOKENS)
    assert user.email == "frieda@example.org"
    entry = AuditEntry.objects.get(verb="create_administrator")
    assert (entry.subject, entry.actor_kind) == (f"user:{user.pk}", "system")
    assert "frieda" not in str(entry.changes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password"),
    [("frieda", PASSWORD), ("a@example.org", "kurz"), ("a@example.org", "password123456789"[:8])],
)
def test_a_bad_address_or_weak_password_leaves_no_account(email: str, password: str) -> None:
    with pytest.raises(Invalid):
        create_administrator(SYSTEM, email, password)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_first_administrator_signs_in_without_a_mail_server(client: Client) -> None:
    create_administrator(SYSTEM, "a@example.org", PASSWORD)
    answer = client.post("/konto/login/", {"login": "a@example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.django_db
def test_two_accounts_with_one_address_are_refused_also_by_the_database() -> None:
    create_administrator(SYSTEM, "a@example.org", PASSWORD)
    with pytest.raises(Conflict):
        create_administrator(SYSTEM, "A@example.org", PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="A@Example.org")


@pytest.mark.django_db
def test_a_role_counts_only_in_its_organisation() -> None:
    ensure_foundations()
    here, there = Organisation.objects.get(key="stadt"), Organisation.objects.create(key="partner", name="P")
    Role.objects.create(key="tokens", title="T", permissions=[MANAGE_TOKENS.key])
    user = User.objects.create_user("u@example.org")
    grant_role(SYSTEM, user, "tokens", "stadt")
    actor = Actor.for_user(user)
    assert actor.can(MANAGE_TOKENS, here.pk)
    assert not actor.can(MANAGE_TOKENS, there.pk)
    assert not actor.can(MANAGE_PEOPLE)
    with pytest.raises(Forbidden, match="Rollen vergeben"):
        grant_role(actor, user, "administrator", "stadt")


def test_a_stranger_is_asked_to_sign_in() -> None:
    with pytest.raises(SignInNeeded):
        Actor.anonymous().require(MANAGE_TOKENS)


@pytest.mark.django_db
def test_a_token_acts_with_its_scopes_until_revoked_and_only_its_hash_is_kept() -> None:
    token, secret = issue_token(SYSTEM, "Prometheus", [READ_METRICS], expires_at=soon())
    actor = find_actor(secret)
    assert actor is not None
    assert actor.can(READ_METRICS)
    assert not actor.can(MANAGE_TOKENS)
    stored = ApiToken.objects.get(pk=token.pk)
    assert secret not in (stored.hint, stored.title)
    assert len(bytes(stored.digest)) == 32
    revoke_token(SYSTEM, token)
    assert find_actor(secret) is None


@pytest.mark.django_db
def test_an_expired_token_is_nobody() -> None:
    token, secret = issue_token(SYSTEM, "kurz", [READ_METRICS], expires_at=soon())
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert find_actor(secret) is None


@pytest.mark.django_db
@given(st.text(max_size=60))
def test_a_guessed_token_is_nobody(secret: str) -> None:
    assert find_actor(secret) is None
    assert find_actor(f"stadt_{secret}") is None


@pytest.mark.django_db
def test_nobody_gives_away_what_they_do_not_hold() -> None:
    ensure_foundations()
    Role.objects.create(key="tokens", title="T", permissions=[MANAGE_TOKENS.key])
    user = User.objects.create_user("u@example.org")
    grant_role(SYSTEM, user, "tokens", "stadt")
    city = Organisation.objects.get(key="stadt")
    with pytest.raises(Forbidden):
        issue_token(Actor.for_user(user), "mehr", [READ_METRICS], expires_at=soon(), organisation=city)
    with pytest.raises(Invalid):
        issue_token(SYSTEM, "x", [Permission("no.such", "")], expires_at=soon())
    with pytest.raises(Invalid):
        issue_token(SYSTEM, "x", [READ_METRICS], expires_at=timezone.now() + timedelta(days=5000))
    assert not ApiToken.objects.exists()
