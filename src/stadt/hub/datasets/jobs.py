"""Publishes what is due, prepares small downloads, and thins out old snapshots."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from stadt.core import condition
from stadt.core.condition import Store
from stadt.core.errors import Conflict, StadtError
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets import downloads, queries, services
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.models import Hold, PublicationState, Snapshot
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.lake.files import list_older
from stadt.hub.lake.layout import layout

logger = logging.getLogger("stadt.datasets")

JITTER = timedelta(seconds=30)
KEPT_NEWEST = 24
KEPT_DAYS = 35
KEPT_FILES = timedelta(days=7)
KEPT_WITHDRAWN = timedelta(days=30)


def publish_due() -> None:
    """Every minute: look at each dataset whose `refresh` is over and publish it if its rows changed."""
    refusal = condition.find_refusal(Store.LAKE) or condition.find_refusal()
    if refusal is not None:
        logger.error("nothing is published: %s", refusal.detail)
        return
    checked = dict(PublicationState.objects.values_list("dataset", "checked_at"))
    for dataset in _often_renewed_first():
        if is_due(dataset, checked.get(dataset.key), timezone.now()):
            publish_safely(Actor.system("job:datasets.publish_due"), dataset.key)


def _often_renewed_first() -> list[Dataset]:
    """All datasets; those about others, such as the catalogue's own, are renewed seldom and so come after them."""
    found = (item for item in registry.datasets.values() if isinstance(item, Dataset))
    return sorted(found, key=lambda item: (item.refresh, item.key))


def is_due(dataset: Dataset, checked_at: datetime | None, now: datetime) -> bool:
    """Whether a dataset that was last looked at then is to be looked at again."""
    return checked_at is None or now - checked_at >= dataset.refresh - JITTER


def publish_safely(actor: Actor, key: str) -> None:
    """Publish one dataset; what goes wrong with it is remembered and stops no other.

    What the city cannot do right now is no fault of the dataset: it stays due, and the next minute tries again.
    """
    try:
        services.publish_now(actor, key)
    except Exception as error:
        if condition.refusal_for(error) is not None:
            logger.error("%s is published later: %s", key, type(error).__name__)
            return
        logger.exception("%s could not be published", key)
        words = error.detail if isinstance(error, StadtError) else type(error).__name__
        PublicationState.objects.update_or_create(
            dataset=key, defaults={"checked_at": timezone.now(), "error": words}
        )


def prepare_small(event: SnapshotPublished) -> None:
    """After a publication: write the downloads of a small table at once."""
    dataset = queries.find_public(event.dataset)
    if dataset is None:
        return
    snapshot = get_snapshot(event.dataset, event.number)
    if snapshot.row_count <= downloads.PREPARED_ROWS:
        for form in formats_of(dataset, snapshot.row_count):
            downloads.prepare(dataset, snapshot, form)


def tidy() -> None:
    """Every day: purge snapshots that nobody needs, sweep what dead publishers left, drop old prepared downloads.

    Kept are the newest snapshots, the last one of each day for some weeks, withdrawn ones for thirty days (so that what
    was withdrawn by mistake can come back), and every one that a figure cites.
    """
    actor = Actor.system("job:datasets.tidy")
    for key, number in _superfluous(timezone.now()):
        try:
            services.purge_snapshot(actor, key, number)
        except Conflict:
            logger.info("%s %d is cited meanwhile and stays", key, number)
    services.sweep()
    for path in list_older(layout().files, KEPT_FILES):
        path.unlink(missing_ok=True)


def _superfluous(now: datetime) -> list[tuple[str, int]]:
    gone = Snapshot.objects.filter(purged_at=None, withdrawn_at__lte=now - KEPT_WITHDRAWN, holds=None)
    found: list[tuple[str, int]] = list(gone.order_by("pk").values_list("dataset", "number"))
    keys = Snapshot.objects.readable().values_list("dataset", flat=True).distinct()
    for key in sorted(keys):
        rows = (
            Snapshot.objects.readable()
            .filter(dataset=key)
            .annotate(is_held=Exists(Hold.objects.filter(snapshot=OuterRef("pk"))))
            .order_by("-number")
            .values_list("number", "published_at", "is_held")
        )
        days = set()
        for place, (number, published_at, is_held) in enumerate(rows):
            day = timezone.localtime(published_at).date()
            is_last_of_day = day not in days and now - published_at < timedelta(days=KEPT_DAYS)
            days.add(day)
            if place >= KEPT_NEWEST and not is_last_of_day and not is_held:
                found.append((key, number))
    return found


def publish_all(progress: Callable[[str], None]) -> None:
    """Publish every dataset at once, for the demo city's first start."""
    for dataset in _often_renewed_first():
        publish_safely(Actor.system("command:demo"), dataset.key)
    progress("Datensätze veröffentlicht")
