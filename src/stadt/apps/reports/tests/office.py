"""People who make, release and only read reports, with their browsers; and the worker's part done at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from stadt.apps.reports import services
from stadt.apps.reports.models import Report
from stadt.apps.reports.rights import PRODUCE, RELEASE
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORKER = Actor.system("job:test")


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in."""

    user: User
    client: Client

    @property
    def actor(self) -> Actor:
        return Actor.for_user(self.user)


class Office:
    """Somebody of the Stabsstelle who makes reports, one who releases, one who may do both, and one who may nothing."""

    def __init__(self) -> None:
        ensure_foundations()
        city = Organisation.objects.get(key="stadt")
        self.organisation = Organisation.objects.create(key="stabsstelle", name="Stabsstelle", parent=city)
        self.maker = self.person("maker", PRODUCE)
        self.head = self.person("head", RELEASE)
        self.both = self.person("both", PRODUCE, RELEASE)
        self.nobody = self.person("nobody")

    def person(self, name: str, *permissions: Permission) -> Person:
        user = User.objects.create_user(email=f"{name}@example.org", name=f"Vorname {name.title()}")
        keys = [permission.key for permission in permissions]
        role = Role.objects.create(key=f"role-{user.pk}", title="Sachbearbeitung", permissions=keys)
        Membership.objects.create(user=user, organisation=self.organisation, role=role)
        client = Client()
        client.force_login(user, BACKEND)
        return Person(user, client)

    def draft(self) -> Report:
        report = services.order_report(self.maker.actor, "council", paper="26/77", asks="Kenntnisnahme.")
        services.produce_report(WORKER, report.pk)
        report.refresh_from_db()
        return report

    def released(self) -> Report:
        return services.release_report(self.head.actor, self.draft().pk)
