"""Links for people without an account: unguessable, for one role, until a day, and revocable.

The secret has 256 bits and is kept nowhere; its SHA-256 is. It has more than twenty signs in one step of an address, which
is what the log leaves out (`core.log`). Pages that show one send other sites no Referer: `confine` sets their heads.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.messages.models import AccessLink
from stadt.core.audit import record
from stadt.core.doors import find_entrance
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of
from stadt.hub.datasets.pacing import Pace

SECRET_BYTES = 32
SECRET_LENGTH = 43
LONGEST_DAYS = 3 * 366
# Twenty wrong links from one household at once, then one in half a minute. Right ones are not counted.
guesses_pace = Pace(burst=20, per_second=1 / 30)


@dataclass(frozen=True, slots=True)
class Access:
    """What a link opens: `holder` and `email` are whose it is."""

    subject: str
    role: str
    holder: str
    email: str


@transaction.atomic
def make_link(
    subject: str,
    role: str,
    email: str = "",
    days: int = 365,
    *,
    holder: str = "",
    actor: Actor | None = None,
) -> str:
    """A new secret for the subject in the role; nothing gives it out again. Raises Invalid for a life that cannot be."""
    if not subject or not role:
        raise Invalid(gettext("Ein Link braucht einen Gegenstand und eine Rolle."))
    if not 0 < days <= LONGEST_DAYS:
        raise Invalid(
            gettext("Ein Link gilt 1 bis %(count)d Tage.") % {"count": LONGEST_DAYS},
            fields=(FieldError("days", str(days)),),
        )
    secret = secrets.token_urlsafe(SECRET_BYTES)
    AccessLink.objects.create(
        subject=subject,
        role=role,
        holder=holder,
        email=email.strip().lower(),
        digest=digest_of(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(actor or Actor.anonymous(), "make_link", subject, {"role": role, "days": days})
    return secret


def subject_of(secret: str, role: str) -> str:
    """The subject that the link opens in this role. Raises NotFound, and TooMany after many wrong guesses."""
    return access_of(secret, role).subject


def access_of(secret: str, role: str) -> Access:
    """As `subject_of`, with whose the link is."""
    found = find_access(secret, role)
    if found is not None:
        return found
    entrance = find_entrance()
    if entrance is not None:
        guesses_pace.take(entrance.client)
    raise NotFound(gettext("Dieser Link gilt nicht mehr."))


def find_access(secret: str, role: str) -> Access | None:
    """As `access_of` without counting; for code that answers a link which it knows to be another part's."""
    if len(secret) != SECRET_LENGTH or not secret.isascii():
        return None
    found = AccessLink.objects.filter(
        digest=digest_of(secret), role=role, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    return Access(found.subject, found.role, found.holder, found.email) if found else None


@transaction.atomic
def revoke_links(subject: str, *, holder: str = "", role: str = "", actor: Actor | None = None) -> int:
    """Make the links of a subject useless at once, or those of one holder or role, and forget their addresses.

    Returns how many.
    """
    found = AccessLink.objects.filter(subject=subject, revoked_at=None)
    if holder:
        found = found.filter(holder=holder)
    if role:
        found = found.filter(role=role)
    count = found.update(revoked_at=timezone.now(), email="")
    if count:
        record(actor or Actor.system("messages"), "revoke_links", subject, {"count": count})
    return count


def confine(answer: HttpResponse) -> HttpResponse:
    """Let a page whose address holds a secret tell it to no other site and be kept nowhere.

    Not `no-referrer`: with it browsers send the page's own forms with `Origin: null`, which the check of form tokens refuses.
    """
    answer["Referrer-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
