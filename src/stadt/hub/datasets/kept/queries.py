"""Reads of kept datasets for those who work on them; what readers see is asked in `live`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Organisation, User
from stadt.core.registry import registry
from stadt.hub.datasets.kept.finding import find_delivery, find_seen
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP, SEE_INTERNAL

PAGE_SIZE = 25
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of kept datasets, from 1 on, and how many there are in all."""

    items: list[KeptDataset]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class Happening:
    """What somebody did with a dataset: `who` by name, `title` in the language of whoever reads, `changes` as audited."""

    at: datetime
    verb: str
    title: str
    who: str
    changes: Mapping[str, Any]


def get_kept(actor: Actor, key: str) -> KeptDataset:
    """A dataset by key. Raises NotFound when there is none or the actor may not see it."""
    return find_seen(actor, key)


def list_kept(
    actor: Actor,
    *,
    state: str = "",
    access: str = "",
    kind: str = "",
    organisation_id: int | None = None,
    words: str = "",
    page: int = 1,
) -> KeptPage:
    """The datasets that the actor may see, those changed last first; three queries.

    Args:
        words: stands in title or key, whatever the case.
        page: from 1 on; one behind the last is empty.
    """
    rows = _seen(actor)
    for name, value in {
        "state": state,
        "access": access,
        "kind": kind,
        "organisation_id": organisation_id,
    }.items():
        if value:
            rows = rows.filter(**{name: value})
    if words := words.replace("\0", "").strip():
        rows = rows.filter(Q(title__icontains=words) | Q(key__icontains=words))
    total = rows.count()
    start = (max(1, page) - 1) * PAGE_SIZE
    found = rows.select_related("organisation").order_by("-changed_at", "key")[start : start + PAGE_SIZE]
    return KeptPage(list(found), max(1, page), total)


def count_waiting(actor: Actor) -> int:
    """How many datasets wait for a review that the actor may do."""
    return KeptDataset.objects.filter(state="review", organisation_id__in=_held(actor, APPROVE)).count()


def get_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """A delivery with its dataset. Raises NotFound."""
    return find_delivery(actor, delivery_id)


def list_deliveries(actor: Actor, key: str) -> list[Delivery]:
    """What was delivered for a dataset, the newest first. Raises NotFound."""
    return list(get_kept(actor, key).deliveries.order_by("-number"))


def events_of(key: str) -> list[Happening]:
    """Who did what with a dataset, the newest first; for pages of those who may see it."""
    entries = list(AuditEntry.objects.filter(subject=f"dataset:{key}").order_by("-id")[:MOST_EVENTS])
    ids = {
        int(entry.actor_id) for entry in entries if entry.actor_kind == "user" and entry.actor_id.isdigit()
    }
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    return [
        Happening(
            entry.at,
            entry.verb,
            gettext(registry.verbs[entry.verb].title) if entry.verb in registry.verbs else entry.verb,
            _name(entry, names),
            entry.changes,
        )
        for entry in entries
    ]


def name_of(who: str) -> str:
    """The name behind `changed_by` and the others; a sentence part where there is nobody any more."""
    kind, _, identifier = who.partition(":")
    user = (
        User.objects.filter(pk=int(identifier)).first() if kind == "user" and identifier.isdigit() else None
    )
    return str(user) if user else _nobody(kind)


def _name(entry: AuditEntry, names: Mapping[str, str]) -> str:
    return names.get(entry.actor_id) or _nobody(entry.actor_kind)


def _nobody(kind: str) -> str:
    return {"system": gettext("die Plattform"), "token": gettext("ein Programm")}.get(
        kind, gettext("ein gelöschtes Konto")
    )


def _seen(actor: Actor) -> QuerySet[KeptDataset]:
    working = _held(actor, KEEP) | _held(actor, APPROVE)
    inside = Q(organisation_id__in=_held(actor, SEE_INTERNAL)) & ~Q(live_access="")
    return KeptDataset.objects.filter(Q(organisation_id__in=working) | inside)


def _held(actor: Actor, permission: Any) -> set[int]:
    if not actor.can(permission):
        return set()
    return {pk for pk in Organisation.objects.values_list("pk", flat=True) if actor.can(permission, pk)}
