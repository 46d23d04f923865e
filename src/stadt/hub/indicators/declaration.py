"""How an app declares an indicator: its words, its formula, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from stadt.hub.indicators.periods import Period, PeriodKind
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import Interval, Method

if TYPE_CHECKING:
    from stadt.hub.indicators.sources import Sources
    from stadt.hub.places.queries import Area

__all__ = ["Compute", "Figure", "Indicator", "Method", "Period", "PeriodKind", "Quality", "Series"]

NO_DIMENSIONS: Mapping[str, str] = MappingProxyType({})


class Quality(StrEnum):
    """How firm a value is.

    FINAL: the period is over and all inputs were there. PROVISIONAL: the period still runs or inputs may change.
    INCOMPLETE: inputs were missing, the value says so.
    """

    FINAL = "final"
    PROVISIONAL = "provisional"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a computation found.

    Attributes:
        value: the figure in the indicator's unit; None: there is none, for the `reason`, never 0 instead.
        numerator, denominator: what it was divided from, where it is a ratio.
        quality: None: FINAL when the period is over, else PROVISIONAL.
        simulated: whether simulated rows went in; None: whether any snapshot that was asked has simulated rows.
        reason: German message id, why there is no value.
        sample: SensorThings ids of observations that went in, a few, for the page that explains the number.
        series: which of the indicator's series it belongs to; empty for its only or main one.
        dimensions: what it is broken down to besides the place, such as `{"type": "electric"}`.
        state: None: VALUE when there is a value, else NOT_AVAILABLE.
        interval: found by the computation itself; None: the service finds it by the indicator's method.
        note: what has to be read with it, in words.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    quality: Quality | None = None
    simulated: bool | None = None
    reason: str = ""
    sample: tuple[int, ...] = ()
    series: str = ""
    dimensions: Mapping[str, str] = field(default_factory=lambda: NO_DIMENSIONS)
    state: ValueState | None = None
    interval: Interval | None = None
    note: str = ""

    @classmethod
    def missing(cls, reason: str, state: ValueState = ValueState.NOT_AVAILABLE) -> Figure:
        """There is no value, and why (German message id)."""
        return cls(value=None, reason=reason, state=state)

    @property
    def told_state(self) -> ValueState:
        """The state said, else what follows from there being a value or not."""
        if self.state is not None:
            return self.state
        return ValueState.NOT_AVAILABLE if self.value is None else ValueState.VALUE

    @classmethod
    def share(
        cls, numerator: float, denominator: float, *, reason: str, simulated: bool | None = None
    ) -> Figure:
        """A share in percent; without anything to divide by there is no value, for the reason given."""
        if denominator == 0:
            return cls(None, numerator, denominator, reason=reason, simulated=simulated)
        return cls(100 * numerator / denominator, numerator, denominator, simulated=simulated)


Compute = Callable[["Period", "Area | None", "Sources"], Figure]
ComputeFurther = Callable[["Period", "Area | None", "Sources"], Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Series:
    """One of several lines of an indicator ("gesamt", "pro Kopf"); `unit` is a UCUM code, empty: the indicator's."""

    key: str
    title: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure with formula, period, place and lineage. All texts are German message ids.

    Attributes:
        key: permanent, `area.noun`.
        unit: UCUM code (`%`, `ug/m3`, `1` for a count).
        description: one sentence: what the number says.
        formula: how it is computed, in words.
        numerator, denominator: what the two numbers are, in words; empty where there are none.
        source: where the inputs come from, in words.
        compute: the function; reads only through `Sources`, so that what went in is recorded by itself.
        period: what one value is for.
        version: raised when the formula changes; stored with each value.
        digits: decimals on screen.
        backfill: so many earlier periods are computed when they have no value yet; only for computations that read
            time-stamped rows and so work for any period.
        method: standard or law behind the formula, if any.
        further: the figures of further series and breakdowns, computed after the main one from the same sources.
        series: the lines it consists of when there are several; the main one has the empty key.
        dimensions: what figures may be broken down to besides the place: its key and its words.
        interval: how an interval follows from numerator and denominator; only for counts that chance moves: a sample
            (WILSON, MEAN) or rare events (POISSON). A share of a complete register is no sample and has none.
        per: for POISSON, per how many of the denominator the value is told.
        quality_class: how its values are got.
        protects_people: values of few people are suppressed.
        additive: the values of a place's parts add up to its own.
        counts_others: it counts other indicators, and is computed after them.
        by_area: computed for each district and quarter too, with their `Area` as the place.
        valid_low, valid_high: what values can be at all.
    """

    key: str
    title: str
    unit: str
    description: str
    formula: str
    source: str
    compute: Compute
    period: PeriodKind = PeriodKind.DAY
    version: int = 1
    numerator: str = ""
    denominator: str = ""
    digits: int | None = None
    backfill: int = 0
    method: str = ""
    further: ComputeFurther | None = None
    series: tuple[Series, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=lambda: NO_DIMENSIONS)
    interval: Method = Method.NONE
    per: float = 1.0
    quality_class: QualityClass = QualityClass.MEASURED
    protects_people: bool = False
    additive: bool = False
    by_area: bool = False
    counts_others: bool = False
    valid_low: float | None = None
    valid_high: float | None = None
