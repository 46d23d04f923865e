"""Who sits where, and who holds which role of the strategy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stadt.apps.governance.kinds import BodyKind, SeatRole
from stadt.apps.governance.models import Body, Seat
from stadt.apps.governance.roles import keys_of
from stadt.core.people.models import Membership, Organisation, User
from stadt.core.people.tree import ids_below


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as pages show it; `until` is the last day, None while no end is set."""

    id: int
    user_id: int
    name: str
    role: SeatRole
    since: date
    until: date | None
    is_example: bool


def list_bodies() -> list[Body]:
    """All bodies, in the order of the city's folder."""
    return list(Body.objects.order_by("pk"))


def find_body(key: str) -> Body | None:
    """The body with this key."""
    return Body.objects.filter(key=key).first() if "\x00" not in key else None


def seats_of(body: Body, on: date | None = None) -> list[Place]:
    """Who sits in a body on a day, the chair first. One query."""
    rows = Seat.objects.in_force(on).filter(body=body).select_related("user")
    order = {role.value: place for place, role in enumerate(SeatRole)}
    found = [
        Place(
            row.pk,
            row.user_id,
            row.user.get_full_name(),
            SeatRole(row.role),
            row.since,
            row.until,
            row.is_example,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (order[one.role], one.name, one.id))


def sits_in(user_id: int | None, body_id: int, on: date | None = None) -> bool:
    """Whether a person has a seat in a body on a day. One query."""
    return user_id is not None and Seat.objects.in_force(on).filter(user_id=user_id, body_id=body_id).exists()


def holders_of(role: str, organisation: str = "") -> list[User]:
    """People who hold a role of the strategy now.

    Args:
        role: a requirement (`R-08`) or the key of a role (`strategy-board`); what is neither is held by nobody.
        organisation: key of the organisation in which the role must count (held there or above); empty for anywhere.
    """
    rows = Membership.objects.in_force().filter(role__key__in=keys_of(role), user__is_active=True)
    if organisation:
        place = Organisation.objects.filter(key=organisation).values_list("pk", flat=True).first()
        if place is None:
            return []
        held = set(rows.values_list("organisation_id", flat=True))
        rows = rows.filter(organisation_id__in=[one for one in held if place in ids_below([one])])
    return list(User.objects.filter(pk__in=rows.values("user_id")).order_by("pk"))


def stage(roles: Iterable[str]) -> list[User]:
    """Everybody who holds one of these roles now, each once: one step of an escalation."""
    keys = [key for role in roles for key in keys_of(role)]
    rows = Membership.objects.in_force().filter(role__key__in=keys, user__is_active=True)
    return list(User.objects.filter(pk__in=rows.values("user_id")).order_by("pk"))


def body_of_kind(kind: BodyKind) -> Body | None:
    """The city's first body of a kind that is not only planned."""
    return Body.objects.filter(kind=kind, is_planned=False).order_by("pk").first()
