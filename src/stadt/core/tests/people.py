"""A small town hall for tests: organisations, roles and people in them."""

from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import create_organisation, create_role, ensure_foundations, grant_role

SYSTEM = Actor.system("test")


def city() -> Organisation:
    """The city at the top of the tree."""
    ensure_foundations()
    return Organisation.objects.get(key="stadt")


def office(key: str, parent: str = "stadt") -> Organisation:
    """An organisation below another."""
    ensure_foundations()
    return create_organisation(SYSTEM, key.capitalize(), parent, key)


def role(key: str, *permissions: str) -> Role:
    """A role with these permissions."""
    ensure_foundations()
    return create_role(SYSTEM, key.capitalize(), permissions, key)


def person(name: str, *held: tuple[str, str]) -> User:
    """An account with roles, each a role's and an organisation's key."""
    user = User.objects.create_user(f"{name}@stadt.example", name=name.capitalize())
    for role_key, organisation_key in held:
        grant_role(SYSTEM, user, role_key, organisation_key)
    return user


def administrator(name: str = "chief", at: str = "stadt") -> User:
    """An account with the administrator's role."""
    ensure_foundations()
    return person(name, ("administrator", at))


def acting(user: User) -> Actor:
    """The person as the platform sees them now."""
    return Actor.for_user(User.objects.get(pk=user.pk))


def membership_of(user: User) -> Membership:
    """The one membership of a person."""
    return Membership.objects.get(user=user)
