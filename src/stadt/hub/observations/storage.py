"""The tables that every reading touches: the partitioned store, its maintained counters, revisions and idempotency keys.

Written only by the SQL of this app; the models are for reading and for Django's bookkeeping. Observations have no
foreign keys, and those of the counters' rows are ids of datastreams.
"""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone


class _ObservationColumns(models.Model):
    """The columns an observation has, now or in an earlier revision.

    Exactly one of `result_number` and `result_json` is set: numbers are finite doubles, everything else is JSON.
    """

    id = models.BigIntegerField()
    datastream_id = models.BigIntegerField()
    phenomenon_time = models.DateTimeField()
    phenomenon_time_end = models.DateTimeField(null=True)
    result_time = models.DateTimeField(null=True)
    result_number = models.FloatField(null=True)
    result_json = models.JSONField(null=True)
    result_quality = models.JSONField(null=True)
    valid_time_start = models.DateTimeField(null=True)
    valid_time_end = models.DateTimeField(null=True)
    parameters = models.JSONField(null=True)
    feature_of_interest_id = models.BigIntegerField(null=True)
    is_simulated = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    revision = models.IntegerField(default=1)

    class Meta:
        abstract = True


class Observation(_ObservationColumns):
    """A value seen at a time, in its current revision: earlier ones and deleted observations are not here.

    Partitioned by month of `phenomenon_time` (UTC). Bound every read by the extent in `DatastreamState`, so that only
    the partitions in question are opened.
    """

    pk = models.CompositePrimaryKey("datastream_id", "phenomenon_time", "id")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=("id",), name="observations_observation_id")]


class ObservationRevision(_ObservationColumns):
    """A revision that was superseded by a correction, or the last one before the deletion (a tombstone)."""

    pk = models.CompositePrimaryKey("id", "revision")
    superseded_at = models.DateTimeField()
    is_tombstone = models.BooleanField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=("datastream_id", "phenomenon_time"), name="observations_revision_when"),
        ]


class DatastreamState(models.Model):
    """Count, extent in time and newest observation of a datastream, kept in the transaction of each write.

    `last_*` is the observation with the greatest (phenomenon time, id). Times are null while there is none.
    """

    datastream = models.OneToOneField(
        "observations.Datastream", models.CASCADE, primary_key=True, related_name="state"
    )
    count = models.BigIntegerField(default=0, db_default=0)
    first_time = models.DateTimeField(null=True)
    last_time = models.DateTimeField(null=True)
    end_time = models.DateTimeField(null=True)
    first_result_time = models.DateTimeField(null=True)
    last_result_time = models.DateTimeField(null=True)
    last_id = models.BigIntegerField(null=True)
    last_number = models.FloatField(null=True)
    last_json = models.JSONField(null=True)
    last_quality = models.JSONField(null=True)
    last_simulated = models.BooleanField(default=False, db_default=False)
    updated_at = models.DateTimeField()


class DatastreamDay(models.Model):
    """Count and greatest id of a datastream's observations on one UTC day, and the transaction that last changed it.

    `changed` is PostgreSQL's 64-bit transaction number: below `pg_snapshot_xmin` every change of the day is visible.
    `version` grows with every change, in the same transaction; the rollups of the day are right while `rolled` is equal.
    """

    pk = models.CompositePrimaryKey("datastream_id", "day")
    datastream_id = models.BigIntegerField()
    day = models.DateField()
    count = models.BigIntegerField()
    max_id = models.BigIntegerField(null=True)
    changed = models.BigIntegerField()
    version = models.BigIntegerField(default=1, db_default=1)
    rolled = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        # The one kind of index that leaves updates of `changed` heap-only.
        indexes: ClassVar[list[Any]] = [
            BrinIndex(fields=("changed",), name="observations_day_changed", pages_per_range=8)
        ]


class Rollup(models.Model):
    """Figures of a datastream's numbers in one bucket: an hour (`width` 60) or a local day (1440), from its start.

    Right only while every UTC day that the bucket overlaps is rolled (`DatastreamDay`); read through `rollups.py`. `total`,
    `p50` and `p95` are null where a number is too large to be summed.
    """

    pk = models.CompositePrimaryKey("datastream_id", "width", "start")
    datastream_id = models.BigIntegerField()
    width = models.SmallIntegerField()
    start = models.DateTimeField()
    count = models.BigIntegerField()
    total = models.FloatField(null=True)
    minimum = models.FloatField()
    maximum = models.FloatField()
    p50 = models.FloatField(null=True)
    p95 = models.FloatField(null=True)
    is_simulated = models.BooleanField()


class IngestKey(models.Model):
    """A reading that came with an idempotency key: the same key of the same source is the same reading."""

    pk = models.CompositePrimaryKey("source", "key")
    source = models.TextField()
    key = models.TextField()
    observation_id = models.BigIntegerField()
    received_at = models.DateTimeField()


class Change(models.Model):
    """One line of the feed of changes: entities that one statement stored or changed; see `feed.py`.

    The arrays of ids are read by SQL alone. `transaction` is PostgreSQL's 64-bit transaction number.
    """

    pk = models.CompositePrimaryKey("transaction", "id")
    transaction = models.BigIntegerField()
    id = models.BigIntegerField()
    entity = models.TextField()
    is_new = models.BooleanField()
    size = models.IntegerField()
    noted_at = models.DateTimeField(default=timezone.now)
