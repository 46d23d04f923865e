"""Values of indicators with what they came from."""

from typing import ClassVar

from django.db import models

from stadt.hub.indicators.declaration import PeriodKind, Quality
from stadt.hub.places.models import Place


class IndicatorValue(models.Model):
    """What an indicator was for a place and a period, and everything needed to compute it again.

    `value` is None where there is none, for the `reason` (a German message id). `inputs` are the snapshots and audited
    queries that were read, in their order (see `sources.py`); `version` is the formula's, `release` the platform's.
    """

    key = models.CharField(max_length=101)
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in PeriodKind])
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    as_of = models.DateTimeField()
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    quality = models.CharField(max_length=12, choices=[(item.value, item.value) for item in Quality])
    simulated = models.BooleanField()
    reason = models.TextField(blank=True)
    reason_values = models.JSONField(default=dict)
    inputs = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    version = models.PositiveIntegerField()
    release = models.CharField(max_length=40)
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("key", "period", "period_start", "place"),
                name="value_once_per_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | ~models.Q(reason=""), name="value_or_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(period_start__lt=models.F("period_end"))
                & models.Q(as_of__lte=models.F("period_end")),
                name="period_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("key", "-period_start"), name="value_of_key")]
