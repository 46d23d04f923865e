"""The IST: what the platform knows of an indicator on a day, and its series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from stadt.apps.steering import strategy
from stadt.apps.steering.forecast import Point
from stadt.apps.steering.targets import Range
from stadt.apps.steering.verdict import Interval, Reason
from stadt.hub.indicators import queries
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.units import on_screen
from stadt.web.formats import local

SERIES_LENGTH = 200

STATES = {
    "not_collected": Reason.NOT_COLLECTED,
    "not_available": Reason.NOT_AVAILABLE,
    "not_applicable": Reason.NOT_APPLICABLE,
    "suppressed": Reason.SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """The platform's indicator that measures a printed one; `unit` as on screen, `valid` what its values can be."""

    key: str
    title: str
    unit: str
    digits: int | None
    version: int
    valid: Range | None


@dataclass(frozen=True, slots=True)
class Ist:
    """A value of a period that is over; `on` is the period's last day. `missing` says why there is no value."""

    id: int
    on: date
    start: date
    value: float | None
    interval: Interval | None
    simulated: bool
    version: int
    missing: Reason


def figure_of(code: str, figure: str = "", series: str = "") -> Figure | None:
    """The indicator of the platform that measures a printed code: the one named, else the main one."""
    keys = strategy.own_keys(code)
    key = figure or (keys[0] if keys else "")
    if key not in keys:
        return None
    known = queries.figures_of([key]).get(key)
    if known is None:
        return None
    found = known.definition
    low, high = found.valid_low, found.valid_high
    title = found.title
    return Figure(
        key=key,
        title=gettext(title),
        unit=on_screen(found.unit_of(series)),
        digits=found.digits,
        version=found.version,
        valid=None if low is None and high is None else Range(low, high),
    )


def series_of(key: str, *, series: str = "", place_id: int | None = None) -> list[Ist]:
    """The values of periods that are over, oldest first. A period that still runs is no IST: half a year is no year."""
    found = queries.history(key, SERIES_LENGTH, place_id=place_id, series=series)
    return [_ist(value) for value in found if value.is_final]


def ist_on(values: Sequence[Ist], day: date) -> Ist | None:
    """The value valid on a day: of the last period that was over by then, missing or not."""
    return next((value for value in reversed(values) if value.on <= day), None)


def points_of(values: Sequence[Ist], day: date, *, simulated: bool) -> list[Point]:
    """The values up to a day as points of a trend; without simulated ones unless they are asked for.

    Only values under the newest definition among them: across a break there is no trend (M-04).
    """
    usable = [
        value
        for value in values
        if value.on <= day and value.value is not None and (simulated or not value.simulated)
    ]
    if not usable:
        return []
    version = usable[-1].version
    return [
        Point(value.on, value.value)
        for value in usable
        if value.version == version and value.value is not None
    ]


def _ist(value: Value) -> Ist:
    interval = None
    if value.value is not None and value.interval_low is not None and value.interval_high is not None:
        interval = Interval(
            value.interval_low, value.interval_high, value.interval_level, str(value.interval_method)
        )
    missing = Reason.NONE if value.value is not None else STATES.get(str(value.state), Reason.NO_VALUE)
    return Ist(
        id=value.id,
        on=local(value.period_end - timedelta(seconds=1)).date(),
        start=local(value.period_start).date(),
        value=value.value,
        interval=interval,
        simulated=value.simulated,
        version=value.version,
        missing=missing,
    )
