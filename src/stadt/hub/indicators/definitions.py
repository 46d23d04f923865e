"""What an indicator is, in one shape for those the platform declares and those that people keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stadt.hub.indicators.declaration import NO_DIMENSIONS, Indicator, Series
from stadt.hub.indicators.models import DefinitionVersion
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.statistics import Method


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of what an indicator is. Texts of declared ones are German message ids, of kept ones as people wrote them.

    Attributes:
        code: the printed code a kept indicator measures, empty for declared ones (links.toml of the city maps those).
        valid_from: since when this version holds; None: since ever.
        mean_of: for kept ones: of so many years the platform also makes a moving mean; None: of none.
        is_break: its values cannot be compared with those of the version before.
    """

    key: str
    title: str
    unit: str
    description: str
    formula: str
    numerator: str
    denominator: str
    source: str
    method: str
    period: PeriodKind
    version: int
    digits: int | None = None
    series: tuple[Series, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=lambda: NO_DIMENSIONS)
    interval: Method = Method.NONE
    per: float = 1.0
    protects_people: bool = False
    additive: bool = False
    valid_low: float | None = None
    valid_high: float | None = None
    code: str = ""
    valid_from: date | None = None
    mean_of: PeriodKind | None = None
    is_break: bool = False
    reason: str = ""
    is_kept: bool = False
    is_example: bool = False

    def unit_of(self, series: str) -> str:
        """The UCUM code of a series' values."""
        return next((one.unit for one in self.series if one.key == series and one.unit), self.unit)

    def title_of(self, series: str) -> str:
        """A series' own words, empty for the main one of an indicator without several."""
        return next((one.title for one in self.series if one.key == series), series)


def of_declared(indicator: Indicator) -> Definition:
    """An indicator of the platform as a definition."""
    return Definition(
        key=indicator.key,
        title=indicator.title,
        unit=indicator.unit,
        description=indicator.description,
        formula=indicator.formula,
        numerator=indicator.numerator,
        denominator=indicator.denominator,
        source=indicator.source,
        method=indicator.method,
        period=indicator.period,
        version=indicator.version,
        digits=indicator.digits,
        series=indicator.series,
        dimensions=indicator.dimensions,
        interval=indicator.interval,
        per=indicator.per,
        protects_people=indicator.protects_people,
        additive=indicator.additive,
        valid_low=indicator.valid_low,
        valid_high=indicator.valid_high,
    )


def of_version(row: DefinitionVersion) -> Definition:
    """A version of a kept indicator; reads `row.kept`."""
    return Definition(
        key=row.kept.key,
        title=row.title,
        unit=row.unit,
        description=row.description,
        formula=row.formula,
        numerator=row.numerator,
        denominator=row.denominator,
        source=row.source,
        method=row.method,
        period=PeriodKind(row.period),
        version=row.number,
        digits=row.digits,
        series=tuple(Series(one["key"], one["title"], one.get("unit", "")) for one in row.series),
        dimensions=dict(row.dimensions),
        interval=Method(row.interval),
        per=row.per,
        protects_people=row.protects_people,
        additive=row.additive,
        valid_low=row.valid_low,
        valid_high=row.valid_high,
        code=row.kept.code,
        valid_from=row.valid_from,
        mean_of=PeriodKind(row.mean_of) if row.mean_of else None,
        is_break=row.is_break,
        reason=row.reason,
        is_kept=True,
        is_example=row.kept.is_example,
    )
