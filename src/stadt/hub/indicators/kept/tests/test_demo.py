"""The demo's example figures: all shown as examples, all computed again to what is stored, and gone when cleared."""

import pytest

from stadt.core.people.services import ensure_foundations
from stadt.hub.indicators import demo, queries
from stadt.hub.indicators.models import Entry, IndicatorValue, KeptIndicator
from stadt.hub.indicators.services import recompute

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(lake: object) -> None:
    ensure_foundations()
    demo.fill(lambda _words: None)


def test_every_example_is_marked_and_is_computed_again_to_what_is_stored(filled: None) -> None:
    rows = list(IndicatorValue.objects.all())
    assert len(rows) > 10
    assert all(row.simulated for row in rows)
    for row in rows:
        again = recompute(row.pk)
        assert (again.value, again.numerator, again.denominator, again.told_state) == (
            row.value,
            row.numerator,
            row.denominator,
            row.state,
        )


def test_filling_twice_changes_nothing_and_clearing_takes_all(filled: None) -> None:
    before = IndicatorValue.objects.count()
    demo.fill(lambda _words: None)
    assert IndicatorValue.objects.count() == before
    demo.clear()
    assert not KeptIndicator.objects.exists()
    assert not Entry.objects.exists()
    assert queries.kept_keys() == {}
