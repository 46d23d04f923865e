"""What other apps may ask the strategy."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from stadt.apps.strategy import links
from stadt.apps.strategy.document import strategy
from stadt.apps.strategy.gaps.contributed import Fact, tell
from stadt.apps.strategy.record.access import is_member, may_edit, may_see_internal, owner_of
from stadt.apps.strategy.record.content import Content, Measure, PrintedIndicator
from stadt.apps.strategy.record.difference import RESCHEDULED, Difference, ItemChange
from stadt.apps.strategy.record.lifecycle import State, state_word
from stadt.apps.strategy.record.models import Edition
from stadt.apps.strategy.record.queries import (
    adopted_with,
    changed_by,
    current_edition,
    history_of,
    list_editions,
    strategy_at,
)
from stadt.apps.strategy.record.services import Evidence, record_evaluation
from stadt.apps.strategy.teams.queries import (
    codes_of,
    data_contacts,
    has_lead,
    is_one_silo,
    partners_of,
    speaks_for,
)
from stadt.apps.strategy.teams.services import add_member, name_partner

__all__ = [
    "Content",
    "Difference",
    "Edition",
    "Evidence",
    "Fact",
    "ItemChange",
    "Measure",
    "PrintedIndicator",
    "Reference",
    "StrategyCounts",
    "add_member",
    "adopted_with",
    "changed_by",
    "codes_of",
    "codes_below",
    "content_at",
    "count_strategy",
    "current_edition",
    "data_contacts",
    "find_indicator",
    "find_measure",
    "has_lead",
    "find_reference",
    "is_member",
    "is_one_silo",
    "list_editions",
    "list_indicators",
    "list_indicators_of_key",
    "list_measures",
    "list_measures_of_app",
    "list_themes",
    "may_edit",
    "may_see_internal",
    "name_partner",
    "own_keys",
    "newest_rescheduling",
    "newest_since",
    "owner_of",
    "partners_of",
    "record_evaluation",
    "speaks_for",
    "state_word",
    "state_title",
    "tell",
]


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


def find_reference(code: str) -> Reference | None:
    """Title and page of the whole strategy (`S`), a theme (`LT-2`), a measure or an indicator."""
    document = strategy()
    if code == "S":
        return Reference("S", document.title, reverse("strategy:overview"))
    if code in document.measures:
        return Reference(code, document.measures[code].title, reverse("strategy:measure", args=[code]))
    if code in document.indicators:
        return Reference(code, document.indicators[code].name, reverse("strategy:indicator", args=[code]))
    return next((theme for theme in list_themes() if theme.code == code), None)


def list_themes() -> list[Reference]:
    """The guiding themes in their order."""
    return [
        Reference(f"LT-{theme.number}", theme.name, reverse("strategy:theme", args=[theme.slug]))
        for theme in strategy().themes
    ]


def newest_since(code: str) -> date | None:
    """The day from which the newest recorded version of an item is true; it may lie ahead. None for an unknown code."""
    versions = [version for version in history_of(code) if version.is_known]
    return max((version.valid_from for version in versions), default=None)


def newest_rescheduling(code: str) -> ItemChange | None:
    """The change by which a measure got its newest period; None where no change request moved it."""
    # In the order in which they were decided: a request that was begun earlier can be decided later.
    requests = dict.fromkeys(one.change_request for one in reversed(history_of(code)))
    for request in requests:
        for change in changed_by(request).changes if request is not None else ():
            if (change.code, change.kind) == (code, RESCHEDULED):
                return change
    return None


def codes_below(code: str) -> list[str]:
    """Codes of the fields, measures and indicators of a theme, and of the indicators that a measure is to move."""
    document = strategy()
    if code in document.measures:
        return list(document.measures[code].indicator_codes)
    return [
        below
        for theme in document.themes
        if code == f"LT-{theme.number}"
        for below in (
            *(field.code for field in theme.fields),
            *(measure.code for measure in theme.measures),
            *(indicator.code for indicator in theme.indicators),
        )
    ]


def count_strategy() -> StrategyCounts:
    """Measures, active indicators, and how many of these the platform measures itself."""
    active = strategy().active_indicators
    linked = sum(1 for indicator in active if links.own_keys(indicator.code))
    return StrategyCounts(len(strategy().measures), len(active), linked)


def content_at(
    valid: date | None = None, known: datetime | None = None, edition: str | None = None
) -> Content:
    """All items of the strategy: today, on a day, as known at a moment, or of an edition. Raises NotFound."""
    return strategy_at(valid, known, edition)


def find_measure(code: str) -> Measure | None:
    """A measure as it is today, struck ones too."""
    return strategy_at().measures.get(code)


def find_indicator(code: str) -> PrintedIndicator | None:
    """An indicator of the strategy as it is today, inactive ones too."""
    return strategy_at().indicators.get(code)


def list_measures() -> list[Measure]:
    """Today's measures by number, without those that were struck."""
    return [measure for measure in strategy_at().measures.values() if not measure.is_struck]


def list_indicators() -> list[PrintedIndicator]:
    """Today's active indicators by number."""
    return [indicator for indicator in strategy_at().indicators.values() if indicator.is_active]


def own_keys(code: str) -> tuple[str, ...]:
    """Keys of the indicators that measure a printed one, the main figure first."""
    return links.own_keys(code)


def state_title(state: str) -> str:
    """The word for a state of a measure's life, in the active language."""
    return str(State(state).label) if state in State.values else state
