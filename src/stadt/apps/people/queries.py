"""Reads about people, each within the reach of whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count, Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from stadt.core.errors import NotFound
from stadt.core.people.factors import FACTORS
from stadt.core.people.models import ApiToken, Deputyship, Invitation, Membership, Organisation, Role, User
from stadt.core.people.reach import Reach
from stadt.core.people.tree import Branch, branches, ids_below


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What the list of people is narrowed to; empty means everybody."""

    words: str = ""
    state: str = ""
    role: str = ""
    organisation: str = ""


def _by_name(prefix: str = "") -> Func:
    """People in the order of DIN 5007-1, as near as the database comes to it: ä as a, ß as s."""
    name = Lower(Coalesce(NullIf(f"{prefix}name", Value("")), f"{prefix}email"))
    return Func(name, Value("äöüß"), Value("aous"), function="translate", output_field=TextField())


def list_people(reach: Reach, wanted: PersonFilter) -> QuerySet[User]:
    """People by name, with those of their roles that are within reach as `shown_roles`.

    A page of them costs one query, its roles one more.
    """
    people = reach.people()
    for word in wanted.words.split()[:8]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if wanted.state in {"active", "inactive"}:
        people = people.filter(is_active=wanted.state == "active")
    if wanted.role or wanted.organisation:
        held = _within(reach)
        if wanted.role:
            held = held.filter(role__key=wanted.role)
        if wanted.organisation:
            tops = Organisation.objects.filter(key=wanted.organisation).values_list("pk", flat=True)
            held = held.filter(organisation_id__in=ids_below(tops))
        people = people.filter(pk__in=held.values("user_id"))
    shown = Prefetch(
        "memberships", _within(reach).select_related("role", "organisation"), to_attr="shown_roles"
    )
    return people.order_by(_by_name(), "pk").prefetch_related(shown)


def _within(reach: Reach) -> QuerySet[Membership]:
    held = Membership.objects.not_over().order_by("organisation__name", "role__title")
    return held if reach.is_city else held.filter(organisation_id__in=reach.organisations)


def having_factor(users: Iterable[User]) -> frozenset[int]:
    """Those of the people who have a second factor."""
    ids = [user.pk for user in users]
    found = Authenticator.objects.filter(user_id__in=ids, type__in=FACTORS)
    return frozenset(found.values_list("user_id", flat=True))


def find_person(reach: Reach, pk: int) -> User | None:
    """The account; None when there is none or it is out of reach, which are never told apart."""
    return reach.people().filter(pk=pk).first()


def count_sessions(user: User) -> int:
    """How many sessions of a person are open."""
    return int(UserSession.objects.filter(user=user).count())


def memberships(user: User, reach: Reach | None = None) -> list[Membership]:
    """The roles of a person that count now or will; within somebody's reach, or all."""
    held = (
        Membership.objects.not_over().order_by("organisation__name", "role__title")
        if reach is None
        else _within(reach)
    )
    return list(held.filter(user=user).select_related("role", "organisation"))


def deputyships_given(user: User, reach: Reach | None = None) -> list[Deputyship]:
    """By whom a person is represented, now or later."""
    return _deputyships(Q(represented=user), reach)


def deputyships_held(user: User, reach: Reach | None = None) -> list[Deputyship]:
    """Whom a person represents, now or later."""
    return _deputyships(Q(deputy=user), reach)


def _deputyships(who: Q, reach: Reach | None) -> list[Deputyship]:
    found = Deputyship.objects.not_over().filter(who).select_related("represented", "deputy", "organisation")
    if reach is not None and not reach.is_city:
        found = found.filter(organisation_id__in=reach.organisations)
    return list(found.order_by("since", "pk"))


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation with how many people have a role in it, and what lies below."""

    branch: Branch
    people: int
    below: list[Node]


def organisation_tree(reach: Reach) -> list[Node]:
    """The organisations within reach as a tree. Two queries."""
    held = Membership.objects.in_force().filter(user__is_active=True).values_list("organisation_id")
    people = dict(held.annotate(count=Count("user", distinct=True)).order_by())
    tops: list[Node] = []
    line: list[Node] = []
    for branch in branches(None if reach.is_city else reach.organisations):
        node = Node(branch, people.get(branch.organisation.pk, 0), [])
        del line[branch.depth :]
        (line[-1].below if line else tops).append(node)
        line.append(node)
    return tops


def count_holders(reach: Reach) -> Counter[int]:
    """How many people within reach hold each role now, by its id."""
    held = _within(reach).filter(since__lte=timezone.now()).order_by().values_list("role_id")
    return Counter(dict(held.annotate(count=Count("user", distinct=True))))


def holders(reach: Reach, role: Role) -> QuerySet[Membership]:
    """Who within reach holds a role."""
    return (
        _within(reach)
        .filter(role=role)
        .select_related("user", "organisation")
        .order_by(_by_name("user__"), "pk")
    )


def list_invitations(reach: Reach) -> QuerySet[Invitation]:
    """Invitations that nobody took yet, the newest first."""
    found = Invitation.objects.select_related("role", "organisation", "invited_by").order_by("-created_at")
    return found if reach.is_city else found.filter(organisation_id__in=reach.organisations)


def list_tokens(reach: Reach, *, only_valid: bool = True) -> QuerySet[ApiToken]:
    """Tokens within reach, those that end first at the top; what belongs to no organisation is the city's."""
    found = ApiToken.objects.select_related("organisation", "issued_by").order_by("expires_at", "pk")
    if only_valid:
        found = found.filter(revoked_at=None, expires_at__gt=timezone.now())
    return found if reach.is_city else found.filter(organisation_id__in=reach.organisations)


def colleague(email: str) -> User | None:
    """The account in use of somebody with a role, by address; None for everybody else, citizens included."""
    held = Membership.objects.in_force().values("user_id")
    return User.objects.filter(email=email.strip().lower(), is_active=True, pk__in=held).first()


def get_organisation(key: str) -> Organisation:
    """The organisation. Raises NotFound."""
    found = Organisation.objects.filter(key=key).first()
    if found is None:
        raise NotFound
    return found
