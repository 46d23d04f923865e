"""Personal data of core: the account with everything that signs in to it, roles, deputies, invitations, tokens issued."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from stadt.core import mail_queue
from stadt.core.people.models import ApiToken, Deputyship, Invitation, Membership, User
from stadt.core.people.services.accounts import (
    administrators,
    lock_administrators,
    require_administrator_left,
)
from stadt.core.people.sessions import list_sessions

PERSONAL = {
    "User": ("email", "name"),
    "Membership": ("user",),
    "Deputyship": ("represented", "deputy"),
    "Invitation": ("email", "invited_by"),
    "ApiToken": ("issued_by",),
}

WORDS = {
    "account": gettext_noop("Konto"),
    "email": gettext_noop("E-Mail-Adresse"),
    "name": gettext_noop("Name"),
    "language": gettext_noop("Sprache"),
    "joined_at": gettext_noop("angelegt"),
    "last_login": gettext_noop("zuletzt angemeldet"),
    "addresses": gettext_noop("E-Mail-Adressen"),
    "verified": gettext_noop("bestätigt"),
    "primary": gettext_noop("Hauptadresse"),
    "second_factors": gettext_noop("Zweite Faktoren"),
    "kind": gettext_noop("Art"),
    "added_at": gettext_noop("hinzugefügt"),
    "last_used_at": gettext_noop("zuletzt benutzt"),
    "identity_providers": gettext_noop("Anmeldedienste"),
    "provider": gettext_noop("Anmeldedienst"),
    "known_as": gettext_noop("dort bekannt als"),
    "told": gettext_noop("von dort mitgeteilt"),
    "sessions": gettext_noop("Sitzungen"),
    "browser": gettext_noop("Browser"),
    "network": gettext_noop("Netz"),
    "since": gettext_noop("seit"),
    "last_seen": gettext_noop("zuletzt gesehen"),
    "roles": gettext_noop("Rollen"),
    "role": gettext_noop("Rolle"),
    "organisation": gettext_noop("Organisation"),
    "until": gettext_noop("bis"),
    "deputyships": gettext_noop("Vertretungen"),
    "invitations": gettext_noop("Einladungen"),
    "as": gettext_noop("beteiligt als"),
    "tokens": gettext_noop("Ausgestellte Token"),
    "title": gettext_noop("Bezeichnung"),
    "created_at": gettext_noop("ausgestellt"),
}


def export(user: User) -> dict[str, Any]:
    """What core knows about a person, for the person (GDPR Art. 15 and 20); times are ISO 8601."""
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "joined_at": user.joined_at.isoformat(),
            "last_login": user.last_login.isoformat() if user.last_login else None,
        },
        **_ways_in(user),
        "roles": [
            {
                "role": held.role.title,
                "organisation": held.organisation.name,
                "since": held.since.isoformat(),
                "until": held.until.isoformat() if held.until else None,
            }
            for held in Membership.objects.filter(user=user)
            .select_related("role", "organisation")
            .order_by("pk")
        ],
        "deputyships": [
            {
                "as": "represented" if one.represented_id == user.pk else "deputy",
                "organisation": one.organisation.name,
                "since": one.since.isoformat(),
                "until": one.until.isoformat(),
            }
            for one in Deputyship.objects.filter(Q(represented=user) | Q(deputy=user))
            .select_related("organisation")
            .order_by("pk")
        ],
        "invitations": [
            {
                "as": "sender" if one.invited_by_id == user.pk else "invited",
                "role": one.role.title,
                "organisation": one.organisation.name,
                "created_at": one.created_at.isoformat(),
            }
            for one in Invitation.objects.filter(Q(email=user.email) | Q(invited_by=user))
            .select_related("role", "organisation")
            .order_by("pk")
        ],
        "tokens": [
            {"title": token.title, "created_at": token.created_at.isoformat()}
            for token in ApiToken.objects.filter(issued_by=user).order_by("pk")
        ],
    }


def _ways_in(user: User) -> dict[str, Any]:
    """What allauth keeps. Secrets of second factors are no information about the person, and stay where they are."""
    return {
        "addresses": [
            {"email": address.email, "verified": address.verified, "primary": address.primary}
            for address in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "second_factors": [
            {
                "kind": factor.type,
                "name": factor.data.get("name", ""),
                "added_at": factor.created_at.isoformat(),
                "last_used_at": factor.last_used_at.isoformat() if factor.last_used_at else None,
            }
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "identity_providers": [
            {
                "provider": account.provider,
                "known_as": account.uid,
                "told": account.extra_data,
                "joined_at": account.date_joined.isoformat(),
                "last_login": account.last_login.isoformat(),
            }
            for account in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
        "sessions": [
            {
                "browser": session.user_agent,
                "network": session.address,
                "since": session.since.isoformat(),
                "last_seen": session.last_seen.isoformat(),
            }
            for session in list_sessions(user)
        ],
    }


@transaction.atomic
def erase(user: User) -> None:
    """Remove a person's account with all that signs in to it, its roles, deputies and invitations (GDPR Art. 17).

    Mails that wait for the person go too. Tokens belong to an organisation: they stay, without the person. Audit rows
    hold the account's id, which then leads to nobody.

    Raises:
        Conflict: nobody would be left who administers the city.
    """
    lock_administrators()
    was_administrator = administrators().filter(user=user).exists()
    Invitation.objects.filter(email=user.email).delete()
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    mail_queue.forget_recipient([user.email, *addresses])
    user.delete()
    if was_administrator:
        require_administrator_left()
