"""Two teams, their people with browsers, a contractor, and cases of types that stand only here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client

from stadt.civic.cases import rights, services
from stadt.civic.cases.models import Case
from stadt.civic.cases.versions import import_types
from stadt.core.city import current
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations

DATA = Path(__file__).parent / "data"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOME = "/vorgaenge/"
SYSTEM = Actor.system("test")
CLERK = (rights.READ, rights.HANDLE, rights.SEE_CONTACT, rights.BULK)
LEAD = (*CLERK, rights.DECIDE, rights.EXPORT, rights.MANAGE, rights.REDACT)


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in."""

    user: User
    client: Client

    @property
    def actor(self) -> Actor:
        return Actor.for_user(self.user)


def spot(east: float = 0.0, north: float = 0.0, address: str = "Schulweg 3") -> services.Spot:
    """A place near the middle of whichever city it is, moved by degrees."""
    west, south, right, top = current().bbox
    return services.Spot((west + right) / 2 + east, (south + top) / 2 + north, address)


class Office:
    """A team with clerk, reader and lead; another team's clerk; a contractor and another one; and nobody."""

    def __init__(self) -> None:
        ensure_foundations()
        import_types(SYSTEM)
        self.city = Organisation.objects.get(key="stadt")
        self.team, self.elsewhere, self.firm, self.other_firm = (
            Organisation.objects.create(key=key, name=name, parent=self.city)
            for key, name in (
                ("green", "Grünpflege"),
                ("roads", "Straßen"),
                ("firm", "Heckenschnitt Nord"),
                ("other-firm", "Heckenschnitt Süd"),
            )
        )
        self.clerk = self.person("clerk", self.team, *CLERK)
        self.reader = self.person("reader", self.team, rights.READ)
        self.lead = self.person("lead", self.team, *LEAD)
        self.stranger = self.person("stranger", self.elsewhere, *LEAD)
        self.contractor = self.person("contractor", self.firm, rights.WORK)
        self.other_contractor = self.person("other", self.other_firm, rights.WORK)
        self.nobody = self.person("nobody", self.team)

    def person(self, name: str, organisation: Organisation, *permissions: Permission) -> Person:
        user = User.objects.create_user(email=f"{name}@example.org", name=name.title())
        keys = [permission.key for permission in permissions]
        role = Role.objects.create(key=f"role-{user.pk}", title=name, permissions=keys)
        Membership.objects.create(user=user, organisation=organisation, role=role)
        client = Client()
        client.force_login(user, BACKEND)
        return Person(user, client)

    def case(
        self, title: str = "Hecke am Schulweg", *, team: Organisation | None = None, **more: Any
    ) -> Case:
        """A reported hedge with its team."""
        party = services.PartyData(
            name="Erika Beispiel", email="erika@example.org", phone="+49 209 123", wants_mail=False
        )
        given = {
            "category": "wild",
            "place": spot(),
            "text": "Man kommt nicht mehr vorbei.",
            "party": party,
            **more,
        }
        opened = services.open_case(SYSTEM, "hedge", title=title, **given)
        services.assign_case(SYSTEM, opened.case.pk, organisation_id=(team or self.team).pk)
        return Case.objects.get(pk=opened.case.pk)

    def order(self, title: str = "Hecke am Bahnhof", **more: Any) -> Case:
        """A case that was handed to the firm."""
        case = self.case(title, **more)
        services.hand_to_contractor(SYSTEM, case.pk, self.firm.pk, text="Bitte vor 16 Uhr.")
        return Case.objects.get(pk=case.pk)


def fresh(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.get(pk=case.pk)


def said(answer: Any) -> str:
    """What an answer says."""
    text: str = answer.content.decode()
    return text
