"""Snapshots of datasets: numbered manifests of immutable parts, who holds them, and how often they were used.

And the datasets that people keep, with the files they delivered.
"""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept.states import AccessClass, DeliveryState, Kind, State


class SnapshotQuerySet(models.QuerySet[Any]):
    """Which snapshots somebody can read."""

    def readable(self) -> Self:
        """Neither purged nor withdrawn."""
        return self.filter(purged_at=None, withdrawn_at=None)

    def newest_of(self, key: str) -> "Snapshot | None":
        """The one that readers of a dataset get without saying a number."""
        return self.readable().filter(dataset=key).order_by("-number").first()


class Snapshot(models.Model):
    """A dataset as it was published under a number; never changed, only purged to a tombstone.

    `content_hash` is over schema and rows, whatever their order or the parts they lie in. `columns` is the schema at
    that time: `[{name, type, title, unit, description}]`; `profile` what is in each column. Nobody reads one that was
    withdrawn; its parts stay until it is purged.
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
    withdrawn_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

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


class KeptDataset(models.Model):
    """A dataset that people keep: its card as it is worked on, and the card that readers see.

    Attributes:
        state: how far the work is.
        live_access: who sees the published card and rows now; empty: nobody.
        live: the approved card and columns, as `kept.card.live_of` writes them.
        was_public: everybody could see it once, so that its address tells that it is gone.
        theme, licence, high_value: names of the entries of `Theme`, `Licence`, `HighValue`.
        frequency: code of the EU table frequency (`ANNUAL`).
        spatial: a municipality key (AGS) or the slug of a place.
        columns: the accepted schema, as `Snapshot.columns`.
        reading: how the last delivery was to be read, for the next one.
        revision: grows with every change of the card or state; who changes names the one that was seen.
        created_by and the others: who, as `user:12` or `system:job:x`; `erased` for a person who was forgotten.
    """

    key = models.CharField(max_length=101, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UPLOAD)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    access = models.CharField(max_length=10, choices=AccessClass, default=AccessClass.PUBLIC)
    live_access = models.CharField(max_length=10, blank=True, default="")
    live = models.JSONField(default=dict, blank=True)
    was_public = models.BooleanField(default=False)

    title = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    keywords = ArrayField(models.TextField(), default=list, blank=True)
    theme = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=20, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    frequency = models.CharField(max_length=20, blank=True)
    temporal_start = models.DateField(null=True, blank=True)
    temporal_end = models.DateField(null=True, blank=True)
    spatial = models.CharField(max_length=100, blank=True)
    high_value = models.CharField(max_length=40, blank=True)
    sample = models.CharField(max_length=120, blank=True)
    link_url = models.CharField(max_length=1000, blank=True)
    link_format = models.CharField(max_length=30, blank=True)
    link_checked_at = models.DateTimeField(null=True, blank=True)
    link_problem = models.TextField(blank=True)
    is_simulated = models.BooleanField(default=False)

    columns = models.JSONField(default=list, blank=True)
    reading = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    returned_reason = models.TextField(blank=True)
    withdrawn_reason = models.TextField(blank=True)
    withdrawn_note = models.TextField(blank=True)

    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.CharField(max_length=100, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=100, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(live_access__in=("", AccessClass.PUBLIC, AccessClass.INTERNAL)),
                name="kept_personal_is_never_live",
            ),
            models.CheckConstraint(
                condition=models.Q(temporal_start=None)
                | models.Q(temporal_end=None)
                | models.Q(temporal_start__lte=models.F("temporal_end")),
                name="kept_time_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("live_access", "key"), name="kept_live"),
            models.Index(fields=("organisation", "state"), name="kept_organisation_state"),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def is_live(self) -> bool:
        """Whether something of it is published, for everybody or inside."""
        return self.live_access != ""


class Delivery(models.Model):
    """A file that somebody delivered for a kept dataset, from its receipt to its publication.

    Attributes:
        original: where the file lies below the lake's `deliveries`; empty once it was erased.
        reading: how it was understood, as the intake writes it.
        problems: sentences about what was refused or looks wrong.
        drift: how its columns differ from the accepted ones (`kept.drift`); empty when they do not.
        prepared: the Parquet that would be published, below the lake's `deliveries`; empty once it is. `part` its hashes
            and profile.
        step, step_since: what a job does with it right now.
    """

    dataset = models.ForeignKey(KeptDataset, models.CASCADE, related_name="deliveries")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    original = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.CharField(max_length=100)
    corrected_by = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.RECEIVED)
    step = models.CharField(max_length=10, blank=True, default="")
    step_since = models.DateTimeField(null=True, blank=True)
    reading = models.JSONField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=list, blank=True)
    drift = models.JSONField(default=dict, blank=True)
    drift_accepted_by = models.CharField(max_length=100, blank=True)
    row_count = models.BigIntegerField(null=True, blank=True)
    prepared = models.CharField(max_length=200, blank=True)
    part = models.JSONField(default=dict, blank=True)
    published_number = models.PositiveIntegerField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "number"), name="delivery_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=("state", "step"), name="delivery_state")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.number}"

    @property
    def has_open_drift(self) -> bool:
        """Whether its columns differ from the accepted ones and nobody said that this is right."""
        return bool(self.drift) and not self.drift_accepted_by
