"""A dataset is punctual while its last check without error is no older than twice its interval."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.indicators import PUNCTUAL_SHARE
from stadt.hub.datasets.models import PublicationState
from stadt.hub.indicators.services import compute_now, recompute

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_probe(monkeypatch: pytest.MonkeyPatch, containers: Dataset) -> Dataset:
    """Leaves the made-up app and the datasets' own."""
    for label in [label for label in registry.apps if label not in {"probe", "datasets", "indicators"}]:
        monkeypatch.delitem(registry.apps, label)
    return containers


@pytest.mark.parametrize(
    ("intervals", "error", "share"), [(1.9, "", 100), (2.1, "", 0), (0.1, "nicht lesbar", 0), (None, "", 0)]
)
def test_punctual_is_checked_within_twice_the_interval_and_without_error(
    actor: Actor, only_probe: Dataset, intervals: float | None, error: str, share: int
) -> None:
    if intervals is not None:
        checked = timezone.now() - intervals * only_probe.refresh
        PublicationState.objects.create(dataset=only_probe.key, checked_at=checked, error=error)
    value = compute_now(actor, PUNCTUAL_SHARE.key)
    assert (value.value, value.denominator, value.simulated) == (share, 1, False)
    PublicationState.objects.update(checked_at=timezone.now() - timedelta(days=99))
    assert recompute(value.id).value == share
