"""A town hall with two offices for the tests of the pages."""

from dataclasses import dataclass

from django.test import Client

from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation, Role, User
from stadt.core.people.services import create_organisation, create_role, ensure_foundations, grant_role

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Hall:
    """The city's administrator, an administrator of the office alone, a clerk of each office, and the offices."""

    chief: User
    head: User
    clerk: User
    other: User
    office: Organisation
    works: Organisation
    reader: Role


def build_hall() -> Hall:
    """Make it."""
    ensure_foundations()
    office = create_organisation(SYSTEM, "Amt für Umwelt", "stadt", "amt")
    create_organisation(SYSTEM, "Team Luft", "amt", "team")
    works = create_organisation(SYSTEM, "Stadtwerke", "stadt", "werk")
    reader = create_role(SYSTEM, "Leserin", ["core.read_metrics"], "leser")
    people = {
        name: User.objects.create_user(f"{name}@stadt.example", name=name.capitalize())
        for name in ("chief", "head", "clerk", "other")
    }
    grant_role(SYSTEM, people["chief"], "administrator", "stadt")
    grant_role(SYSTEM, people["head"], "administrator", "amt")
    grant_role(SYSTEM, people["clerk"], "leser", "team")
    grant_role(SYSTEM, people["other"], "leser", "werk")
    return Hall(office=office, works=works, reader=reader, **people)


def browser_of(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user, BACKEND)
    return client
