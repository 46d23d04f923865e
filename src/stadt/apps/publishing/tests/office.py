"""People of two offices with their browsers, and the worker's part done at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from stadt.apps.publishing.tests.files import csv_rows
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.states import DeliveryState, State
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOME = "/daten/werkstatt/"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in."""

    user: User
    client: Client

    @property
    def actor(self) -> Actor:
        return Actor.for_user(self.user)


class Office:
    """A keeper and an approver of one office, a keeper and approver of another, somebody without rights, and nobody."""

    def __init__(self) -> None:
        ensure_foundations()
        city = Organisation.objects.get(key="stadt")
        self.organisation = Organisation.objects.create(key="statistik", name="Statistikstelle", parent=city)
        self.elsewhere = Organisation.objects.create(key="tiefbau", name="Tiefbau", parent=city)
        self.keeper = self.person("keeper", self.organisation, KEEP)
        self.colleague = self.person("colleague", self.organisation, KEEP)
        self.approver = self.person("approver", self.organisation, APPROVE)
        self.stranger = self.person("stranger", self.elsewhere, KEEP, APPROVE)
        self.nobody = self.person("nobody", self.organisation)

    def person(self, name: str, organisation: Organisation, *permissions: Permission) -> Person:
        user = User.objects.create_user(email=f"{name}@example.org", name=name.title())
        keys = [permission.key for permission in permissions]
        role = Role.objects.create(key=f"role-{user.pk}", title=name, permissions=keys)
        Membership.objects.create(user=user, organisation=organisation, role=role)
        client = Client()
        client.force_login(user, BACKEND)
        return Person(user, client)

    def upload(self, content: bytes, name: str = "haushalte.csv", **more: Any) -> Any:
        """What the form answers that begins a dataset."""
        data = {"file": SimpleUploadedFile(name, content), "organisation": self.organisation.pk, **more}
        return self.keeper.client.post(f"{HOME}hochladen/", data)

    def draft(self, content: bytes = csv_rows()) -> KeptDataset:
        """A draft whose file is read and prepared."""
        assert self.upload(content, title="Haushalte nach Stadtteilen").status_code == 302
        self.work()
        return self.kept()

    def described(self) -> KeptDataset:
        """A draft with everything on its card that a review asks for."""
        kept = self.draft()
        card = {"description": "Zahl der Haushalte", "theme": "SOCI", "licence": "DL_DE_ZERO_2"}
        return services.change_card(self.keeper.actor, kept.key, kept.revision, card)

    def bare(self, state: str = State.REVIEW) -> KeptDataset:
        """A dataset with a delivery that never saw a file, where only the rights matter."""
        card = {"key": "statistik.haushalte", "title": "Haushalte nach Stadtteilen"}
        kept = services.start_dataset(self.keeper.actor, self.organisation.pk, card)
        KeptDataset.objects.filter(pk=kept.pk).update(
            state=state, submitted_by=f"user:{self.keeper.user.pk}", submitted_at=timezone.now()
        )
        Delivery.objects.create(
            dataset=kept,
            number=1,
            filename="a.csv",
            sha256="0" * 64,
            size_bytes=1,
            state=DeliveryState.FAILED,
            received_by="x",
        )
        return self.kept()

    def in_review(self) -> KeptDataset:
        kept = self.described()
        return services.submit_for_review(self.keeper.actor, kept.key, kept.revision)

    def published(self) -> KeptDataset:
        kept = self.in_review()
        return services.approve(self.approver.actor, kept.key, kept.revision)

    def work(self) -> Delivery:
        """What the worker does with the newest delivery."""
        delivery = Delivery.objects.order_by("-pk")[0]
        services.read_delivery(Actor.system("job:test"), delivery.pk)
        return services.prepare_delivery(Actor.system("job:test"), delivery.pk)

    def kept(self) -> KeptDataset:
        return KeptDataset.objects.get()
