"""What gaps are looked for in: today's strategy, what the platform measures of it, and what other apps know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from stadt.apps.strategy.figures import codes_with_value, figures_for
from stadt.apps.strategy.gaps import hints
from stadt.apps.strategy.gaps.contributed import Fact, codes_with
from stadt.apps.strategy.links import own_keys
from stadt.apps.strategy.record.content import Content, Measure, PrintedIndicator, Theme, field_of
from stadt.apps.strategy.record.queries import strategy_at
from stadt.core.once import once_a_page
from stadt.hub.indicators.queries import kept_keys, latest_values


@dataclass(frozen=True)
class State:
    """Everything a gap may ask; made once for a page.

    Attributes:
        content: the strategy.
        connected: codes of indicators that the platform measures or that people keep values of.
        measured: those of them with a value.
        targets, bases, due: codes that other apps know a decided target, a base value or a due day of.
        same_data, context: remarks of the city's links.toml.
    """

    content: Content
    connected: frozenset[str]
    measured: frozenset[str]
    targets: frozenset[str]
    bases: frozenset[str]
    due: frozenset[str]
    same_data: tuple[hints.SameData, ...]
    context: frozenset[str]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """By number, without those that were struck."""
        return tuple(measure for measure in self.content.measures.values() if not measure.is_struck)

    @cached_property
    def indicators(self) -> tuple[PrintedIndicator, ...]:
        """By number, without those that only repeat another one."""
        return tuple(item for item in self.content.indicators.values() if item.is_active)

    @cached_property
    def measures_of(self) -> Mapping[str, tuple[Measure, ...]]:
        """For each code of an indicator the measures that are to move it."""
        found: dict[str, list[Measure]] = {}
        for measure in self.measures:
            for code in measure.indicator_codes:
                found.setdefault(code, []).append(measure)
        return {code: tuple(measures) for code, measures in found.items()}

    def theme_of(self, code: str) -> str:
        """Code of the guiding theme that a measure, indicator or theme belongs to; empty for anything else."""
        if code in self.content.themes:
            return code
        field = self.content.fields.get(field_of(code))
        return field.theme if field else ""

    def count_by_theme(self, codes: Iterable[str]) -> list[tuple[Theme, int]]:
        """How many of the codes each guiding theme has, in the order of the themes."""
        counts: dict[str, int] = {}
        for code in codes:
            theme = self.theme_of(code)
            counts[theme] = counts.get(theme, 0) + 1
        return [(theme, counts.get(theme.code, 0)) for theme in self.content.themes.values()]


@once_a_page
def read_state() -> State:
    """The state as it is now; four queries and what the contributing apps ask."""
    content = strategy_at()
    active = [item.code for item in content.indicators.values() if item.is_active]
    kept = {code: keys for code, keys in kept_keys().items() if code in active}
    values = latest_values(key for keys in kept.values() for key in keys)
    by_people = {
        code
        for code, keys in kept.items()
        if any(key in values and values[key].value is not None for key in keys)
    }
    return State(
        content=content,
        connected=frozenset(code for code in active if own_keys(code)) | kept.keys(),
        measured=frozenset(codes_with_value(figures_for(active))) | by_people,
        targets=codes_with(Fact.TARGET),
        bases=codes_with(Fact.BASE),
        due=codes_with(Fact.DUE),
        same_data=hints.same_data(),
        context=hints.context_codes(),
    )
