"""Every write to snapshots: publish, hold, purge and sweep."""

import logging
import shutil
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.condition import Store, require_writable
from stadt.core.errors import Conflict, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.datasets.kept import files, live
from stadt.hub.datasets.models import Hold, Part, Snapshot, SnapshotPart
from stadt.hub.datasets.publication import lock, make_snapshot
from stadt.hub.datasets.rights import PUBLISH, PURGE
from stadt.hub.datasets.snapshots import SnapshotInfo, get_snapshot
from stadt.hub.lake.deleting import may_delete
from stadt.hub.lake.files import list_older
from stadt.hub.lake.layout import layout

logger = logging.getLogger("stadt.datasets")

__all__ = [
    "PUBLISH",
    "PURGE",
    "get_dataset",
    "get_declared",
    "publish_now",
    "purge_snapshot",
    "set_holds",
    "sweep",
]

LEFTOVER_AGE = timedelta(hours=1)


def get_dataset(key: str) -> Dataset:
    """A dataset that an app declares, or a kept one that everybody may see; at most one query for what exists.

    Raises:
        NotFound: there is none, or it may not be seen.
        Gone: everybody could see it once.
    """
    found = registry.datasets.get(key)
    if isinstance(found, Dataset):
        return found
    kept = live.find_live(key)
    if kept is not None:
        return kept
    if live.was_public(key):
        raise Gone(gettext("Der Datensatz „%(key)s“ wurde zurückgezogen.") % {"key": key})
    raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})


def get_declared(key: str) -> Dataset:
    """A dataset that an app declares, whose rows it gives. Raises NotFound."""
    found = registry.datasets.get(key)
    if not isinstance(found, Dataset):
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return found


def publish_now(actor: Actor, key: str) -> SnapshotInfo | None:
    """Publish a dataset's present rows under the next number; None when they did not change.

    Raises:
        NotFound: no app declares the dataset.
        Invalid: a row does not fit the declaration; nothing is published.
        Unavailable: there is no room, or no database to write to; the newest snapshot stays as it is.
    """
    actor.require(PUBLISH)
    dataset = get_declared(key)
    require_writable(Store.LAKE)
    require_writable()
    with transaction.atomic():
        snapshot = make_snapshot(dataset)
        if snapshot is None:
            return None
        record(
            actor,
            "publish_now",
            f"dataset:{key}",
            {"number": snapshot.number, "rows": snapshot.row_count, "content_hash": snapshot.content_hash},
        )
        publish(SnapshotPublished(key, snapshot.number))
    logger.info("%s published as %d with %d rows", key, snapshot.number, snapshot.row_count)
    return get_snapshot(key, snapshot.number)


@transaction.atomic
def set_holds(holder: str, snapshot_ids: set[int]) -> None:
    """Say which snapshots a holder (`indicator:17`) cites now; what it no longer cites may be purged.

    Raises:
        NotFound: when one of them was purged meanwhile.
    """
    alive = set(
        Snapshot.objects.select_for_update(of=("self",))
        .filter(pk__in=snapshot_ids, purged_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if alive != snapshot_ids:
        raise NotFound(gettext("Ein Stand, der zitiert werden soll, wurde gelöscht."))
    Hold.objects.filter(holder=holder).exclude(snapshot_id__in=snapshot_ids).delete()
    Hold.objects.bulk_create(
        (Hold(snapshot_id=pk, holder=holder) for pk in snapshot_ids), ignore_conflicts=True
    )


@transaction.atomic
def purge_snapshot(actor: Actor, key: str, number: int) -> None:
    """Delete a snapshot's data for good; its number, time and hashes stay as a tombstone.

    Raises:
        NotFound: there is no such snapshot.
        Conflict: a published figure cites it, or it is the newest.
    """
    actor.require(PURGE)
    lock(key)
    snapshot = Snapshot.objects.select_for_update().filter(dataset=key, number=number).first()
    if snapshot is None:
        raise NotFound(
            gettext("Den Stand %(number)s des Datensatzes „%(key)s“ gibt es nicht.")
            % {"number": number, "key": key}
        )
    if snapshot.purged_at:
        return
    if Hold.objects.filter(snapshot=snapshot).exists():
        raise Conflict(
            gettext("Der Stand %(number)s von „%(key)s“ wird von einer veröffentlichten Zahl zitiert.")
            % {"number": number, "key": key}
        )
    newer = Snapshot.objects.readable().filter(dataset=key, number__gt=number)
    if snapshot.withdrawn_at is None and not newer.exists():
        raise Conflict(
            gettext("Der Stand %(number)s von „%(key)s“ ist der neueste und bleibt.")
            % {"number": number, "key": key}
        )
    part_ids = list(SnapshotPart.objects.filter(snapshot=snapshot).values_list("part_id", flat=True))
    SnapshotPart.objects.filter(snapshot=snapshot).delete()
    Snapshot.objects.filter(pk=snapshot.pk).update(purged_at=timezone.now(), profile={})
    unused = Part.objects.filter(pk__in=part_ids, entries=None)
    paths = list(unused.values_list("path", flat=True))
    unused.delete()
    record(actor, "purge_snapshot", f"dataset:{key}", {"number": number, "parts": len(paths)})
    transaction.on_commit(lambda: _remove_files(key, number, paths))


@transaction.atomic
def _remove_files(key: str, number: int, paths: list[str]) -> None:
    """Under the lock again, since the same rows may have been published anew meanwhile.

    While a backup reads the lake its parts stay; the next sweep takes them.
    """
    lock(key)
    place = layout()
    if may_delete():
        named = set(Part.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in set(paths) - named:
            (place.parts / path).unlink(missing_ok=True)
    shutil.rmtree(place.files / key / str(number), ignore_errors=True)


def sweep(age: timedelta = LEFTOVER_AGE) -> int:
    """Remove files that a dead publisher left: unfinished work, parts that no snapshot and deliveries that no row names.

    Returns how many.

    While a backup reads the lake its parts stay.
    """
    place = layout()
    count = 0
    for path in list_older(place.work, age):
        path.unlink(missing_ok=True)
        count += 1
    count += files.sweep(age)
    for folder in sorted(place.parts.iterdir()) if place.parts.is_dir() else ():
        with transaction.atomic():
            lock(folder.name)
            if not may_delete():
                break
            Part.objects.filter(dataset=folder.name, entries=None).delete()
            named = set(Part.objects.filter(dataset=folder.name).values_list("path", flat=True))
            for path in list_older(folder, age):
                if f"{folder.name}/{path.name}" not in named:
                    path.unlink(missing_ok=True)
                    count += 1
    return count
