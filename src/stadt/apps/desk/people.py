"""Who works where: the teams a person reads cases of, and the people and contractors a case can be given to."""

from __future__ import annotations

from collections.abc import Iterable

from stadt.civic.cases.rights import HANDLE, READ, WORK
from stadt.core.german import german_sort_key
from stadt.core.manifest import Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Membership, Organisation, User
from stadt.core.people.reach import reach_of
from stadt.core.people.tree import Branch, branches

INDENT = "\u2003"

Choice = tuple[str, str]


def list_teams(actor: Actor, permission: Permission = READ) -> list[Branch]:
    """The organisations whose cases the actor may read (or what the permission says), as a tree. Two queries."""
    if actor.kind == "system":
        return branches()
    return branches(reach_of(actor, permission).organisations)


def team_choices(teams: Iterable[Branch]) -> list[Choice]:
    """Organisations for a select, those below others moved in."""
    return [(str(one.organisation.pk), INDENT * one.depth + one.organisation.name) for one in teams]


def list_handlers(organisations: Iterable[int]) -> list[User]:
    """The people who handle cases in any of the organisations, by a role there or above, by name. Two queries."""
    above = _with_those_above(organisations)
    holding = Membership.objects.in_force().filter(
        organisation_id__in=above, role__permissions__overlap=[HANDLE.key, ALL]
    )
    people = User.objects.filter(is_active=True, pk__in=holding.values("user_id"))
    return sorted(people, key=lambda one: german_sort_key(one.get_full_name()))


def list_contractors() -> list[Organisation]:
    """The organisations in which somebody works on cases that are handed over, by name. One query."""
    holding = Membership.objects.in_force().filter(role__permissions__contains=[WORK.key])
    found = Organisation.objects.filter(pk__in=holding.values("organisation_id"))
    return sorted(found, key=lambda one: german_sort_key(one.name))


def _with_those_above(organisations: Iterable[int]) -> set[int]:
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    for one in organisations:
        step: int | None = one
        while step is not None and step not in found:
            found.add(step)
            step = parents.get(step)
    return found
