"""The strategy measures itself, and computing a stored value again gives the same value."""

import pytest

from stadt.apps.strategy.gaps import indicators
from stadt.apps.strategy.gaps.tests.made import made_state
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.services import compute_now, recompute

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
SHARES = {
    "strategy.measured_share": (0, 3),
    "strategy.proved_share": (2, 3),
    "strategy.funded_share": (2, 3),
    "strategy.owned_share": (1, 3),
    "strategy.target_share": (0, 3),
    "strategy.carried_share": (0, 2),
}


@pytest.mark.parametrize("key", SHARES)
def test_each_share_has_its_numbers_and_is_computed_again_from_what_it_cites(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "links", {})
    monkeypatch.setattr(indicators, "read_state", made_state)
    value = compute_now(ACTOR, key)
    assert (value.numerator, value.denominator, value.simulated) == (*SHARES[key], False)
    monkeypatch.setattr(indicators, "read_state", lambda: made_state(*made_state().measures[:1]))
    assert recompute(value.id).value == value.value


def test_a_printed_indicator_counts_as_measured_when_its_newest_value_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(indicators, "read_state", made_state)
    links = {"indicators": {"K1.1-01": ["strategy.proved_share"], "K1.1-02": ["environment.no2_mean"]}}
    monkeypatch.setattr(registry, "links", links)
    compute_now(ACTOR, "strategy.proved_share")
    assert compute_now(ACTOR, "environment.no2_mean").value is None
    value = compute_now(ACTOR, "strategy.measured_share")
    assert (value.numerator, value.denominator) == (1, 3)
    assert recompute(value.id).numerator == 1


def test_a_value_that_was_withdrawn_does_not_count_as_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was revised to "not available" is no value, even if it once was one."""
    monkeypatch.setattr(indicators, "read_state", made_state)
    monkeypatch.setattr(registry, "links", {"indicators": {"K1.1-01": ["strategy.proved_share"]}})
    compute_now(ACTOR, "strategy.proved_share")
    old = IndicatorValue.objects.get(key="strategy.proved_share")
    old.superseded_at = old.computed_at
    old.save(update_fields=("superseded_at",))
    old.pk, old.superseded_at, old.revision, old.revises_id = None, None, 2, old.pk
    old.value, old.state, old.reason, old.numerator = None, "not_available", "Zurückgezogen.", None
    old.save()
    assert compute_now(ACTOR, "strategy.measured_share").numerator == 0


def test_without_a_strategy_there_is_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicators, "read_state", lambda: made_state(made_state().content.head))
    for key in SHARES:
        assert compute_now(ACTOR, key).reason == indicators.NO_STRATEGY
