"""How many sensors report, where they stand, how fast their messages come, and who delivers (M-1.3.6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stadt.hub.indicators.services import compute_now, recompute
from stadt.hub.ingest import indicators
from stadt.hub.ingest.models import Device, DeviceProfile, RawFrame, Source, SourceState
from stadt.hub.ingest.tests.city import OPERATOR, make_profile, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile() -> DeviceProfile:
    return make_profile()


@pytest.fixture
def source(profile: DeviceProfile) -> Source:
    return make_source(profile)


def device(source: Source, profile: DeviceProfile, name: str, ago: float | None, **more: Any) -> Device:
    """A device heard so many hours ago, long since registered."""
    now = timezone.now()
    heard = None if ago is None else now - timedelta(hours=ago)
    more = {"created_at": now - timedelta(days=2)} | more
    return Device.objects.create(source=source, device_id=name, profile=profile, last_seen_at=heard, **more)


def frame(device: Device, minutes: float, hours_ago: float = 1, **more: Any) -> None:
    """A message that came so many minutes after its measurement."""
    received = timezone.now() - timedelta(hours=hours_ago)
    RawFrame.objects.create(
        device=device, key=f"{minutes}/{hours_ago}", received_at=received, time=received - timedelta(minutes=minutes),
        f_port=1, f_cnt=1, payload=b"", revision=1, readings=1, **more,
    )  # fmt: skip


def test_without_a_sensor_there_is_no_share_and_no_zero_instead() -> None:
    for indicator in (indicators.REPORTING_SHARE, indicators.PLACED_SHARE):
        value = compute_now(OPERATOR, indicator.key)
        assert (value.value, value.reason) == (None, "Noch ist kein Sensor angeschlossen.")
    assert compute_now(OPERATOR, indicators.PUNCTUAL_SHARE.key).value is None
    assert compute_now(OPERATOR, indicators.DELIVERING_ORGANISATIONS.key).value == 0


def test_a_sensor_reports_as_long_as_its_source_would_not_call_it_silent(
    source: Source, profile: DeviceProfile
) -> None:
    device(source, profile, "laut", source.silent_after_hours - 1, lon=7.1, lat=51.5)
    device(source, profile, "still", source.silent_after_hours + 1)
    device(source, profile, "nie", None)
    device(source, profile, "aus", 1, enabled=False)
    value = compute_now(OPERATOR, indicators.REPORTING_SHARE.key)
    assert (value.numerator, value.denominator, value.simulated) == (1, 3, False)
    placed = compute_now(OPERATOR, indicators.PLACED_SHARE.key)
    assert (placed.numerator, placed.denominator) == (1, 3)
    Device.objects.all().delete()
    assert recompute(value.id).value == value.value


def test_a_message_is_punctual_up_to_five_minutes_after_its_measurement(
    source: Source, profile: DeviceProfile
) -> None:
    sensor = device(source, profile, "laut", 1)
    frame(sensor, 5)
    frame(sensor, 0)
    frame(sensor, 5.1)
    frame(sensor, 1, hours_ago=25)
    value = compute_now(OPERATOR, indicators.PUNCTUAL_SHARE.key)
    assert (value.numerator, value.denominator, value.simulated) == (2, 3, False)
    frame(sensor, 2, simulated=True)
    assert compute_now(OPERATOR, indicators.PUNCTUAL_SHARE.key).simulated
    assert recompute(value.id).value is not None


def test_an_organisation_delivers_when_one_of_its_sources_spoke_within_seven_days(
    source: Source, profile: DeviceProfile
) -> None:
    other = make_source(profile, slug="bad")
    for found, days in ((source, 6), (other, 1)):
        SourceState.objects.update_or_create(
            source=found, defaults={"last_message_at": timezone.now() - timedelta(days=days)}
        )
    assert compute_now(OPERATOR, indicators.DELIVERING_ORGANISATIONS.key).value == 1
    SourceState.objects.update(last_message_at=timezone.now() - timedelta(days=8))
    assert compute_now(OPERATOR, indicators.DELIVERING_ORGANISATIONS.key).value == 0
