"""Tables of the intake: sources, device profiles, devices, the messages they sent, and what was refused."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stadt.core.people.models import Organisation


class SourceKind(models.TextChoices):
    """Which protocol a source speaks."""

    TTS = "tts", "The Things Stack v3"


class ObservationType(models.TextChoices):
    """What the results of a profile's row are; the ends of the observationType codes of SensorThings 1.1."""

    MEASUREMENT = "OM_Measurement", _("Messwert (Zahl)")
    COUNT = "OM_CountObservation", _("Zählwert (ganze Zahl)")
    TRUTH = "OM_TruthObservation", _("Ja oder Nein")
    CATEGORY = "OM_CategoryObservation", _("Begriff (Text)")


class DeviceProfile(models.Model):
    """What the decoded payload of one type of device means.

    `revision` grows with every change; each message remembers by which one it was read. `category` is the slug of
    what the device is fixed to, `battery_path` the payload's field with the charge in per cent; with `is_public`
    everybody may read the values.
    """

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    category = models.SlugField(max_length=60)
    battery_path = models.CharField(max_length=120, blank=True)
    is_public = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class ProfileRow(models.Model):
    """One value of the payload: result = raw value x factor + offset, in `unit_code` (UCUM)."""

    profile = models.ForeignKey(DeviceProfile, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=120)
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    definition = models.CharField(max_length=300, blank=True)
    unit_code = models.CharField(max_length=40, blank=True)
    unit_symbol = models.CharField(max_length=20, blank=True)
    observation_type = models.CharField(
        max_length=30, choices=ObservationType, default=ObservationType.MEASUREMENT
    )
    factor = models.FloatField(default=1.0)
    offset = models.FloatField(default=0.0)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=("profile", "key"), name="ingest_row_key_once_per_profile"),
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=True)
                | models.Q(maximum__isnull=True)
                | models.Q(minimum__lte=models.F("maximum")),
                name="ingest_row_range_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where messages come from: an application of a sensor network that pushes to `/ingest/<kind>/<slug>`.

    With `default_profile`, unknown devices are taken on with it; without, their messages are refused. A source that
    delivered before and sends nothing for `silent_after_hours` is silent, and the operators are told.
    """

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=16, choices=SourceKind, default=SourceKind.TTS)
    title = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    enabled = models.BooleanField(default=True)
    default_profile = models.ForeignKey(
        DeviceProfile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    keep_frames_days = models.PositiveSmallIntegerField(default=30)
    silent_after_hours = models.PositiveSmallIntegerField(default=24)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What a token is narrowed to so that it serves this source only."""
        return f"source:{self.slug}"


class SourceState(models.Model):
    """Counters of a source since it exists, kept apart because every batch changes them."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="state")
    last_message_at = models.DateTimeField(null=True)
    messages = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    readings = models.BigIntegerField(default=0)


class Device(models.Model):
    """A device of a source. `thing_id` is the Thing whose Datastreams its readings become.

    `lon`/`lat` (WGS 84 degrees) come from the network, unless an operator placed the device (`is_placed`).
    The last six fields are the device's health as its newest message told it.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="devices")
    device_id = models.CharField(max_length=64)
    dev_eui = models.CharField(max_length=16, blank=True)
    profile = models.ForeignKey(DeviceProfile, models.PROTECT, related_name="devices")
    title = models.CharField(max_length=120, blank=True)
    enabled = models.BooleanField(default=True)
    thing_id = models.BigIntegerField(null=True, db_index=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    is_placed = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True)
    last_count = models.BigIntegerField(null=True)
    rssi = models.FloatField(null=True)
    snr = models.FloatField(null=True)
    gateways = models.PositiveSmallIntegerField(null=True)
    battery = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("source", "device_id"), name="ingest_device_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="ingest_device_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.device_id


class DeviceStream(models.Model):
    """Which Datastream keeps an observed property of a device."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="streams")
    key = models.SlugField(max_length=60)
    datastream_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("device", "key"), name="ingest_stream_once_per_device"),
        ]


class RawFrame(models.Model):
    """An accepted message, kept for a while so that a corrected profile can read it again.

    `notes` lists the values that were not stored, as [field, code]; `revision` is the profile's when it was read.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="frames", db_constraint=False)
    key = models.TextField()
    received_at = models.DateTimeField(db_index=True)
    time = models.DateTimeField()
    f_port = models.PositiveSmallIntegerField()
    f_cnt = models.BigIntegerField()
    payload = models.BinaryField()
    decoded = models.JSONField(null=True)
    simulated = models.BooleanField(default=False)
    revision = models.PositiveIntegerField()
    readings = models.PositiveSmallIntegerField()
    notes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=("device", "id"), name="ingest_frame_of_device")]


class MessageKey(models.Model):
    """That a message was accepted: `digest` is the first 128 bits of BLAKE2b over its key.

    Unpartitioned and written in the transaction of the readings, so the same message twice is one reading. One row for
    a message with any number of values.
    """

    pk = models.CompositePrimaryKey("source_id", "digest")
    source_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [BrinIndex(fields=("accepted_at",), name="ingest_key_accepted")]


class Refusal(models.Model):
    """Messages of a source that were refused for the same reason, counted; ids and codes only, no content."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="refusals")
    device_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=200, blank=True)
    count = models.BigIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("source", "device_id", "code", "field"), name="ingest_refusal_counted_once"
            ),
        ]


class Replay(models.Model):
    """A run that reads kept messages again by the profile as it is now. `last_frame_id` is how far it came."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")

    profile = models.ForeignKey(DeviceProfile, models.CASCADE, related_name="replays")
    device = models.ForeignKey(Device, models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    last_frame_id = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
