"""Filtered lists of measures and indicators, for pages and the HTTP interface alike."""

from collections.abc import Mapping

from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.apps.strategy.search import matches
from stadt.core.german import german_slug


def list_measures(*, words: str = "", theme: str = "", goal: int | None = None) -> list[Measure]:
    """Measures by number; `theme` is a theme's slug, `goal` the number of a Sustainable Development Goal."""
    return [
        measure
        for measure in strategy().measures.values()
        if matches(
            words, measure.code, measure.title, measure.field, measure.funding_text, measure.period_text
        )
        and (not theme or german_slug(measure.theme) == theme)
        and (goal is None or goal in measure.sdgs)
    ]


def list_indicators(
    *, words: str = "", theme: str = "", with_value: bool | None = None, measured: set[str] | None = None
) -> list[PrintedIndicator]:
    """Active indicators in printed order; `with_value` keeps those in, or out of, the `measured` codes."""
    return [
        indicator
        for indicator in strategy().active_indicators
        if matches(words, indicator.code, indicator.name, indicator.field)
        and (not theme or german_slug(indicator.theme) == theme)
        and (with_value is None or (indicator.code in (measured or set())) is with_value)
    ]


def count_by_theme(measured: set[str]) -> Mapping[str, int]:
    """How many indicators of each theme (by slug) have a value."""
    return {
        theme.slug: sum(1 for indicator in theme.indicators if indicator.code in measured)
        for theme in strategy().themes
    }
