"""Links between printed codes and the platform's own keys."""

import pytest

from stadt.apps.strategy import links
from stadt.apps.strategy.document import PrintedIndicator, strategy
from stadt.apps.strategy.public import count_strategy, list_indicators_of_key, list_measures_of_app
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db


def test_codes_that_the_strategy_does_not_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        registry, "links", {"indicators": {"K99.9-99": []}, "measures": {"M-99.9.9": {"apps": []}}}
    )

    assert list(links.problems()) == [
        "links.toml: Die Kennzahl K99.9-99 gibt es in der Strategie nicht.",
        "links.toml: Die Maßnahme M-99.9.9 gibt es in der Strategie nicht.",
    ]


def test_a_repeated_row_may_not_be_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    inactive = next(indicator for indicator in strategy().indicators.values() if not indicator.is_active)
    monkeypatch.setattr(registry, "links", {"indicators": {inactive.code: []}})

    assert f"wiederholt {inactive.repeats}" in next(iter(links.problems()))


def test_links_are_read_both_ways(own_key: str, printed: PrintedIndicator) -> None:
    measure = next(iter(strategy().measures.values()))

    assert links.own_keys(printed.code) == (own_key,)
    assert [reference.code for reference in list_indicators_of_key(own_key)] == [printed.code]
    assert [reference.code for reference in list_measures_of_app("strategy")] == [measure.code]
    assert list_measures_of_app("strategy")[0].url == f"/strategie/massnahmen/{measure.code}/"
    assert [app.label for app in links.carriers(measure.code)] == ["strategy"]
    assert list_measures_of_app("core") == []


def test_the_counts_say_how_much_is_measured(own_key: str) -> None:
    counts = count_strategy()

    assert (counts.measures, counts.indicators) == (
        len(strategy().measures),
        len(strategy().active_indicators),
    )
    assert counts.linked_indicators == 1
    assert registry.indicators[own_key]
