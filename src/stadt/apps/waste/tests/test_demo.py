"""The simulated containers fill by day and are emptied on their tours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.waste import demo
from stadt.apps.waste.models import Container
from stadt.core.people.services import ensure_foundations
from stadt.hub.ingest import demo as fleets
from stadt.hub.observations.models import Observation

MONDAY = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)  # midnight in winter
WEEK = [MONDAY + timedelta(hours=n) for n in range(7 * 24)]


def levels(number: int) -> list[int]:
    return [row["fill_level"] for row in demo.measure(number, WEEK)]


@pytest.mark.parametrize("number", [0, 7, 19, 33])
def test_each_container_is_emptied_twice_a_week(number: int) -> None:
    found = levels(number)
    emptied = [n for n in range(1, len(found)) if found[n] < found[n - 1] - 5]
    assert len(emptied) == 2
    assert all(6 <= n % 24 <= 12 for n in emptied)
    assert all(found[n] <= 6 for n in emptied)


def test_nobody_brings_paper_at_night() -> None:
    found = levels(5)
    nights = [found[day * 24 + 23] - found[day * 24 + 5 + 24] for day in range(5)]
    assert all(abs(change) <= 4 for change in nights)


def test_containers_fill_at_different_speeds() -> None:
    assert len({max(levels(number)) for number in range(12)}) > 6


@given(number=st.integers(0, 200), minutes=st.integers(0, 60 * 24 * 365 * 5))
def test_a_fill_level_is_always_possible(number: int, minutes: int) -> None:
    [row] = demo.measure(number, [MONDAY + timedelta(minutes=minutes)])
    assert 0 <= row["fill_level"] <= 100
    assert 0 < row["battery"] <= 100


@pytest.mark.django_db
def test_filling_and_clearing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "HISTORY", timedelta(days=1))
    monkeypatch.setattr(fleets, "count_from_city", lambda name, otherwise: 2)
    ensure_foundations()
    told: list[str] = []
    demo.fill(told.append)
    assert Container.objects.filter(is_simulated=True).count() == 2
    assert Observation.objects.count() == 2 * 24 * 2
    demo.clear()
    assert not Container.objects.exists()
