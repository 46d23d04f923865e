"""Deleting datastreams and things: gone at once for every reader, purged from the store afterwards."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Conflict
from stadt.core.events import publish
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.hub.observations.events import DatastreamsDeleted
from stadt.hub.observations.models import Datastream, DatastreamTombstone, HistoricalLocation, Thing
from stadt.hub.observations.rights import MANAGE

PURGE = "observations.purge"

_TOMBSTONES = """
INSERT INTO observations_datastreamtombstone (datastream_id, key, count, first_time, last_time, deleted_at)
SELECT d.id, d.key, s.count, s.first_time, s.last_time, now()
FROM observations_datastream AS d JOIN observations_datastreamstate AS s ON s.datastream_id = d.id
WHERE d.id = ANY(%s)
"""
_LOCK = "SELECT 1 FROM observations_datastreamstate WHERE datastream_id = ANY(%s) ORDER BY datastream_id FOR UPDATE"
_DROP_DAYS = "DELETE FROM observations_datastreamday WHERE datastream_id = ANY(%s)"
_PURGE = """
DELETE FROM observations_observation
WHERE datastream_id = %s AND phenomenon_time >= %s AND phenomenon_time < %s
"""

_PURGE_ROLLUPS = "DELETE FROM observations_rollup WHERE datastream_id = %s"


@transaction.atomic
def delete_datastreams(actor: Actor, datastream_ids: Iterable[int]) -> int:
    """Delete datastreams with all their observations; a tombstone says that they were there.

    No reader sees any of their observations after this transaction; a job then purges the rows.

    Returns:
        How many were deleted; those that do not exist are passed over.

    Raises:
        Forbidden: without `observations.manage` for one of them.
        Conflict: when something else in the city depends on one of them.
    """
    found = Datastream.objects.filter(pk__in=list(datastream_ids)).order_by("pk")
    owners = dict(found.values_list("pk", "organisation_id"))
    if not owners:
        return 0
    for organisation_id in set(owners.values()):
        actor.require(MANAGE, organisation_id)
    ids = list(owners)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])  # writers that came before have committed, later ones find no datastream
        cursor.execute(_TOMBSTONES, [ids])
        cursor.execute(_DROP_DAYS, [ids])
    try:
        found.delete()
    except ProtectedError as error:
        raise Conflict(_("Ein Datenstrom wird noch gebraucht und lässt sich nicht löschen.")) from error
    record(actor, "delete_datastreams", "datastreams", {"ids": ids})
    publish(DatastreamsDeleted(tuple(ids)))
    defer(PURGE)
    return len(ids)


@transaction.atomic
def delete_things(actor: Actor, thing_ids: Iterable[int]) -> int:
    """Delete things with their datastreams and historical locations; locations stay.

    Raises:
        Forbidden, Conflict: as `delete_datastreams`.
    """
    ids = sorted(set(thing_ids))
    things = Thing.objects.filter(pk__in=ids)
    for organisation_id in things.values_list("organisation_id", flat=True).distinct():
        actor.require(MANAGE, organisation_id)
    delete_datastreams(actor, Datastream.objects.filter(thing__in=ids).values_list("pk", flat=True))
    HistoricalLocation.objects.filter(thing__in=ids).delete()
    count = things.count()
    try:
        things.delete()
    except ProtectedError as error:
        raise Conflict(_("Ein Gerät wird noch gebraucht und lässt sich nicht löschen.")) from error
    record(actor, "delete_things", "things", {"ids": ids})
    return count


def purge() -> None:
    """The job that removes the rows of deleted datastreams, month by month, so that no lock is held for long."""
    for tombstone in DatastreamTombstone.objects.filter(purged_at=None).order_by("deleted_at"):
        if tombstone.first_time and tombstone.last_time:
            for start, end in _spans(tombstone.first_time, tombstone.last_time):
                with connection.cursor() as cursor:
                    cursor.execute(_PURGE, [tombstone.datastream_id, start, end])
        with connection.cursor() as cursor:
            cursor.execute(_PURGE_ROLLUPS, [tombstone.datastream_id])
        DatastreamTombstone.objects.filter(pk=tombstone.pk).update(purged_at=timezone.now())


def _spans(first: datetime, last: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The calendar months of a time span, those before 2000 as one."""
    start = first
    while start <= last:
        if start.year < 2000:
            end = start.replace(year=2000, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        else:
            year, month = divmod(start.year * 12 + start.month, 12)
            end = start.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
        yield start, end
        start = end
