"""Values of the platform's own indicators, given to the pages as a test wants them.

Models can be imported only when Django is set up, which is after this file is read: hence the imports in the fixtures.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stadt.apps.strategy.document import PrintedIndicator
    from stadt.hub.indicators.queries import Value

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def printed() -> "PrintedIndicator":
    """Some active indicator of the city's strategy that a measure names."""
    from stadt.apps.strategy.document import printed_strategy

    named = {code for measure in printed_strategy().measures.values() for code in measure.indicator_codes}
    return next(indicator for indicator in printed_strategy().active_indicators if indicator.code in named)


@pytest.fixture
def own_key(monkeypatch: pytest.MonkeyPatch, printed: "PrintedIndicator") -> str:
    """One of the platform's indicators, linked to the printed one and to nothing else."""
    from stadt.apps.strategy.document import printed_strategy
    from stadt.apps.strategy.indicators import NARROWBAND_COVERAGE
    from stadt.core.registry import registry

    measure = next(iter(printed_strategy().measures))
    links = {
        "indicators": {printed.code: [NARROWBAND_COVERAGE.key]},
        "measures": {measure: {"apps": ["strategy"]}},
    }
    monkeypatch.setattr(registry, "links", links)
    return NARROWBAND_COVERAGE.key


@pytest.fixture
def given_values(monkeypatch: pytest.MonkeyPatch, own_key: str) -> Callable[..., None]:
    """Call it with numbers: they become the own indicator's values of successive days."""
    from stadt.hub.indicators import queries

    def give(*numbers: float | None, simulated: bool = False) -> None:
        days = [START + timedelta(days=day) for day in range(len(numbers))]
        values = [value_of(own_key, *pair, simulated) for pair in zip(numbers, days, strict=True)]
        latest = {own_key: values[-1]}
        monkeypatch.setattr(queries, "latest_values", lambda keys: latest if own_key in keys else {})
        monkeypatch.setattr(queries, "history", lambda key, limit, **_more: values[-limit:])

    return give


def value_of(key: str, number: float | None, start: datetime, simulated: bool) -> "Value":
    """A value of one day."""
    from stadt.hub.indicators.declaration import PeriodKind, Quality
    from stadt.hub.indicators.queries import Value

    end = start + timedelta(days=1)
    return Value(
        id=1,
        key=key,
        value=number,
        numerator=None,
        denominator=None,
        quality=Quality.FINAL,
        simulated=simulated,
        period=PeriodKind.DAY,
        period_start=start,
        period_end=end,
        as_of=end,
        computed_at=end,
        place_id=None,
        version=1,
        release="test",
        reason_text="" if number is not None else "Es fehlt etwas.",
        reason_values={},
        inputs=[],
        sample=[],
    )
