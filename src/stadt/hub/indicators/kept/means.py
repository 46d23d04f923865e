"""Moving means of rare events: of two, three or five years, from the yearly numbers (notes 3.2.8)."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from stadt import __version__
from stadt.core.city import current
from stadt.hub.indicators.declaration import Figure, Quality
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept.figures import REASONS, Numbers, figure_of
from stadt.hub.indicators.kept.storing import columns_of, current_row, definition_for, period_of, tell
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.periods import Period, PeriodKind
from stadt.hub.indicators.states import Origin, QualityClass, ValueState

CLASSES = list(QualityClass)
"""From firm to weak: a mean is as firm as the weakest of its years."""


def make_means(row: IndicatorValue) -> list[IndicatorValue]:
    """Make anew every mean that a yearly value belongs to; only from years of the same definition, all there."""
    definition = definition_for(row.key, row.version)
    kind = definition.mean_of
    if kind is None or row.period != PeriodKind.YEAR or row.origin == Origin.DERIVED:
        return []
    last = period_of(row).start.year
    made = []
    for year in range(last, last + kind.years):
        mean = _make(definition, kind, row, year)
        if mean is not None:
            made.append(mean)
    return made


def make_means_of_all(rows: Iterable[IndicatorValue]) -> None:
    """The same for values that were hidden after they had been stored."""
    for row in rows:
        make_means(row)


def mean_figure(definition: Definition, years: list[IndicatorValue]) -> Figure:
    """The mean of the years: events over exposure, both added up, with the interval of the sum."""
    numerator = sum(year.numerator or 0.0 for year in years)
    whole = [year.denominator for year in years]
    denominator = None if None in whole else sum(number or 0.0 for number in whole)
    if denominator is None:
        denominator = float(len(years))
    return figure_of(definition, Numbers(None, numerator, denominator))


def _make(definition: Definition, kind: PeriodKind, like: IndicatorValue, year: int) -> IndicatorValue | None:
    window = Period.ending(kind, year, ZoneInfo(current().timezone))
    years = _years(like, window)
    if len(years) != kind.years or any(one.numerator is None for one in years):
        return _withdraw(like, kind, window)
    row = _derived(
        like,
        kind,
        window,
        mean_figure(definition, years),
        years,
        quality_class=max((QualityClass(one.quality_class) for one in years), key=CLASSES.index),
        quality=Quality.FINAL if all(one.quality == Quality.FINAL for one in years) else Quality.PROVISIONAL,
    )
    return _replace(current_row(like.key, row), row, like)


def _withdraw(like: IndicatorValue, kind: PeriodKind, window: Period) -> IndicatorValue | None:
    """Where a mean stands though one of its years has no value any more, say so instead: from the mean and the other
    years the missing one could be worked out."""
    states = {ValueState(one.state) for one in _rows(like, window)}
    state = ValueState.SUPPRESSED if ValueState.SUPPRESSED in states else ValueState.NOT_AVAILABLE
    row = _derived(
        like,
        kind,
        window,
        Figure.missing(REASONS[state], state),
        [like],
        quality_class=like.quality_class,
        quality=like.quality,
    )
    old = current_row(like.key, row)
    return _replace(old, row, like) if old is not None and old.state != row.state else None


def _derived(
    like: IndicatorValue,
    kind: PeriodKind,
    window: Period,
    figure: Figure,
    years: list[IndicatorValue],
    **firmness: str,
) -> IndicatorValue:
    """The row of a mean, not stored yet: of the place, series and breakdown of the yearly value, citing these years."""
    return IndicatorValue(
        key=like.key,
        place_id=like.place_id,
        period=kind,
        period_start=window.start,
        period_end=window.end,
        series=like.series,
        dimension=like.dimension,
        as_of=max(one.as_of for one in years),
        simulated=any(one.simulated for one in years),
        inputs=[{"kind": "values", "values": [one.pk for one in years]}],
        version=like.version,
        release=__version__,
        computed_at=timezone.now(),
        origin=Origin.DERIVED,
        **firmness,
        **columns_of(figure),
    )


def _replace(old: IndicatorValue | None, row: IndicatorValue, like: IndicatorValue) -> IndicatorValue:
    if old is not None:
        old.superseded_at = row.computed_at
        old.save(update_fields=("superseded_at",))
        row.revision, row.revises, row.revision_reason = old.revision + 1, old, like.revision_reason
    row.save()
    tell(row, old)
    return row


def _years(like: IndicatorValue, window: Period) -> list[IndicatorValue]:
    return [row for row in _rows(like, window) if row.state == ValueState.VALUE]


def _rows(like: IndicatorValue, window: Period) -> list[IndicatorValue]:
    where = Q(place=None) if like.place_id is None else Q(place_id=like.place_id)
    rows = IndicatorValue.objects.filter(
        where,
        key=like.key,
        period=PeriodKind.YEAR,
        series=like.series,
        dimension=like.dimension,
        version=like.version,
        superseded_at=None,
        period_start__gte=window.start,
        period_end__lte=window.end,
    )
    return list(rows.order_by("period_start"))
