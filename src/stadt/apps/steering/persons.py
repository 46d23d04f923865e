"""Who acts, and whether it is somebody else: the second person of the four-eyes rule (R-16)."""

from collections.abc import Iterable

from django.utils.translation import gettext

from stadt.core.errors import Forbidden
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, User


def require_person(actor: Actor, permission: Permission, *, is_example: bool = False) -> None:
    """The right, and a person who uses it: a token or the platform decides nothing, except examples of the demo.

    Raises:
        SignInNeeded, Forbidden.
    """
    actor.require(permission)
    if actor.user_id is None and not (is_example and actor.kind == "system"):
        raise Forbidden(gettext("Das tut ein Mensch mit eigenem Konto, kein Programm."))


def involved(actor: Actor) -> list[int]:
    """The ids of the person and of those as whose deputy she acted so far."""
    own = [] if actor.user_id is None else [actor.user_id]
    return sorted({*own, *actor.on_behalf_of})


def require_second_person(actor: Actor, first: int | None, first_for: Iterable[int], message: str) -> None:
    """That nobody who took part in the first step takes the second. Raises Forbidden with the message (translated)."""
    before = {*first_for} | ({first} if first is not None else set())
    if before & set(involved(actor)):
        raise Forbidden(message)


def user_of(actor: Actor) -> User | None:
    """The account that is noted as having acted; None for the platform."""
    return None if actor.user_id is None else User.objects.filter(pk=actor.user_id).first()


def holders_of(permission: Permission, organisation_id: int | None = None) -> list[User]:
    """The people who hold a right by a role of their own: anywhere, or by a role in that organisation itself."""
    held = Membership.objects.in_force().filter(
        user__is_active=True, role__permissions__contains=[permission.key]
    )
    if organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    return list(User.objects.filter(pk__in=held.values("user_id")).order_by("pk"))
