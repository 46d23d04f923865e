"""Filtered lists of measures and indicators, for pages and the HTTP interface alike."""

from collections import Counter
from collections.abc import Mapping

from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.apps.strategy.now import content
from stadt.apps.strategy.record.content import Period
from stadt.apps.strategy.record.lifecycle import State
from stadt.apps.strategy.search import matches
from stadt.apps.strategy.spaces import named_areas
from stadt.apps.strategy.words.measures import UNKNOWN


def list_measures(
    *,
    words: str = "",
    theme: str = "",
    goal: int | None = None,
    state: str = "",
    year: int | None = None,
    money: str = "",
    area: str = "",
) -> list[Measure]:
    """Measures by number.

    Args:
        theme: a theme's slug.
        goal: number of a Sustainable Development Goal.
        state: a state of the life cycle; `unknown` for those that nobody has updated.
        year: those that run in it, as far as their period says; undated ones run in none.
        money: `open` where some is still to be found, `named` where all sources are named.
        area: key of an area that the measure names.
    """
    known, slugs = content().measures, _theme_slugs()
    return [
        measure
        for measure in strategy().measures.values()
        if matches(
            words, measure.code, measure.title, measure.field, measure.funding_text, measure.period_text
        )
        and (not theme or slugs.get(measure.theme) == theme)
        and (goal is None or goal in measure.sdgs)
        and (not state or (known[measure.code].state or UNKNOWN) == state)
        and (year is None or runs_in(known[measure.code].period, year))
        and (not money or known[measure.code].funding.is_open is (money == "open"))
        and (not area or any(named.area.key == area for named in named_areas(known[measure.code])))
    ]


def runs_in(period: Period, year: int) -> bool:
    """Whether a period touches a year: an end that the text leaves open reaches on."""
    if period.start is None and period.end is None:
        return period.is_ongoing
    return (period.start is None or period.start.year <= year) and (
        period.end is None or period.end.year >= year
    )


def count_by_state() -> Mapping[str, int]:
    """How many measures are in each state, in the order of the life cycle; `unknown`: nobody has updated them."""
    counted = Counter(item.state or UNKNOWN for item in content().measures.values())
    order = (UNKNOWN, *(state for state in State if state))
    return {state: counted[state] for state in map(str, order) if counted[state]}


def list_indicators(
    *, words: str = "", theme: str = "", with_value: bool | None = None, measured: set[str] | None = None
) -> list[PrintedIndicator]:
    """Active indicators in printed order; `with_value` keeps those in, or out of, the `measured` codes."""
    slugs = _theme_slugs()
    return [
        indicator
        for indicator in strategy().active_indicators
        if matches(words, indicator.code, indicator.name, indicator.field)
        and (not theme or slugs.get(indicator.theme) == theme)
        and (with_value is None or (indicator.code in (measured or set())) is with_value)
    ]


def count_by_theme(measured: set[str]) -> Mapping[str, int]:
    """How many indicators of each theme (by slug) have a value."""
    return {
        theme.slug: sum(1 for indicator in theme.indicators if indicator.code in measured)
        for theme in strategy().themes
    }


def _theme_slugs() -> Mapping[str, str]:
    """The kept slug of each theme by its title of today."""
    return {theme.name: theme.slug for theme in strategy().themes}
