"""Keeps the memory of what the catalogue listed, so that a dataset that is gone leaves a tombstone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import PUBLISH
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.records import list_records


def remember_listings() -> None:
    """Job: list what is new in the catalogue, withdraw what is no longer in it."""
    actor = Actor.system("job:opendata.remember_listings")
    with override("de"):
        titles = {found.key: found.title[:500] for found in list_records() if found.snapshot}
    kept = {item.dataset: item for item in Listing.objects.all()}
    for key in sorted(titles):
        item = kept.get(key)
        if item is None or item.withdrawn_at is not None or item.title != titles[key]:
            list_dataset(actor, key, titles[key])
    for key in sorted(kept.keys() - titles.keys()):
        if kept[key].withdrawn_at is None:
            withdraw_dataset(actor, key)


@transaction.atomic
def list_dataset(actor: Actor, key: str, title: str) -> None:
    """Remember that everybody can find a dataset in the catalogue, and under which title."""
    actor.require(PUBLISH)
    Listing.objects.update_or_create(dataset=key, defaults={"title": title, "withdrawn_at": None})
    record(actor, "list_dataset", f"dataset:{key}", {})


@transaction.atomic
def withdraw_dataset(actor: Actor, key: str) -> None:
    """Remember that a dataset is no longer in the catalogue: its address answers with a tombstone from now on."""
    actor.require(PUBLISH)
    changed = Listing.objects.filter(dataset=key, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if changed:
        record(actor, "withdraw_dataset", f"dataset:{key}", {})
