"""The public projection of reports: a row holds publishable columns only, and is made again from the case at any time."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

LONGEST_DIGEST = 32


class DaySecret(models.Model):
    """The secret of one day, with which its addresses are turned into digests; gone with the day."""

    day = models.DateField(primary_key=True)
    secret = models.BinaryField(max_length=LONGEST_DIGEST)

    def __str__(self) -> str:
        return self.day.isoformat()


class VoiceOfDay(models.Model):
    """One voice of today: `line` is a digest of a report and a network address, `voice` of the sign of a browser.

    Both are keyed with the day's secret, and are deleted with it: afterwards they lead back to nobody. A backup of that day
    holds both as long as it is kept.
    """

    day = models.DateField()
    line = models.BinaryField(max_length=LONGEST_DIGEST)
    voice = models.BinaryField(max_length=LONGEST_DIGEST)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("day", "line", "voice"), name="issues_voice_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


READABLE = (
    "reference",
    "type_key",
    "category",
    "face",
    "is_closed",
    "text",
    "lon",
    "lat",
    "street",
    "district_id",
    "quarter_id",
    "agency",
    "received_on",
    "received_at",
    "changed_at",
    "planned_for",
    "closed_on",
    "closed_at",
    "reason",
    "photos",
    "history",
    "weight",
    "not_fixed",
    "reopened",
    "working_days",
    "in_time",
    "merged_into",
    "is_example",
    "words",
)
"""The columns that the reading role is granted: all but the case's own number."""


class PublicIssue(models.Model):
    """A report as everybody may see it.

    Attributes:
        case_id: the case it is made from; no page reads it.
        face: one of the five public faces (`civic.cases`).
        text: the reporter's words, as far as its type publishes them; else empty.
        lon, lat: WGS 84 degrees, rounded to four decimals (about ten metres); None for a report without a place.
        street: the street without a house number, only where it is the city's own name for it.
        agency: title of the organisation that works on it.
        received_at: when it came in, to the minute (decision 48); `received_on` is the same day in the city.
        closed_at: when it was closed, to the second; None while it is open.
        photos: `[{"key", "role", "width", "height"}]` of photos that were released; role `before` or `after`.
        history: `[{"on", "at", "face", "text"}]`, oldest first, with texts that were written for everybody; `at` is the moment
            to the second, of the first entry to the minute.
        working_days: working days from receipt to closing without pauses, None while it is open.
        in_time: closed until its deadline; None while open or where it had none.
        merged_into: reference of the report that carries this one on; such rows stand in no list.
    """

    case_id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=20, unique=True)
    type_key = models.CharField(max_length=60)
    category = models.CharField(max_length=60)
    face = models.CharField(max_length=16)
    is_closed = models.BooleanField()
    text = models.TextField(blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    street = models.CharField(max_length=120, blank=True)
    district_id = models.BigIntegerField(null=True)
    quarter_id = models.BigIntegerField(null=True)
    agency = models.CharField(max_length=200, blank=True)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    planned_for = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    photos = models.JSONField(default=list)
    history = models.JSONField(default=list)
    weight = models.PositiveIntegerField(default=0)
    not_fixed = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    working_days = models.PositiveIntegerField(null=True)
    in_time = models.BooleanField(null=True)
    merged_into = models.CharField(max_length=20, blank=True)
    is_example = models.BooleanField(default=False)
    words: Any = models.GeneratedField(
        expression=SearchVector("reference", config="simple")
        + SearchVector("street", config="german")
        + SearchVector("text", config="german"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # Lists stand by day of receipt, newest first; each filter that is offered alone leads its own index.
            models.Index(fields=("-received_on", "reference"), name="issues_public_newest"),
            models.Index(fields=("category", "-received_on"), name="issues_public_category"),
            models.Index(fields=("district_id", "-received_on"), name="issues_public_district"),
            models.Index(fields=("quarter_id", "-received_on"), name="issues_public_quarter"),
            models.Index(fields=("face", "-received_on"), name="issues_public_face"),
            models.Index(fields=("-changed_at",), name="issues_public_changed"),
            models.Index(
                fields=("-closed_on",),
                name="issues_public_closed",
                condition=models.Q(closed_on__isnull=False),
            ),
            # What is open, which is little of all that was ever reported.
            models.Index(
                fields=("-received_on",), name="issues_public_open", condition=models.Q(is_closed=False)
            ),
            # The map reads a box of the city and groups it into cells, from the index alone.
            models.Index(
                fields=("lon", "lat"),
                include=("face", "category", "received_on", "is_closed", "closed_on", "merged_into"),
                name="issues_public_place",
            ),
            GinIndex(fields=("words",), name="issues_public_words"),
        ]

    def __str__(self) -> str:
        return self.reference
