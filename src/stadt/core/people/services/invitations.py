"""Invitations: a role offered to an e-mail address, by a link that works once and only with that address."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import FieldError, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Invitation, Membership, User
from stadt.core.people.reach import MANAGE_PEOPLE, require_givable
from stadt.core.people.services.memberships import get_organisation, get_role, put_membership, refuse_period

LIFE = timedelta(days=14)
KEPT = timedelta(days=30)
SECRET_BYTES = 16


class WrongAddress(Forbidden):
    """The invitation is for another address than those that the account has confirmed."""

    code = "wrong-address"


def digest_of(secret: str) -> bytes:
    """SHA-256 of a link's secret; 128 random bits cannot be guessed, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def invite(
    actor: Actor, email: str, role_key: str, organisation_key: str, *, until: datetime | None = None
) -> tuple[Invitation, str]:
    """Offer a role in an organisation; returns the invitation and the secret of its link, which is told only once.

    It says nothing about whether the address has an account. A second invitation of the same kind takes the first's place.

    Raises:
        Forbidden: the actor does not manage people there, or does not hold all that the role allows.
        NotFound: no such role or organisation.
        Invalid: naming `email` or `until`.
    """
    organisation = get_organisation(organisation_key)
    actor.require(MANAGE_PEOPLE, organisation.pk)
    if actor.kind not in {"user", "system"}:
        raise Forbidden(gettext("Einladen können nur Menschen."))
    role = get_role(role_key)
    require_givable(actor, role, organisation.pk)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        sentence = gettext("Das ist keine E-Mail-Adresse.")
        raise Invalid(sentence, fields=(FieldError("email", sentence),)) from error
    now = timezone.now()
    if until is not None and until <= now:
        raise refuse_period(gettext("Das Ende liegt in der Zukunft."))
    Invitation.objects.filter(email=email, role=role, organisation=organisation).delete()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = Invitation.objects.create(
        email=email, role=role, organisation=organisation, role_until=until, digest=digest_of(secret),
        invited_by_id=actor.user_id, expires_at=now + LIFE,
    )  # fmt: skip
    changes = {"role": role.key, "organisation": organisation.key}
    record(actor, "invite", f"invitation:{made.pk}", changes)
    return made, secret


@transaction.atomic
def renew_invitation(actor: Actor, invitation_id: int) -> tuple[Invitation, str]:
    """A new link for fourteen more days; the old one stops working, and the actor answers for it from now on.

    Raises:
        NotFound: there is none, or it is in an organisation whose people the actor does not manage.
        Forbidden: the role allows more than the actor may.
    """
    found = _get_managed(actor, invitation_id)
    require_givable(actor, get_role(found.role.key), found.organisation_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    found.digest, found.expires_at = digest_of(secret), timezone.now() + LIFE
    found.invited_by_id = actor.user_id
    found.save(update_fields=["digest", "expires_at", "invited_by"])
    record(actor, "renew_invitation", f"invitation:{found.pk}")
    return found, secret


@transaction.atomic
def revoke_invitation(actor: Actor, invitation_id: int) -> None:
    """Make the link useless and forget the address. Raises NotFound as `renew_invitation`."""
    found = _get_managed(actor, invitation_id)
    pk = found.pk
    found.delete()
    record(actor, "revoke_invitation", f"invitation:{pk}")


def find_invitation(digest: bytes) -> Invitation | None:
    """The open invitation of a link; None alike for a link that is unknown, used, revoked or too old."""
    found = Invitation.objects.select_related("role", "organisation").filter(digest=digest).first()
    return found if found and found.is_open else None


@transaction.atomic
def accept_invitation(actor: Actor, user: User, digest: bytes) -> Membership:
    """Take the offered role; the invitation is gone afterwards.

    Having the link is not enough: the invited address must be one that the account has confirmed by a mail of its own. And
    whoever invited must still be allowed to.

    Raises:
        NotFound: the link is unknown, used, revoked or too old, or who sent it may no longer give the role.
        WrongAddress: the account has not confirmed the invited address.
        Conflict: the account is out of use.
    """
    if actor.user_id != user.pk:
        raise Forbidden(gettext("Eine Einladung nimmt jeder Mensch selbst an."))
    offered = find_invitation(digest)
    if offered is None:
        raise _gone()
    role = get_role(
        offered.role.key
    )  # before the invitation, as `invite` does, so that neither waits for the other
    found = Invitation.objects.select_for_update().filter(digest=digest, role=role).first()
    if found is None or not found.is_open:
        raise _gone()
    if not EmailAddress.objects.filter(user=user, email__iexact=found.email, verified=True).exists():
        raise WrongAddress(gettext("Diese Einladung ging an eine andere E-Mail-Adresse."))
    if found.invited_by is not None:
        sender = Actor.for_user(found.invited_by)
        may = sender.can(MANAGE_PEOPLE, found.organisation_id)
        if not may or not all(sender.can_give(key, found.organisation_id) for key in role.permissions):
            raise _gone()
    if found.role_until is not None and found.role_until <= timezone.now():
        raise _gone()
    until = found.role_until
    held = Membership.objects.in_force().filter(user=user, role=role, organisation=found.organisation).first()
    if held is None or (held.until is not None and (until is None or until > held.until)):
        held = put_membership(actor, user, role, found.organisation, until=until, verb="accept_invitation")
    found.delete()
    return held


def forget_invitations() -> None:
    """The job that removes invitations nobody took, with their addresses, thirty days after their end."""
    Invitation.objects.filter(expires_at__lte=timezone.now() - KEPT).delete()


def _get_managed(actor: Actor, invitation_id: int) -> Invitation:
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("role")
        .filter(pk=invitation_id)
        .first()
    )
    if found is None or not actor.can(MANAGE_PEOPLE, found.organisation_id):
        raise NotFound(gettext("Diese Einladung gibt es nicht mehr."))
    actor.require(MANAGE_PEOPLE, found.organisation_id)
    return found


def _gone() -> NotFound:
    return NotFound(gettext("Diese Einladung gilt nicht mehr."))
