"""How long the platform ran, and how much of its protocol is sealed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.apps.operations import indicators
from stadt.apps.operations.models import Sample
from stadt.apps.operations.sampling import floor
from stadt.core.models import AuditEntry, AuditSeal
from stadt.core.people.actor import Actor
from stadt.hub.indicators.services import compute_now, present_period, recompute

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
RUNNING, SEALED = indicators.ALL


def test_running_is_the_share_of_samples_since_the_first_one() -> None:
    assert compute_now(SYSTEM, RUNNING.key).reason == indicators.NOT_RUNNING
    last = floor(timezone.now())
    slots = [last - timedelta(minutes=5 * number) for number in range(4)]
    month = present_period(RUNNING).start
    taken = [slot for slot in slots if slot >= month]
    for slot in {taken[0], taken[-1]}:
        Sample.objects.create(
            at=slot, database_bytes=1, disk_free=1, disk_total=1, readings=1, jobs_waiting=0, jobs_failed=0
        )
    value = compute_now(SYSTEM, RUNNING.key)
    assert (value.numerator, value.denominator) == (len({taken[0], taken[-1]}), len(taken))
    assert not value.simulated
    Sample.objects.all().delete()
    assert recompute(value.id).value == value.value


def test_sealed_rows_are_divided_by_all_that_are_older_than_an_hour() -> None:
    assert compute_now(SYSTEM, SEALED.key).reason == indicators.NO_ROW
    for hours in (2, 3, 0.5):
        moment = timezone.now() - timedelta(hours=hours)
        row = AuditEntry.objects.create(
            at=moment, actor_kind="system", actor_id="test", verb="probe", subject="probe:1"
        )
        if hours == 2:
            AuditSeal.objects.create(sequence=1, entry=row, hash=bytes(32))
    value = compute_now(SYSTEM, SEALED.key)
    assert (value.value, value.numerator, value.denominator, value.simulated) == (50, 1, 2, False)
