"""Giving a role to a person in an organisation, for a time, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.identity.models import ProvidedRole
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.reach import MANAGE_PEOPLE, require_givable, require_seen
from stadt.core.people.services.accounts import (
    ADMINISTRATOR,
    administrators,
    lock_administrators,
    require_administrator_left,
)


def get_role(key: str) -> Role:
    """The role, which nobody changes until this transaction ends. Raises NotFound."""
    role = Role.objects.select_for_update(no_key=True).filter(key=key).first()
    if role is None:
        raise NotFound(gettext("Diese Rolle gibt es nicht."))
    return role


def get_organisation(key: str) -> Organisation:
    """The organisation. Raises NotFound."""
    organisation = Organisation.objects.filter(key=key).first()
    if organisation is None:
        raise NotFound(gettext("Diese Organisation gibt es nicht."))
    return organisation


def refuse_period(sentence: str, field: str = "until") -> Invalid:
    """The refusal of a time."""
    return Invalid(sentence, fields=(FieldError(field, sentence),))


@transaction.atomic
def grant_role(
    actor: Actor,
    user: User,
    role_key: str,
    organisation_key: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Membership:
    """Let a person hold a role in an organisation and below, from `since` (now) until just before `until` (for good).

    Given again, only the time changes; without a change nothing happens.

    Raises:
        Forbidden: the actor does not manage people there, or does not hold all that the role allows.
        NotFound: no such role, organisation, or person that the actor may see.
        Invalid: naming `until`.
        Conflict: the account is out of use, or nobody would be left who administers the city.
    """
    organisation = get_organisation(organisation_key)
    actor.require(MANAGE_PEOPLE, organisation.pk)
    role = get_role(role_key)
    require_givable(actor, role, organisation.pk)
    require_seen(actor, user)
    return put_membership(actor, user, role, organisation, since=since, until=until)


def put_membership(
    actor: Actor,
    user: User,
    role: Role,
    organisation: Organisation,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    verb: str = "grant_role",
) -> Membership:
    """The write of `grant_role` and of an accepted invitation, which both asked for the right before."""
    now = timezone.now()
    if until is not None and until <= max(since or now, now):
        raise refuse_period(gettext("Das Ende liegt nach dem Anfang und in der Zukunft."))
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Conflict(gettext("Dieses Konto ist stillgelegt."))
    held: Membership
    held, is_new = Membership.objects.select_for_update().get_or_create(
        user=user, role=role, organisation=organisation, defaults={"since": since or now, "until": until}
    )
    if not is_new and not actor.identifier.startswith("provider:"):
        ProvidedRole.objects.filter(membership=held).delete()  # now a hand gave it, and no provider takes it
    if not is_new:
        is_over = held.until is not None and held.until <= now
        begins = since or (now if is_over else held.since)
        if (held.since, held.until) == (begins, until):
            return held
        was_administrator = administrators().filter(pk=held.pk).exists()
        held.since, held.until = begins, until
        held.save(update_fields=["since", "until"])
        if was_administrator:
            require_administrator_left()
    changes = {"role": role.key, "organisation": organisation.key}
    times = {"since": since, "until": until}
    changes |= {name: moment.isoformat() for name, moment in times.items() if moment}
    record(actor, verb, f"user:{user.pk}", changes)
    return held


@transaction.atomic
def end_role(actor: Actor, membership_id: int) -> None:
    """Take a role back at once; who could not give it cannot take it.

    Raises:
        NotFound: there is no such membership, or it is in an organisation whose people the actor does not manage.
        Forbidden: the role allows more than the actor may.
        Conflict: nobody would be left who administers the city.
    """
    lock_administrators()
    held = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("role", "organisation")
        .filter(pk=membership_id)
        .first()
    )
    if held is None or not actor.can(MANAGE_PEOPLE, held.organisation_id):
        raise NotFound(gettext("Diese Rolle ist schon beendet."))
    actor.require(MANAGE_PEOPLE, held.organisation_id)
    require_givable(actor, held.role, held.organisation_id)
    was_administrator = held.role.key == ADMINISTRATOR and administrators().filter(pk=held.pk).exists()
    held.delete()
    if was_administrator:
        require_administrator_left()
    changes = {"role": held.role.key, "organisation": held.organisation.key}
    record(actor, "end_role", f"user:{held.user_id}", changes)
