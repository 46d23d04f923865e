"""How far somebody's rights over people reach: which organisations, which people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from stadt.core.errors import Forbidden, NotFound
from stadt.core.manifest import Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.tree import CITY

MANAGE_PEOPLE = Permission("core.manage_people", gettext_noop("Rollen vergeben"), stays_with_holder=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a right is held. `is_city`: at the top, so it also covers people without any role."""

    organisations: frozenset[int]
    is_city: bool

    def people(self) -> QuerySet[User]:
        """The accounts that may be seen: all, or those with a role in one of the organisations."""
        if self.is_city:
            return User.objects.all()
        held = Membership.objects.filter(organisation_id__in=self.organisations)
        return User.objects.filter(pk__in=held.values("user_id"))

    def covers(self, organisation_id: int | None) -> bool:
        """Whether something of that organisation may be seen; what belongs to none is the city's."""
        return self.is_city if organisation_id is None else organisation_id in self.organisations


def reach_of(actor: Actor, permission: Permission) -> Reach:
    """Where the actor holds the permission. One query."""
    rows = Organisation.objects.values_list("pk", "key")
    held = {pk: key for pk, key in rows if actor.can(permission, pk)}
    return Reach(frozenset(held), CITY in held.values())


def require_in_city(actor: Actor, permission: Permission) -> None:
    """For what concerns the whole house. Raises SignInNeeded or Forbidden."""
    if actor.kind != "system":
        actor.require(permission, Organisation.objects.values_list("pk", flat=True).get(key=CITY))


def require_over(actor: Actor, permission: Permission, user: User) -> None:
    """For what concerns a whole account: the right must be held wherever the person has a role, or in the city.

    What the person may do, the actor must be able to give: nobody acts on those who may do more.

    Raises:
        NotFound: the person has no role where the right is held, so nothing is told about the account.
        Forbidden: the person also has a role elsewhere, or may do more.
    """
    if actor.kind == "system":
        return
    actor.require(permission)
    reach = reach_of(actor, permission)
    held = list(Membership.objects.not_over().filter(user=user).select_related("role"))
    if not reach.is_city:
        if not reach.people().filter(pk=user.pk).exists():
            raise NotFound(gettext("Dieses Konto gibt es nicht."))
        if any(not reach.covers(one.organisation_id) for one in held):
            raise Forbidden(
                gettext(
                    "Dieser Mensch hat auch anderswo eine Rolle; das ändert nur die Administration der Stadt."
                )
            )
    for one in held:
        require_givable(actor, one.role, one.organisation_id)


def require_seen(actor: Actor, user: User) -> None:
    """Raises NotFound unless the actor, who manages people, may see this account."""
    if actor.kind == "system":
        return
    if not reach_of(actor, MANAGE_PEOPLE).people().filter(pk=user.pk).exists():
        raise NotFound(gettext("Dieses Konto gibt es nicht."))


def require_givable(actor: Actor, role: Role, organisation_id: int) -> None:
    """Raises Forbidden unless the actor holds all that the role allows, there and not as a deputy."""
    missing = [key for key in role.permissions if not actor.can_give(key, organisation_id)]
    if missing:
        shown = gettext("alle Rechte") if ALL in missing else ", ".join(missing)
        raise Forbidden(
            gettext("Die Rolle „%(role)s“ kann mehr als Sie selbst dort dürfen: %(keys)s.")
            % {"role": role.title, "keys": shown}
        )
