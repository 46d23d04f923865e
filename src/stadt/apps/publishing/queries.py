"""What the workshop's pages read beyond one dataset: what waits for somebody, and which key is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from stadt.apps.publishing.words import DAYS
from stadt.core.errors import NotFound
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.registry import registry
from stadt.hub.datasets.kept.finding import find_seen
from stadt.hub.datasets.kept.states import OPEN, DeliveryState, Kind, State
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP

MOST_WAITING = 50
PIECES = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "à": "a"}


@dataclass(frozen=True, slots=True)
class Overdue:
    """A published dataset whose next delivery should be there by now."""

    kept: KeptDataset
    last: datetime
    due: datetime


def held_in(actor: Actor, permission: Permission) -> list[int]:
    """Ids of the organisations in which the actor holds the permission. One query."""
    return [pk for pk in Organisation.objects.values_list("pk", flat=True) if actor.can(permission, pk)]


def open_deliveries(actor: Actor) -> list[Delivery]:
    """Deliveries that somebody of the own organisations has to look at, the newest first."""
    rows = Delivery.objects.filter(dataset__organisation_id__in=held_in(actor, KEEP), state__in=OPEN)
    rows = rows.exclude(dataset__state=State.REVIEW).select_related("dataset")
    return list(rows.order_by("-received_at")[:MOST_WAITING])


def returned(actor: Actor) -> list[KeptDataset]:
    """Drafts of the own organisations that a reviewer gave back."""
    rows = KeptDataset.objects.filter(organisation_id__in=held_in(actor, KEEP), state=State.DRAFT)
    return list(rows.exclude(returned_reason="").order_by("-changed_at")[:MOST_WAITING])


def list_overdue(actor: Actor, now: datetime | None = None) -> list[Overdue]:
    """Published uploads of the own organisations that got nothing new for longer than their frequency says."""
    now = now or timezone.now()
    late = Q()
    for frequency, days in DAYS.items():
        late |= Q(frequency=frequency, last__lt=now - timedelta(days=days))
    rows = (
        KeptDataset.objects.filter(
            organisation_id__in=held_in(actor, KEEP), state=State.PUBLISHED, kind=Kind.UPLOAD
        )
        .annotate(last=Max("deliveries__received_at", filter=Q(deliveries__state=DeliveryState.PUBLISHED)))
        .filter(late)
        .order_by("last")[:MOST_WAITING]
    )
    return [Overdue(kept, kept.last, kept.last + timedelta(days=DAYS[kept.frequency])) for kept in rows]


def for_review(actor: Actor) -> QuerySet[KeptDataset]:
    """What waits for a release that the actor may give, the oldest first."""
    rows = KeptDataset.objects.filter(organisation_id__in=held_in(actor, APPROVE), state=State.REVIEW)
    return rows.select_related("organisation").order_by("submitted_at")


def get_for(actor: Actor, key: str, permission: Permission) -> KeptDataset:
    """A dataset of an organisation in which the actor holds the permission. Raises NotFound: others are not told of."""
    kept = find_seen(actor, key)
    if not actor.can(permission, kept.organisation_id):
        raise NotFound
    return kept


def get_delivery(kept: KeptDataset, number: int) -> Delivery:
    """A delivery of a dataset. Raises NotFound."""
    found = kept.deliveries.filter(number=number).first()
    if found is None:
        raise NotFound
    found.dataset = kept
    return found


def newest_delivery(kept: KeptDataset) -> Delivery | None:
    """The delivery that is worked on, else the one that was published last."""
    rows = kept.deliveries.exclude(state=DeliveryState.SUPERSEDED).order_by("-number")
    return rows.first()


def propose_key(organisation: Organisation, title: str) -> str:
    """A free permanent key, such as `stadt.haushalte`, from the organisation's key and the title."""
    area = _plain(organisation.key, "_")[:40].strip("_") or "daten"
    noun = _plain(title, "-")[:52].strip("-") or "datensatz"
    base = f"{area if area[0].isalpha() else 'o' + area[:39]}.{noun if noun[0].isalpha() else 'daten-' + noun[:46]}"
    taken = set(KeptDataset.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in _numbered(base) if key not in taken and key not in registry.datasets)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _plain(text: str, gap: str) -> str:
    folded = "".join(PIECES.get(letter, letter) for letter in text.casefold())
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in folded).split()
    return gap.join(words)
