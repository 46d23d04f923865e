"""Personal data of core: the account, the roles a person holds, the tokens a person issued."""

from typing import Any

from django.db import transaction

from stadt.core.people.models import ApiToken, Membership, User

PERSONAL = {
    "User": ("email", "name"),
    "Membership": ("user",),
    "ApiToken": ("issued_by",),
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
        "roles": [
            {"role": held.role.title, "organisation": held.organisation.name, "since": held.since.isoformat()}
            for held in Membership.objects.filter(user=user)
            .select_related("role", "organisation")
            .order_by("pk")
        ],
        "tokens": [
            {"title": token.title, "created_at": token.created_at.isoformat()}
            for token in ApiToken.objects.filter(issued_by=user).order_by("pk")
        ],
    }


@transaction.atomic
def erase(user: User) -> None:
    """Remove a person's account with its roles (GDPR Art. 17).

    Tokens belong to an organisation: they stay, without the person. Audit rows hold the account's id, which then leads
    to nobody.
    """
    user.delete()
