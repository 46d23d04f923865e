"""Whatever the installed apps declare can be computed, in an empty city too, and again from what it cites."""

import pytest

from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.tests.lake import lake, lake_folder
from stadt.hub.indicators.declaration import Indicator
from stadt.hub.indicators.services import compute_now, recompute

__all__ = ["lake", "lake_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake")]
DECLARED = sorted(key for key, item in registry.indicators.items() if isinstance(item, Indicator))
ACTOR = Actor.system("test")


def test_more_than_twenty_are_declared_by_the_hub_and_the_apps() -> None:
    assert len(DECLARED) > 20
    assert {"ingest", "observations", "datasets", "environment", "waste", "catalogue", "strategy"} <= {
        key.split(".")[0] for key in DECLARED
    }


@pytest.mark.parametrize("key", DECLARED)
def test_an_empty_city_gives_a_value_or_a_reason_and_the_same_again(key: str) -> None:
    value = compute_now(ACTOR, key)
    assert value.value is not None or value.reason
    if value.inputs:
        again = recompute(value.id)
        assert (again.value, again.numerator, again.denominator) == (
            value.value,
            value.numerator,
            value.denominator,
        )
