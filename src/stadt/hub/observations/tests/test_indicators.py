"""How many readings a month brings, and how many series everybody may read (M-1.4.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.hub.indicators.services import compute_now, present_period, recompute
from stadt.hub.observations import indicators
from stadt.hub.observations.models import Datastream, DatastreamDay
from stadt.hub.observations.tests.city import ACTOR, make_thing

pytestmark = pytest.mark.django_db
READINGS, PUBLIC_SHARE = indicators.ALL


def test_readings_of_the_month_are_summed_and_those_of_others_are_not() -> None:
    ids = list(make_thing().datastreams.values())
    first = present_period(READINGS).start.date()
    for day, count in ((first, 96), (timezone.now().date(), 4), (first - timedelta(days=1), 1000)):
        for number in ids[:2]:
            DatastreamDay.objects.update_or_create(
                datastream_id=number, day=day, defaults={"count": count, "changed": 0}
            )
    value = compute_now(ACTOR, READINGS.key)
    assert (value.value, value.simulated) == (200, False) if first != timezone.now().date() else (8, False)
    Datastream.objects.filter(pk=ids[0]).update(is_simulated=True)
    assert recompute(value.id).simulated is False
    assert compute_now(ACTOR, READINGS.key).simulated


def test_the_public_share_divides_by_all_series() -> None:
    assert compute_now(ACTOR, PUBLIC_SHARE.key).reason == "Noch gibt es keine Messreihe."
    make_thing(count=3)
    make_thing(key="intern", count=1, is_public=False)
    value = compute_now(ACTOR, PUBLIC_SHARE.key)
    assert (value.numerator, value.denominator, value.value) == (3, 4, 75)
    assert recompute(value.id).value == 75
