"""How many wishes for data came, how many are fulfilled, and how long an answer takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.apps.reuse import indicators
from stadt.apps.reuse.models import DataRequest
from stadt.apps.reuse.workflow import RequestState
from stadt.core.people.actor import Actor
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.services import compute_now, present_period, recompute

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
REQUESTS, FULFILLED, SHARE, DAYS = indicators.ALL


def value(indicator: object) -> Value:
    return compute_now(ACTOR, indicator.key)  # type: ignore[attr-defined]


def wish(state: RequestState, answered_after_days: float | None = None, simulated: bool = False) -> None:
    """A wish that came shortly before its decision, which is now."""
    now = timezone.now()
    told = now - timedelta(days=answered_after_days or 0)
    made = DataRequest.objects.create(
        title="Brunnen", text="Wo?", state=state, is_simulated=simulated,
        decided_at=None if answered_after_days is None else now,
    )  # fmt: skip
    DataRequest.objects.filter(pk=made.pk).update(told_at=max(told, present_period(REQUESTS).start))


def test_without_a_wish_the_count_is_zero_and_the_share_is_missing() -> None:
    assert value(REQUESTS).value == 0
    assert value(FULFILLED).value == 0
    assert value(SHARE).reason == indicators.NO_REQUEST
    assert value(DAYS).reason == indicators.NO_ANSWER


def test_wishes_of_the_year_are_counted_and_the_fulfilled_ones_divided_by_all() -> None:
    wish(RequestState.FULFILLED, 0.2)
    wish(RequestState.OPEN, 0.1)
    wish(RequestState.PROPOSED)
    wish(RequestState.IMPOSSIBLE, 0.4)
    DataRequest.objects.create(title="alt", text="alt", state=RequestState.FULFILLED)
    DataRequest.objects.filter(title="alt").update(
        told_at=present_period(REQUESTS).start - timedelta(days=1), decided_at=None
    )
    assert value(REQUESTS).value == 4
    share = value(SHARE)
    assert (share.value, share.numerator, share.denominator, share.simulated) == (25, 1, 4, False)
    assert value(FULFILLED).value == 1
    DataRequest.objects.all().delete()
    assert recompute(share.id).value == 25


def test_the_days_to_an_answer_are_the_median_of_the_decided_ones_without_those_in_review() -> None:
    for days in (0.1, 0.2, 0.4):
        wish(RequestState.FULFILLED, days)
    wish(RequestState.OPEN, 0.01)
    found = value(DAYS)
    assert found.value == pytest.approx(0.2, abs=0.01)
    assert found.denominator == 3


def test_a_made_up_wish_makes_the_figure_simulated() -> None:
    wish(RequestState.PROPOSED, simulated=True)
    assert value(REQUESTS).simulated
