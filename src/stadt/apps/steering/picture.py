"""The chart of a target as shapes of an SVG: values with their interval, the SOLL as a band, and the forecast as a fan.

Drawn here because a band with one open side and a fan are no lines: it works without JavaScript, on paper, and takes its
colour from the text around it. The table beside it says the same in numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stadt.apps.steering.ist import Figure, Ist
from stadt.apps.steering.targets import Range, Soll
from stadt.apps.steering.verdicts import Forecast
from stadt.web.formats import number

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 12, 34
BAND_STEPS = 24
TICKS = 5
MOST_YEARS = 12
HALF_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its label, at a distance from the left (x) or from the top (y)."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval (`low` and `high` are distances from the top, the same as `y` where there is none)."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws; `band` and `fan` are lists of points of polygons, empty where there is none."""

    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    band: str
    fan: str
    fan_line: str
    line: str
    dots: tuple[Dot, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class _Frame:
    first: date
    last: date
    low: float
    high: float

    def x(self, day: date) -> float:
        whole = (self.last - self.first).days
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / whole, 1)

    def y(self, value: float) -> float:
        kept = min(max(value, self.low), self.high)
        share = (kept - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)


def picture_of(
    soll: Soll | None, values: Sequence[Ist], forecast: Forecast, figure: Figure | None
) -> Picture | None:
    """The shapes; None without any value."""
    known = [one for one in values if one.value is not None]
    if not known:
        return None
    frame = _frame(soll, known, forecast)
    days = [frame.first + (frame.last - frame.first) * step / BAND_STEPS for step in range(BAND_STEPS + 1)]
    if soll is not None:
        days = sorted({*days, *(point.on for point in soll.path), *([soll.due] if soll.due else [])})
    return Picture(
        y_ticks=tuple(
            Tick(frame.y(at), number(at, figure.digits if figure else None)) for at in _steps(frame)
        ),
        x_ticks=tuple(_years(frame)),
        band=_band(frame, soll, [day for day in days if frame.first <= day <= frame.last]) if soll else "",
        fan=_fan(frame, known, forecast),
        fan_line=_fan_line(frame, known, forecast),
        line=" ".join(f"{frame.x(one.on)},{frame.y(one.value)}" for one in known if one.value is not None),
        dots=tuple(_dot(frame, one) for one in known),
    )


def _frame(soll: Soll | None, known: Sequence[Ist], forecast: Forecast) -> _Frame:
    days = [one.on for one in known]
    numbers = [one.value for one in known if one.value is not None]
    numbers += [side for one in known if one.interval for side in (one.interval.low, one.interval.high)]
    if soll is not None:
        days += [point.on for point in soll.path] + ([soll.due] if soll.due else [])
        ranges = [soll.final, *(point.range for point in soll.path)]
        numbers += [side for one in ranges for side in (one.low, one.high) if side is not None]
        days += [soll.base_on] if soll.base_on else []
        numbers += [soll.base] if soll.base is not None else []
    if forecast.estimate is not None:
        numbers.append(forecast.estimate.value)
    low, high = min(numbers), max(numbers)
    if forecast.estimate is not None:  # a very wide fan must not make everything else flat
        room = max(high - low, abs(high), 1e-9)
        low = max(min(low, forecast.estimate.low), low - room)
        high = min(max(high, forecast.estimate.high), high + room)
    # Values that differ by rounding only are one: a grid between them would have steps too small to be added.
    is_flat = high - low <= 1e-9 * max(abs(low), abs(high))
    margin = abs(high) * 0.1 or 1.0 if is_flat else (high - low) * 0.08
    first, last = min(days), max(days)
    if (last - first).days < 1:
        first, last = first - HALF_YEAR, last + HALF_YEAR
    bottom = 0.0 if 0 <= low <= margin * 3 else low - margin
    return _Frame(first, last, bottom, high + margin)


def _band(frame: _Frame, soll: Soll, days: Sequence[date]) -> str:
    """Along the lower bound and back along the upper one; an open side runs to the edge of the picture."""
    ranges: list[tuple[date, Range]] = []
    for day in days:
        found = soll.range_on(day)
        if found is not None:
            ranges.append((day, found))
    lower = [f"{frame.x(day)},{frame.y(one.bounds[0])}" for day, one in ranges]
    upper = [f"{frame.x(day)},{frame.y(one.bounds[1])}" for day, one in reversed(ranges)]
    return " ".join(lower + upper)


def _fan(frame: _Frame, known: Sequence[Ist], forecast: Forecast) -> str:
    end = forecast.estimate
    if end is None or not known or known[-1].value is None:
        return ""
    start = f"{frame.x(known[-1].on)},{frame.y(known[-1].value)}"
    return f"{start} {frame.x(end.on)},{frame.y(end.low)} {frame.x(end.on)},{frame.y(end.high)}"


def _fan_line(frame: _Frame, known: Sequence[Ist], forecast: Forecast) -> str:
    end = forecast.estimate
    if end is None or not known or known[-1].value is None:
        return ""
    return f"{frame.x(known[-1].on)},{frame.y(known[-1].value)} {frame.x(end.on)},{frame.y(end.value)}"


def _dot(frame: _Frame, one: Ist) -> Dot:
    value = one.value if one.value is not None else 0.0
    low, high = (one.interval.low, one.interval.high) if one.interval else (value, value)
    return Dot(frame.x(one.on), frame.y(value), frame.y(low), frame.y(high))


def _steps(frame: _Frame) -> list[float]:
    """Round numbers between bottom and top."""
    rough = (frame.high - frame.low) / TICKS
    power = 10.0 ** _magnitude(rough)
    step = next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= rough)
    first = -(-frame.low // step) * step
    found = []
    while first <= frame.high:
        found.append(first + 0.0)
        first += step
    return found


def _magnitude(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def _years(frame: _Frame) -> list[Tick]:
    years = range(frame.first.year, frame.last.year + 1)
    every = -(-len(years) // MOST_YEARS)
    found = [
        Tick(frame.x(date(year, 1, 1)), str(year))
        for year in years
        if frame.first <= date(year, 1, 1) <= frame.last and year % every == 0
    ]
    if len(found) > 1:
        return found
    return [Tick(frame.x(day), day.strftime("%m.%Y")) for day in (frame.first, frame.last)]
