"""Keeps the memory of what the catalogue listed, so that a dataset that is gone leaves a tombstone."""

from django.db import connection, transaction
from django.utils import timezone

from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import PUBLISH
from stadt.hub.opendata.index.entries import published_entries
from stadt.hub.opendata.index.lag import hidden
from stadt.hub.opendata.index.refresh import mend
from stadt.hub.opendata.models import Listing

# What the catalogue shows and its memory does not know yet, and the other way round; either is empty most of the time.
NEW = (
    "SELECT e.key, e.title FROM opendata_catalogueentry e LEFT JOIN opendata_listing l ON l.dataset = e.key"
    " WHERE e.is_published AND e.key <> ALL(%s)"
    " AND (l.dataset IS NULL OR l.withdrawn_at IS NOT NULL OR l.title <> e.title) ORDER BY e.key"
)
GONE = (
    "SELECT l.dataset FROM opendata_listing l LEFT JOIN opendata_catalogueentry e ON l.dataset = e.key AND e.is_published"
    " WHERE l.withdrawn_at IS NULL AND (e.key IS NULL OR e.key = ANY(%s)) ORDER BY l.dataset"
)


def remember_listings() -> None:
    """Job: bring the index up to date, list what is new in the catalogue, withdraw what is no longer in it."""
    mend()
    actor = Actor.system("job:opendata.remember_listings")
    with connection.cursor() as cursor:
        cursor.execute(NEW, [hidden()])
        new = cursor.fetchall()
        cursor.execute(GONE, [hidden()])
        gone = cursor.fetchall()
    for key, title in new:
        list_dataset(actor, key, title)
    for (key,) in gone:
        withdraw_dataset(actor, key)


def remember_listing(key: str) -> None:
    """As the job does, for one dataset: after it was published or withdrawn."""
    actor = Actor.system("job:opendata.remember_listings")
    entry = published_entries().filter(key=key).first()
    known = Listing.objects.filter(dataset=key, withdrawn_at=None).first()
    if entry is not None and (known is None or known.title != entry.title):
        list_dataset(actor, key, entry.title)
    elif entry is None and known is not None:
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
