"""Values of indicators with what they came from, and the indicators that people keep."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stadt.core.people.models import Organisation
from stadt.hub.indicators.declaration import Quality
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.states import Decision, FileState, Origin, QualityClass, ValueState
from stadt.hub.indicators.statistics import Method
from stadt.hub.places.models import Place

PERIODS = [(kind.value, kind.value) for kind in PeriodKind]
METHODS = [(method.value, method.value) for method in Method]


class KeptIndicator(models.Model):
    """An indicator that people keep because no part of the platform computes it.

    `code` is the printed code that it measures (plain text), `mapping` how its files were read the last time. Who did
    something is written as `user:12`.
    """

    key = models.CharField(max_length=101, unique=True)
    code = models.CharField(max_length=40, blank=True, db_index=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_example = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)


class DefinitionVersion(models.Model):
    """What an indicator is from a day on; values stay under the version that was in force for their period.

    `series` is a list of `{key, title, unit}`, `dimensions` maps a breakdown's key to its words. `is_break`: its values
    cannot be compared with those of the version before.
    """

    kept = models.ForeignKey(KeptIndicator, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    description = models.TextField()
    formula = models.TextField()
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    method = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=12, choices=PERIODS)
    digits = models.PositiveSmallIntegerField(null=True)
    series = models.JSONField(default=list)
    dimensions = models.JSONField(default=dict)
    interval = models.CharField(max_length=10, choices=METHODS, blank=True)
    per = models.FloatField(default=1)
    mean_of = models.CharField(max_length=12, choices=PERIODS, blank=True)
    protects_people = models.BooleanField(default=False)
    additive = models.BooleanField(default=False)
    valid_low = models.FloatField(null=True)
    valid_high = models.FloatField(null=True)
    is_break = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    defined_by = models.CharField(max_length=100)
    defined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kept", "number"), name="version_once"),
            models.UniqueConstraint(fields=("kept", "valid_from"), name="version_begins_once"),
            models.CheckConstraint(condition=Q(per__gt=0), name="version_per_above_zero"),
        ]


class FigureFile(models.Model):
    """A delivered file of figures, frozen: its bytes as they came, at most a few megabytes, with their SHA-256.

    `mapping` says how it is read; None until somebody said so. The bytes are read only when they are asked for.
    """

    kept = models.ForeignKey(KeptIndicator, models.CASCADE, related_name="files")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    source = models.CharField(max_length=300, blank=True)
    mapping = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.RECEIVED)
    received_by = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("kept", "number"), name="file_once")]


class FigureFields(models.Model):
    """What every figure has, entered or stored. `dimension` is `name=value` joined by `;`, names in order."""

    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=12, choices=PERIODS)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    series = models.CharField(max_length=60, blank=True)
    dimension = models.CharField(max_length=200, blank=True)
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    state = models.CharField(max_length=20, choices=ValueState.choices, default=ValueState.VALUE)
    quality_class = models.CharField(
        max_length=20, choices=QualityClass.choices, default=QualityClass.MEASURED
    )
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class Entry(FigureFields):
    """A figure as somebody entered it or a file said it; only once another person confirmed it is it a value.

    `cited` names the row of the file, `findings` what the plausibility rules asked, `revises` the value it replaces.
    """

    kept = models.ForeignKey(KeptIndicator, models.CASCADE, related_name="entries")
    version = models.PositiveIntegerField()
    deviation = models.FloatField(null=True)
    file = models.ForeignKey(FigureFile, models.PROTECT, null=True, related_name="entries")
    cited = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    revises = models.ForeignKey("IndicatorValue", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    simulated = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.ENTERED)
    entered_by = models.CharField(max_length=100)
    entered_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("kept", "period", "period_start", "place", "series", "dimension"),
                condition=Q(decision="entered"),
                name="entry_waits_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(decision="confirmed") | ~Q(decided_by=F("entered_by")) | Q(decided_by="erased"),
                name="entry_needs_four_eyes",
            ),
        ]


class IndicatorValue(FigureFields):
    """What an indicator was for a place and a period, and everything needed to compute it again.

    `value` is None where there is none, for the `reason` (a German message id). `inputs` are the snapshots and audited
    queries that were read, in their order (see `sources.py`), or the entry or file row; `version` is the formula's,
    `release` the platform's. A value that was revised stays, with the moment in `superseded_at`.
    """

    key = models.CharField(max_length=101)
    as_of = models.DateTimeField()
    quality = models.CharField(max_length=12, choices=[(item.value, item.value) for item in Quality])
    interval_low = models.FloatField(null=True)
    interval_high = models.FloatField(null=True)
    interval_level = models.FloatField(null=True)
    interval_method = models.CharField(max_length=10, choices=METHODS, blank=True)
    simulated = models.BooleanField()
    reason = models.TextField(blank=True)
    reason_values = models.JSONField(default=dict)
    inputs = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    version = models.PositiveIntegerField()
    release = models.CharField(max_length=40)
    computed_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PLATFORM)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="values")
    revision = models.PositiveIntegerField(default=1)
    revises = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    revision_reason = models.TextField(blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("key", "period", "period_start", "place", "series", "dimension"),
                condition=Q(superseded_at=None),
                name="value_once_per_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(reason=""), name="value_or_reason"),
            models.CheckConstraint(
                condition=Q(state="value", value__isnull=False) | ~Q(state="value") & Q(value__isnull=True),
                name="value_has_its_state",
            ),
            models.CheckConstraint(
                condition=Q(period_start__lt=F("period_end")) & Q(as_of__lte=F("period_end")),
                name="period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(interval_low=None) | Q(interval_low__lte=F("interval_high")),
                name="interval_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("key", "-period_start"), name="value_of_key")]


class SmallCell(models.Model):
    """From how many people on a figure is published; set by the statistics office, the newest row holds."""

    threshold = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField(default=timezone.now)
