"""Writes about accounts at identity providers: the roles that come from groups, and unlinking."""

from __future__ import annotations

import logging
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, Forbidden, NotFound
from stadt.core.identity.models import ProvidedRole
from stadt.core.identity.providers import IdentityProvider
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import grant_role
from stadt.core.people.services.accounts import (
    administrators,
    is_only_administrator,
    lock_administrators,
    require_administrator_left,
)

logger = logging.getLogger("stadt.accounts")


@transaction.atomic
def apply_groups(provider: IdentityProvider, user: User, groups: Collection[str]) -> None:
    """Give the roles of the person's groups at the provider, and take back those whose group is gone.

    Only roles this provider gave are taken back; a role that a hand gave stays, whatever the provider says, and so does
    the role of the last administrator: a mistake over there must not lock everybody out here.
    """
    lock_administrators()
    User.objects.select_for_update().get(pk=user.pk)  # two sign-ins at once
    actor = Actor.system(f"provider:{provider.key}")
    wanted = {(rule.role, rule.organisation) for rule in provider.rules if rule.group in groups}
    provided = ProvidedRole.objects.filter(provider=provider.key, membership__user=user)
    for one in provided.select_related("membership__role", "membership__organisation"):
        held = one.membership
        key = (held.role.key, held.organisation.key)
        if key not in wanted:
            if is_only_administrator(held):
                logger.error(
                    "provider %s takes the last administrator's role; it is kept: user:%s",
                    provider.key,
                    user.pk,
                )
                continue
            held.delete()
            record(actor, "withdraw_role", f"user:{user.pk}", {"role": key[0], "organisation": key[1]})
    for role, organisation in sorted(wanted):
        _give(actor, provider, user, role, organisation)


def _give(actor: Actor, provider: IdentityProvider, user: User, role: str, organisation: str) -> None:
    if (
        Membership.objects.not_over()
        .filter(user=user, role__key=role, organisation__key=organisation)
        .exists()
    ):
        return
    if not (
        Role.objects.filter(key=role).exists() and Organisation.objects.filter(key=organisation).exists()
    ):
        logger.warning(
            "provider %s gives a role that does not exist: %s in %s", provider.key, role, organisation
        )
        return
    membership = grant_role(actor, user, role, organisation)
    ProvidedRole.objects.update_or_create(membership=membership, defaults={"provider": provider.key})


@transaction.atomic
def unlink_account(actor: Actor, user: User, account_id: int) -> str:
    """Take an account at a provider off the person's own account; returns the provider's key.

    Roles that came from its groups end with it.

    Raises:
        Forbidden: it is somebody else's.
        NotFound: there is no such account.
        Conflict: it is the only way in, or nobody would be left who administers the city.
    """
    if actor.user_id != user.pk:
        raise Forbidden(gettext("Das ist nicht Ihr Konto."))
    account = SocialAccount.objects.filter(user=user, pk=account_id).first()
    if account is None:
        raise NotFound(gettext("Diese Verbindung gibt es nicht mehr."))
    has_other_way = (
        user.has_usable_password()
        or SocialAccount.objects.filter(user=user).exclude(pk=account.pk).exists()
        or Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
    )
    if not has_other_way:
        raise Conflict(gettext("Das ist Ihr einziger Weg in dieses Konto. Wählen Sie erst ein Passwort."))
    key = str(account.provider)
    lock_administrators()
    was_administrator = administrators().filter(user=user).exists()
    account.delete()
    Membership.objects.filter(user=user, provided__provider=key).delete()
    if was_administrator:
        require_administrator_left()
    record(actor, "unlink_account", f"user:{user.pk}", {"provider": key})
    return key
