"""The city's strategy as it is true today, in the shape of the printed document that the pages show."""

from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.content import Measure as RecordedMeasure
from stadt.apps.strategy.record.content import PrintedIndicator as RecordedIndicator
from stadt.apps.strategy.record.files import (
    ActionField,
    Measure,
    PrintedIndicator,
    Strategy,
    StrategyError,
    Theme,
    number_order,
    printed_strategy,
    read_strategy,
)
from stadt.apps.strategy.record.queries import derived
from stadt.core.german import german_slug

__all__ = [
    "ActionField",
    "Measure",
    "PrintedIndicator",
    "Strategy",
    "StrategyError",
    "Theme",
    "number_order",
    "of_content",
    "printed_strategy",
    "read_strategy",
    "strategy",
]


def of_content(content: Content) -> Strategy:
    """The recorded items in the shape of the printed document; struck measures are among them."""
    if not len(content):
        return Strategy()
    measures = {code: _measure(item, content) for code, item in content.measures.items()}
    indicators = {code: _indicator(item, content) for code, item in content.indicators.items()}
    themes = []
    for theme in content.themes.values():
        slug = theme.slug or german_slug(theme.title)
        fields = tuple(
            ActionField(
                code=field.code,
                slug=field.slug or german_slug(field.title),
                name=field.title,
                theme_slug=slug,
                measures=tuple(
                    measures[code] for code, item in content.measures.items() if item.field == field.code
                ),
                indicators=tuple(
                    indicators[code] for code, item in content.indicators.items() if item.field == field.code
                ),
            )
            for field in content.fields.values()
            if field.theme == theme.code
        )
        themes.append(Theme(int(theme.code.removeprefix("LT-")), slug, theme.title, fields))
    head = content.head
    return Strategy(head.title, head.as_of, head.note, tuple(themes), measures, indicators)


strategy = derived(of_content)
"""Today's strategy, built once for each state of the record; asking again costs one short query, within a page none."""


def _measure(item: RecordedMeasure, content: Content) -> Measure:
    theme, field = _headings(item.field, content)
    return Measure(
        code=item.code,
        number=item.number,
        title=item.title,
        theme=theme,
        field=field,
        period_text=item.period.text,
        funding_text=item.funding.text,
        sdgs=item.sdgs,
        spatial_reference=item.spatial.text,
        software_system=item.software,
        indicator_codes=item.indicator_codes,
        state=item.state,
    )


def _indicator(item: RecordedIndicator, content: Content) -> PrintedIndicator:
    theme, field = _headings(item.field, content)
    return PrintedIndicator(
        code=item.code,
        name=item.name,
        theme=theme,
        field=field,
        unit=item.unit,
        direction=item.direction,
        kind=item.kind,
        formula=item.formula,
        standard=item.standard,
        source=item.source,
        repeats=item.repeats,
        is_ended=not item.is_active and not item.repeats,
    )


def _headings(code: str, content: Content) -> tuple[str, str]:
    field = content.fields.get(code)
    theme = content.themes.get(field.theme) if field else None
    return theme.title if theme else "", field.title if field else ""
