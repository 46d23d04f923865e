"""What other apps may ask the strategy."""

from dataclasses import dataclass

from django.urls import reverse

from stadt.apps.strategy import links
from stadt.apps.strategy.document import strategy


@dataclass(frozen=True, slots=True)
class Reference:
    """A measure or printed indicator: its code, its printed German title and its page."""

    code: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StrategyCounts:
    """How large the strategy is and how much of it is measured."""

    measures: int
    indicators: int
    linked_indicators: int


def list_measures_of_app(label: str) -> list[Reference]:
    """The measures that an installed app carries, by number."""
    return [
        Reference(measure.code, measure.title, reverse("strategy:measure", args=[measure.code]))
        for measure in links.measures_of_app(label)
    ]


def list_indicators_of_key(key: str) -> list[Reference]:
    """The printed indicators that one of the platform's own indicators measures."""
    return [
        Reference(indicator.code, indicator.name, reverse("strategy:indicator", args=[indicator.code]))
        for indicator in links.printed_indicators_of(key)
    ]


def count_strategy() -> StrategyCounts:
    """Measures, active indicators, and how many of these the platform measures itself."""
    active = strategy().active_indicators
    linked = sum(1 for indicator in active if links.own_keys(indicator.code))
    return StrategyCounts(len(strategy().measures), len(active), linked)
