"""The strategy's gaps know of decided targets, and of no example (notes row 28)."""

import pytest

from stadt.apps.steering import known
from stadt.apps.steering.models import Target
from stadt.apps.steering.tests.town import Town

pytestmark = pytest.mark.django_db


def test_a_decided_target_closes_the_gap_and_a_proposed_one_does_not(town: Town) -> None:
    assert known.with_target() == frozenset()
    target = town.decided()
    assert known.with_target() == {target.code}
    assert known.with_base() == ({target.code} if target.base_value is not None else frozenset())
    assert known.with_due_day() == ({target.code} if target.due else frozenset())


def test_an_example_and_a_funders_target_close_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        known,
        "list_targets",
        lambda *, examples: [Target(code="K1.1-01", frame="Fördergeber")] if not examples else [],
    )
    assert known.with_target() == frozenset()
