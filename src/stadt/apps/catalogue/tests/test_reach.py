"""How open data is used and how broad it is: counted from days and formats, never from persons (M-1.4.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.apps.catalogue import reach
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.models import AccessCount
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators.services import compute_now, recompute

pytestmark = pytest.mark.django_db
INTERFACE_SHARE, USED_SHARE, THEME_SHARE = reach.ALL


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the made-up app and the catalogue, so that counts do not depend on what else is installed."""
    for label in [
        label for label in registry.apps if label not in {"probe", "catalogue", "datasets", "indicators"}
    ]:
        monkeypatch.delitem(registry.apps, label)
    AccessCount.objects.all().delete()


def accessed(dataset: str, days_ago: int, count: int, door: str = "csv") -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    AccessCount.objects.create(dataset=dataset, format=door, day=day, count=count)


def test_the_interface_share_divides_calls_by_all_accesses_of_the_month(actor: Actor) -> None:
    assert compute_now(actor, INTERFACE_SHARE.key).reason == reach.NOT_USED
    accessed("probe.readings", 0, 3, "api")
    accessed("probe.readings", 0, 1)
    accessed("probe.readings", 40, 100, "api")
    value = compute_now(actor, INTERFACE_SHARE.key)
    assert (value.value, value.numerator, value.denominator) == (75, 3, 4)
    AccessCount.objects.all().delete()
    assert recompute(value.id).value == 75


def test_a_published_dataset_is_used_when_somebody_fetched_it_within_thirty_days(actor: Actor) -> None:
    assert compute_now(actor, USED_SHARE.key).reason == reach.NOTHING_PUBLISHED
    publish_now(actor, "probe.readings")
    publish_now(actor, "probe.containers")
    accessed("probe.readings", 29, 1)
    accessed("probe.containers", 30, 5)
    accessed("probe.unknown", 0, 5)
    value = compute_now(actor, USED_SHARE.key)
    assert (value.numerator, value.denominator, value.simulated) == (1, 2, True)
    assert recompute(value.id).value == 50


def test_themes_count_once_and_only_with_a_published_dataset(actor: Actor) -> None:
    assert compute_now(actor, THEME_SHARE.key).value == 0
    publish_now(actor, "probe.readings")
    first = compute_now(actor, THEME_SHARE.key)
    assert (first.numerator, first.denominator) == (1, 13)
    publish_now(actor, "probe.readings")
    assert compute_now(actor, THEME_SHARE.key).numerator == 1
