"""Every write of things and observations: the verbs other parts of the house call."""

import random
import time
from collections.abc import Iterable

import psycopg
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Unavailable
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading, Refusal, Result
from stadt.hub.observations.events import PublicationChanged
from stadt.hub.observations.models import Datastream
from stadt.hub.observations.multi_registration import (
    MultiDatastreamSpec,
    ValueSpec,
    register_multi_datastream,
)
from stadt.hub.observations.registration import (
    DatastreamSpec,
    PropertySpec,
    RegisteredThing,
    SensorSpec,
    ThingSpec,
    Unit,
    register_thing,
    register_things,
)
from stadt.hub.observations.removal import delete_datastreams, delete_things
from stadt.hub.observations.revisions import (
    UNCHANGED,
    Correction,
    ObservationKey,
    correct_observations,
    delete_observations,
)
from stadt.hub.observations.rights import MANAGE, READ, WRITE

__all__ = [
    "MANAGE",
    "READ",
    "UNCHANGED",
    "WRITE",
    "Correction",
    "DatastreamSpec",
    "MultiDatastreamSpec",
    "ObservationKey",
    "PropertySpec",
    "RegisteredThing",
    "SensorSpec",
    "ThingSpec",
    "Unit",
    "ValueSpec",
    "correct_observations",
    "delete_datastreams",
    "delete_observations",
    "delete_things",
    "register_multi_datastream",
    "register_thing",
    "register_things",
    "require_write",
    "set_publication",
    "store_readings",
]

# About a quarter of a second: longer transactions would keep the web process's group commits waiting.
ROWS_PER_TRANSACTION = 25_000
ATTEMPTS = 6


def require_write(actor: Actor, datastream_ids: Iterable[int]) -> None:
    """Raises Forbidden unless the actor may write to all of these datastreams; unknown ones are refused when stored."""
    organisations = Datastream.objects.filter(pk__in=set(datastream_ids)).values_list(
        "organisation_id", flat=True
    )
    actor.require(WRITE)
    for organisation_id in organisations.distinct():
        actor.require(WRITE, organisation_id)


def store_readings(actor: Actor, readings: Iterable[Reading] | Batch) -> Result:
    """Store any number of readings, in transactions of 25,000 when none is open, else in the open one.

    A row that cannot be stored is refused and named, the others are stored. After an error it may be called again;
    with idempotency keys nothing is stored twice.

    Raises:
        Forbidden: without `observations.write` for one of the datastreams; nothing is stored.
        Unavailable: when other transactions stay in the way.
    """
    batch = readings if isinstance(readings, Batch) else Batch.of(readings)
    require_write(actor, {int(number) for number in set(batch.datastream_ids.tolist())})
    ids: list[int] = []
    duplicates: list[int] = []
    refusals: list[Refusal] = []
    stored = 0
    for part in batch.split(ROWS_PER_TRANSACTION):
        start, result = len(ids), _store(part)
        ids += result.ids
        stored += result.stored
        duplicates += [start + row for row in result.duplicates]
        refusals += [Refusal(start + item.row, item.field, item.message) for item in result.refusals]
    return Result(ids, stored, tuple(duplicates), tuple(refusals))


def _store(part: Batch) -> Result:
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                connection.ensure_connection()
                return append(connection.connection, part)
        except (psycopg.OperationalError, psycopg.IntegrityError, OperationalError, IntegrityError) as error:
            cause = error if isinstance(error, psycopg.Error) else error.__cause__
            if connection.in_atomic_block or not isinstance(cause, PASSING):
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads writers, no secret
    raise Unavailable(_("Die Messwerte ließen sich gerade nicht speichern."))


PASSING = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.ForeignKeyViolation,
)


@transaction.atomic
def set_publication(actor: Actor, datastream_ids: Iterable[int], is_public: bool) -> int:
    """Let everybody see these datastreams, or only those who may.

    Returns:
        How many changed.

    Raises:
        Forbidden: without `observations.manage` for one of them.
    """
    rows = (
        Datastream.objects.select_for_update()
        .filter(pk__in=list(datastream_ids))
        .exclude(is_public=is_public)
    )
    found = dict(rows.order_by("pk").values_list("pk", "organisation_id"))
    for organisation_id in set(found.values()):
        actor.require(MANAGE, organisation_id)
    if not found:
        return 0
    ids = list(found)
    Datastream.objects.filter(pk__in=ids).update(is_public=is_public)
    record(actor, "set_publication", "datastreams", {"ids": ids, "is_public": is_public})
    publish(PublicationChanged(tuple(ids), is_public))
    return len(ids)
