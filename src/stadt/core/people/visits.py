"""Keeps in the audit who signed in and out, who failed to, and what people changed at their own account."""

from django.db import transaction

from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

UNKNOWN = "account"


@transaction.atomic
def note_sign_in(user: User) -> None:
    """A session began."""
    record(_person(user), "sign_in", _subject(user))


@transaction.atomic
def note_sign_out(user: User) -> None:
    """A session was ended by the person."""
    record(_person(user), "sign_out", _subject(user))


@transaction.atomic
def note_failed_sign_in(email: str) -> None:
    """Somebody gave a wrong password; the address itself is not kept, which may be a stranger's slip of the pen."""
    user = User.objects.filter(email=email.strip().lower()).first()
    record(Actor.anonymous(), "fail_sign_in", _subject(user) if user else UNKNOWN)


@transaction.atomic
def note_change(user: User, verb: str, *, by: object) -> None:
    """The account changed: by the person, or by whoever holds a link that was mailed."""
    record(_person(by) if isinstance(by, User) else Actor.anonymous(), verb, _subject(user))


def _person(user: User) -> Actor:
    return Actor(kind="user", identifier=str(user.pk))


def _subject(user: User) -> str:
    return f"user:{user.pk}"
