"""Reads of the intake: lists for the operator, and what is stored of a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken
from stadt.hub.ingest.mapping import Value
from stadt.hub.ingest.models import Device, DeviceProfile, RawFrame, Refusal, Replay, Source, SourceState
from stadt.hub.ingest.rights import MANAGE
from stadt.hub.observations.queries import Latest, Visibility, find_datastreams, latest

SILENT_AFTER = timedelta(hours=24)


def list_sources(actor: Actor) -> list[Source]:
    """The sources the actor manages, with their state and `device_count`, by title."""
    sources = Source.objects.select_related("state", "organisation", "default_profile")
    counted = sources.annotate(device_count=Count("devices")).order_by("title")
    return [source for source in counted if actor.can(MANAGE, source.organisation_id)]


def find_source(actor: Actor, slug: str) -> Source | None:
    """The source with this slug, if the actor manages it."""
    source = (
        Source.objects.select_related("state", "organisation", "default_profile").filter(slug=slug).first()
    )
    return source if source and actor.can(MANAGE, source.organisation_id) else None


def list_tokens(source: Source) -> list[ApiToken]:
    """The tokens that serve this source, newest first, revoked and expired ones too."""
    return list(ApiToken.objects.filter(subject=source.subject).order_by("-created_at"))


def list_refusals(source: Source) -> QuerySet[Refusal]:
    """What was refused, latest first."""
    return Refusal.objects.filter(source=source).order_by("-last_at")


def list_profiles() -> QuerySet[DeviceProfile]:
    """All device profiles with `device_count`, by title."""
    return DeviceProfile.objects.annotate(device_count=Count("devices")).order_by("title")


def list_devices(source: Source) -> QuerySet[Device]:
    """A source's devices with their profiles, by name."""
    return Device.objects.filter(source=source).select_related("profile").order_by("title", "device_id")


@dataclass(frozen=True, slots=True)
class StreamNow:
    """An observed property of a device with its newest value."""

    key: str
    name: str
    unit: str
    is_public: bool
    datastream_id: int
    latest: Latest | None


def streams_of(device: Device) -> list[StreamNow]:
    """The device's Datastreams with their newest values, in the order of its profile."""
    keys = dict(device.streams.values_list("datastream_id", "key"))
    thing_key = f"{device.source.slug}/{device.device_id}"
    found = find_datastreams(thing_keys=[thing_key], visibility=Visibility.ALL)
    newest = latest([info.key for info in found if info.key], visibility=Visibility.ALL)
    order = {row.key: row for row in device.profile.rows.all()}
    rows = [
        StreamNow(
            key=keys[info.id],
            name=order[keys[info.id]].name if keys[info.id] in order else info.name,
            unit=order[keys[info.id]].unit_symbol if keys[info.id] in order else "",
            is_public=info.is_public,
            datastream_id=info.id,
            latest=newest.get(info.key or ""),
        )
        for info in found
        if info.id in keys
    ]
    return sorted(rows, key=lambda row: (order[row.key].position if row.key in order else 999, row.key))


def list_frames(device: Device, limit: int = 20) -> list[RawFrame]:
    """The device's newest kept messages."""
    return list(RawFrame.objects.filter(device=device).order_by("-id")[:limit])


def messages_by_source() -> list[tuple[dict[str, str], float]]:
    """Messages of each source by what became of them, for the metrics."""
    found = SourceState.objects.values_list("source__slug", "messages", "duplicates", "refused")
    return [
        ({"source": slug, "outcome": outcome}, float(count))
        for slug, *counts in found
        for outcome, count in zip(("stored", "duplicate", "refused"), counts, strict=True)
    ]


def seconds_since_message() -> list[tuple[dict[str, str], float]]:
    """How long each enabled source has been silent, for the metrics; sources without any message are left out."""
    found = SourceState.objects.filter(source__enabled=True, last_message_at__isnull=False)
    now = timezone.now()
    return [
        ({"source": slug}, max(0.0, (now - moment).total_seconds()))
        for slug, moment in found.values_list("source__slug", "last_message_at")
        if moment
    ]


@dataclass(frozen=True, slots=True)
class SourceNow:
    """A source as operators see it."""

    id: int
    slug: str
    title: str
    enabled: bool
    last_message_at: datetime | None
    silent_after: timedelta

    @property
    def is_silent(self) -> bool:
        """True when an enabled source that delivered before has said nothing for longer than it may."""
        last = self.last_message_at
        return self.enabled and last is not None and timezone.now() - last > self.silent_after


def sources_now() -> list[SourceNow]:
    """Every source with its last message, by title; for those who run the city, whoever manages it. One query."""
    found = Source.objects.order_by("title").values_list(
        "pk", "slug", "title", "enabled", "state__last_message_at", "silent_after_hours"
    )
    return [SourceNow(*row[:5], timedelta(hours=row[5])) for row in found]


def refused_by_source() -> dict[int, int]:
    """Refused messages since ever, by source id."""
    return dict(SourceState.objects.values_list("source_id", "refused"))


def running_replays() -> int:
    """How many runs read kept messages again, or wait to."""
    return Replay.objects.exclude(state=Replay.State.DONE).count()


def check_silent_sources() -> str | None:
    """Every enabled source says something as often as it is expected to."""
    silent = [source.title for source in sources_now() if source.is_silent]
    if not silent:
        return None
    names = ", ".join(silent[:3]) + (", …" if len(silent) > 3 else "")
    return ngettext(
        "%(count)d Datenquelle ist verstummt (%(names)s). Bitte das Netz, den Webhook und sein Token prüfen.",
        "%(count)d Datenquellen sind verstummt (%(names)s). Bitte das Netz, den Webhook und sein Token prüfen.",
        len(silent),
    ) % {"count": len(silent), "names": names}


def is_silent(device: Device, now: datetime | None = None) -> bool:
    """True when nothing was heard of the device for a day."""
    return device.last_seen_at is None or (now or timezone.now()) - device.last_seen_at > SILENT_AFTER


def find_stored(
    wanted: Sequence[tuple[int, datetime]],
) -> dict[tuple[int, datetime], list[tuple[int, Value]]]:
    """Current observations at exact (datastream id, phenomenon time): lists of (observation id, value) in id order."""
    if not wanted:
        return {}
    times = [moment for _, moment in wanted]
    sql = (
        "SELECT o.datastream_id, o.phenomenon_time, o.id, o.result_number, o.result_json #>> '{}',"
        " jsonb_typeof(o.result_json) = 'boolean'"
        " FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::timestamptz[])) AS w(datastream_id, time)"
        " JOIN observations_observation o ON o.datastream_id = w.datastream_id AND o.phenomenon_time = w.time"
        " WHERE o.phenomenon_time BETWEEN %s AND %s ORDER BY o.id"
    )
    stored: dict[tuple[int, datetime], list[tuple[int, Value]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, ([number for number, _ in wanted], times, min(times), max(times)))
        for number, moment, observation_id, result, text, is_truth in cursor.fetchall():
            stored.setdefault((number, moment), []).append((observation_id, _value(result, text, is_truth)))
    return stored


def _value(number: float | None, text: str | None, is_truth: Any) -> Value:
    if number is not None:
        return number
    return text == "true" if is_truth else text or ""


def count_frames(profile: DeviceProfile) -> int:
    """How many kept messages could be read again by this profile."""
    return RawFrame.objects.filter(device__profile=profile).count()
