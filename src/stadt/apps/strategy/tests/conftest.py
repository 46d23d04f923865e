"""Values of the platform's own indicators, given to the pages as a test wants them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stadt.apps.strategy import figures
from stadt.apps.strategy.document import PrintedIndicator, strategy
from stadt.core.registry import registry
from stadt.hub.indicators.queries import IndicatorValue

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def printed() -> PrintedIndicator:
    """Some active indicator of the city's strategy that a measure names."""
    named = {code for measure in strategy().measures.values() for code in measure.indicator_codes}
    return next(indicator for indicator in strategy().active_indicators if indicator.code in named)


@pytest.fixture
def own_key(monkeypatch: pytest.MonkeyPatch, printed: PrintedIndicator) -> str:
    """One of the platform's indicators, linked to the printed one and to nothing else."""
    key = next(iter(registry.indicators))
    measure = next(iter(strategy().measures))
    links = {"indicators": {printed.code: [key]}, "measures": {measure: {"apps": ["strategy"]}}}
    monkeypatch.setattr(registry, "links", links)
    return key


@pytest.fixture
def given_values(monkeypatch: pytest.MonkeyPatch, own_key: str) -> Callable[..., None]:
    """Call it with numbers: they become the own indicator's values of successive days."""

    def give(*numbers: float | None, simulated: bool = False) -> None:
        values = [
            value_of(own_key, number, START + timedelta(days=day), simulated)
            for day, number in enumerate(numbers)
        ]
        monkeypatch.setattr(
            figures.queries, "latest_values", lambda keys: {own_key: values[-1]} if own_key in keys else {}
        )
        monkeypatch.setattr(figures.queries, "history", lambda key, limit: values[-limit:])

    return give


def value_of(key: str, number: float | None, start: datetime, simulated: bool) -> Any:
    """A value of one day."""
    return IndicatorValue(
        key=key,
        value=number,
        numerator=None,
        denominator=None,
        period_start=start,
        period_end=start + timedelta(days=1),
        computed_at=start + timedelta(days=1),
        quality="final",
        simulated=simulated,
    )
