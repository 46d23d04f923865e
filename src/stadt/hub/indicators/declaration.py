"""How an app declares an indicator: its words, its formula, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from stadt.hub.indicators.sources import Sources
    from stadt.hub.places.queries import Area


class PeriodKind(StrEnum):
    """The stretch of local time that a value is for."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Quality(StrEnum):
    """How firm a value is.

    FINAL: the period is over and all inputs were there. PROVISIONAL: the period still runs or inputs may change.
    INCOMPLETE: inputs were missing, the value says so.
    """

    FINAL = "final"
    PROVISIONAL = "provisional"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Period:
    """A local day, month or year: from `start` to before `end` (aware); `as_of` is the moment the computation is for,
    at most `end`. A computation reads the clock nowhere else, so that it can be repeated."""

    kind: PeriodKind
    start: datetime
    end: datetime
    as_of: datetime

    @classmethod
    def containing(cls, kind: PeriodKind, moment: datetime, zone: ZoneInfo) -> Period:
        """The period in which an aware moment lies, as of that moment."""
        local = moment.astimezone(zone)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if kind is PeriodKind.DAY:
            start, after = day, day + timedelta(days=1)
        elif kind is PeriodKind.MONTH:
            start = day.replace(day=1)
            after = (start + timedelta(days=32)).replace(day=1)
        else:
            start = day.replace(month=1, day=1)
            after = start.replace(year=start.year + 1)
        return cls(kind, start, after, moment)

    def before(self) -> Period:
        """The whole period before this one, as of its end."""
        zone = self.start.tzinfo
        if not isinstance(zone, ZoneInfo):
            raise TypeError("A period's start is in a local zone.")
        return self.containing(self.kind, self.start - timedelta(hours=1), zone).closed()

    def closed(self) -> Period:
        """The same period seen from its end."""
        return replace(self, as_of=self.end)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be added to the period."""
        return self.as_of >= self.end


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
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    quality: Quality | None = None
    simulated: bool | None = None
    reason: str = ""
    sample: tuple[int, ...] = ()

    @classmethod
    def missing(cls, reason: str) -> Figure:
        """There is no value, and why (German message id)."""
        return cls(value=None, reason=reason)

    @classmethod
    def share(
        cls, numerator: float, denominator: float, *, reason: str, simulated: bool | None = None
    ) -> Figure:
        """A share in percent; without anything to divide by there is no value, for the reason given."""
        if denominator == 0:
            return cls(None, numerator, denominator, reason=reason, simulated=simulated)
        return cls(100 * numerator / denominator, numerator, denominator, simulated=simulated)


Compute = Callable[["Period", "Area | None", "Sources"], Figure]


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
