"""Taking an account out of use and back into it; the rule that the city always has an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, Forbidden
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Invitation, Membership, Role, User
from stadt.core.people.reach import MANAGE_PEOPLE, require_over
from stadt.core.people.sessions import forget_sessions
from stadt.core.people.tree import CITY

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Deactivation:
    """What happened with an account: how many sessions ended, and which tokens its person issued still work."""

    sessions_ended: int
    tokens: tuple[ApiToken, ...]


def lock_administrators() -> None:
    """Let nobody else change who administers the city until this transaction ends."""
    list(Role.objects.select_for_update(no_key=True).filter(key=ADMINISTRATOR))


def administrators() -> QuerySet[Membership]:
    """The memberships that keep the city administered: in force, without an end, of accounts in use."""
    return Membership.objects.in_force().filter(
        role__key=ADMINISTRATOR, organisation__key=CITY, until=None, user__is_active=True
    )


def is_only_administrator(membership: Membership) -> bool:
    """Whether nobody would administer the city for good without this membership; after `lock_administrators`."""
    found = list(administrators().values_list("pk", flat=True)[:2])
    return found == [membership.pk]


def require_administrator_left() -> None:
    """Call it at the end of a change that may have taken an administrator away, after `lock_administrators`.

    Raises:
        Conflict: nobody would be left who administers the city for good.
    """
    if not administrators().exists():
        raise Conflict(
            gettext(
                "Danach gäbe es niemanden mehr, der die Stadt auf Dauer verwaltet. "
                "Geben Sie die Rolle „Administration“ erst einem weiteren Menschen ohne Ende."
            )
        )


def working_tokens(user: User) -> QuerySet[ApiToken]:
    """The tokens that a person issued and that still work, whatever became of the person."""
    return ApiToken.objects.filter(issued_by=user, revoked_at=None, expires_at__gt=timezone.now()).order_by(
        "pk"
    )


@transaction.atomic
def deactivate_account(actor: Actor, user: User) -> Deactivation:
    """Take an account out of use: nobody signs in with it, its sessions end, its rights rest, its invitations lapse.

    The tokens it issued belong to organisations and go on working; they are returned, to be decided about.

    Raises:
        NotFound, Forbidden: see `require_over`; also Forbidden for the own account.
        Conflict: nobody would be left who administers the city.
    """
    if actor.user_id == user.pk:
        raise Forbidden(gettext("Das eigene Konto legt jemand anderes still."))
    lock_administrators()
    user = User.objects.select_for_update().get(pk=user.pk)
    require_over(actor, MANAGE_PEOPLE, user)
    was_administrator = administrators().filter(user=user).exists()
    tokens = tuple(working_tokens(user).select_related("organisation"))
    if not user.is_active:
        return Deactivation(0, tokens)
    User.objects.filter(pk=user.pk).update(is_active=False)
    if was_administrator:
        require_administrator_left()
    ended = forget_sessions(user)
    lapsed, _rows = Invitation.objects.filter(Q(invited_by=user)).delete()
    changes = {
        "sessions_ended": ended,
        "invitations_lapsed": lapsed,
        "tokens_working": [one.pk for one in tokens],
    }
    record(actor, "deactivate_account", f"user:{user.pk}", changes)
    return Deactivation(ended, tokens)


@transaction.atomic
def reactivate_account(actor: Actor, user: User) -> None:
    """Take an account into use again, with the roles it still has. Raises as `deactivate_account`."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require_over(actor, MANAGE_PEOPLE, user)
    if not user.is_active:
        User.objects.filter(pk=user.pk).update(is_active=True)
        record(actor, "reactivate_account", f"user:{user.pk}")
