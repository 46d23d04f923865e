"""Invitations: who takes them, once, with the invited address only."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from stadt.core.errors import Invalid, NotFound
from stadt.core.health import READ_METRICS
from stadt.core.people.models import AuditEntry, Invitation, Membership, User
from stadt.core.people.services import (
    MANAGE_PEOPLE,
    accept_invitation,
    change_role,
    deactivate_account,
    end_role,
    find_invitation,
    forget_invitations,
    grant_role,
    invite,
    renew_invitation,
    revoke_invitation,
)
from stadt.core.people.services.invitations import WrongAddress, digest_of
from stadt.core.tests.people import SYSTEM, acting, administrator, membership_of, office, person, role

pytestmark = pytest.mark.django_db
ADDRESS = "neu@stadt.example"


@pytest.fixture
def chief() -> User:
    role("leser", READ_METRICS.key), office("amt")
    return administrator()


def invited(chief: User) -> bytes:
    _made, secret = invite(acting(chief), "Neu@Stadt.example ", "leser", "amt")
    return digest_of(secret)


def newcomer(*, verified: bool = True, email: str = ADDRESS) -> User:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def test_an_invitation_gives_its_role_once(chief: User) -> None:
    digest, user = invited(chief), newcomer()
    accept_invitation(acting(user), user, digest)
    assert acting(user).can(READ_METRICS)
    with pytest.raises(NotFound):
        accept_invitation(acting(user), user, digest)
    assert not Invitation.objects.exists()
    entries = AuditEntry.objects.filter(verb__in=("invite", "accept_invitation"))
    assert len(entries) == 2
    assert not [entry for entry in entries if "neu@" in str(entry.changes) + entry.subject]


def test_only_the_hash_of_the_secret_is_kept_and_the_secret_has_128_bits(chief: User) -> None:
    made, secret = invite(acting(chief), ADDRESS, "leser", "amt")
    assert len(secret) == 22
    assert secret not in str(Invitation.objects.filter(pk=made.pk).values())


@pytest.mark.parametrize("verified", [True, False])
def test_a_stolen_or_forwarded_link_gives_nothing_to_another_account(chief: User, *, verified: bool) -> None:
    digest = invited(chief)
    thief = newcomer(email="thief@else.example") if verified else newcomer(verified=False)
    with pytest.raises(WrongAddress):
        accept_invitation(acting(thief), thief, digest)
    assert not Membership.objects.filter(user=thief).exists()
    assert find_invitation(digest) is not None


def test_a_link_that_is_too_old_revoked_renewed_or_unknown_is_the_same_nothing(chief: User) -> None:
    user, digest = newcomer(), invited(chief)
    Invitation.objects.update(expires_at=timezone.now())
    answers = []
    for spoil in (
        lambda: None,
        lambda: renew_invitation(acting(chief), Invitation.objects.get().pk),
        lambda: revoke_invitation(acting(chief), Invitation.objects.get().pk),
    ):
        spoil()
        assert find_invitation(digest) is None
        with pytest.raises(NotFound) as refused:
            accept_invitation(acting(user), user, digest)
        answers.append(refused.value.detail)
    assert set(answers) == {"Diese Einladung gilt nicht mehr."}


def test_who_invited_must_still_be_allowed_to(chief: User) -> None:
    role("personal", MANAGE_PEOPLE.key, READ_METRICS.key)
    sender, user = person("sender", ("personal", "amt")), newcomer()
    digest = invited(sender)
    end_role(SYSTEM, membership_of(sender).pk)
    with pytest.raises(NotFound):
        accept_invitation(acting(user), user, digest)
    grant_role(SYSTEM, sender, "personal", "amt")
    change_role(acting(chief), "leser", "Leser", ["core.manage_tokens"])
    with pytest.raises(NotFound):
        accept_invitation(acting(user), user, digest)
    deactivate_account(SYSTEM, sender)
    assert find_invitation(digest) is None
    assert not Membership.objects.filter(user=user).exists()


def test_accepting_takes_nothing_away_from_who_has_the_role_for_good(chief: User) -> None:
    EmailAddress.objects.create(user=chief, email=chief.email, verified=True, primary=True)
    until = timezone.now() + timedelta(days=1)
    _made, secret = invite(acting(chief), chief.email, "administrator", "stadt", until=until)
    accept_invitation(acting(chief), chief, digest_of(secret))
    assert membership_of(chief).until is None


def test_the_role_of_an_invitation_may_end(chief: User) -> None:
    until, user = timezone.now() + timedelta(days=1), newcomer()
    _made, secret = invite(acting(chief), ADDRESS, "leser", "amt", until=until)
    accept_invitation(acting(user), user, digest_of(secret))
    assert membership_of(user).until == until


def test_inviting_says_the_same_with_and_without_an_account(chief: User) -> None:
    newcomer()
    known, _secret = invite(acting(chief), ADDRESS, "leser", "amt")
    unknown, _secret = invite(acting(chief), "nobody@stadt.example", "leser", "amt")
    assert (known.role, known.organisation) == (unknown.role, unknown.organisation)
    with pytest.raises(Invalid) as refused:
        invite(acting(chief), "keine Adresse", "leser", "amt")
    assert refused.value.fields[0].field == "email"


def test_an_invitation_is_managed_only_where_the_right_is_held(chief: User) -> None:
    invited(chief)
    office("werk")
    actor = acting(administrator("bea", "werk"))
    pk = Invitation.objects.get().pk
    for attempt in (lambda: revoke_invitation(actor, pk), lambda: renew_invitation(actor, pk)):
        with pytest.raises(NotFound):
            attempt()
    assert Invitation.objects.exists()


def test_addresses_that_nobody_took_are_forgotten(chief: User) -> None:
    invited(chief)
    forget_invitations()
    assert Invitation.objects.exists()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=31))
    forget_invitations()
    assert not Invitation.objects.exists()
