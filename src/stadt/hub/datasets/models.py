"""Snapshots of datasets: numbered manifests of immutable parts, who holds them, and how often they were used."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Snapshot(models.Model):
    """A dataset as it was published under a number; never changed, only purged to a tombstone.

    `content_hash` is over schema and rows, whatever their order or the parts they lie in. `columns` is the schema at
    that time: `[{name, type, title, unit, description}]`; `profile` what is in each column.
    """

    dataset = models.CharField(max_length=101)
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64)
    schema_hash = models.CharField(max_length=64)
    row_count = models.BigIntegerField()
    simulated_count = models.BigIntegerField()
    columns = models.JSONField()
    profile = models.JSONField(default=dict)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "number"), name="snapshot_number_once"),
            models.CheckConstraint(
                condition=models.Q(simulated_count__lte=models.F("row_count")),
                name="snapshot_simulated_of_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"


class Part(models.Model):
    """An immutable Parquet file that snapshots are made of.

    `name` is `whole`, a month (`2026-11`) or a day (`2026-11-21`); `path` lies below the lake's `parts`; `digest` is
    the sum of its rows' SHA-256, `mark` what the source said when it was written.
    """

    dataset = models.CharField(max_length=101)
    name = models.CharField(max_length=10)
    path = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    mark = models.CharField(max_length=200, blank=True)
    row_count = models.BigIntegerField()
    simulated_count = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=("dataset",), name="part_dataset")]


class SnapshotPart(models.Model):
    """A part's place in a snapshot."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="entries")
    part = models.ForeignKey(Part, models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("snapshot", "position"), name="snapshot_part_position"),
        ]


class Hold(models.Model):
    """Somebody cites a snapshot (`indicator:17`), so that it is not purged."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="holds")
    holder = models.CharField(max_length=100, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("snapshot", "holder"), name="hold_once")]


class PublicationState(models.Model):
    """When a dataset was last looked at, by which mark, and what went wrong."""

    dataset = models.CharField(max_length=101, primary_key=True)
    checked_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)


class AccessCount(models.Model):
    """How often a dataset was fetched on a local day, by format (`csv`, `geojson`, `parquet`, `api`); no addresses."""

    dataset = models.CharField(max_length=101)
    format = models.CharField(max_length=16)
    day = models.DateField()
    count = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "format", "day"), name="access_count_once"),
        ]
        indexes: ClassVar = [models.Index(fields=("day",), name="access_count_day")]
