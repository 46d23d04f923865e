"""The verdict on a target: its SOLL, the IST of a day, progress and forecast put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stadt.apps.steering.forecast import (
    Estimate,
    Outlook,
    Point,
    Trend,
    Unknown,
    growth_per_year,
    outlook_of,
    trend_of,
)
from stadt.apps.steering.ist import Figure, Ist, figure_of, ist_on, points_of, series_of
from stadt.apps.steering.lines import list_targets, soll_of, targets_of_measure, today
from stadt.apps.steering.models import Target
from stadt.apps.steering.progress import Pace, Progress, progress_of
from stadt.apps.steering.targets import Range, Soll
from stadt.apps.steering.terms import terms
from stadt.apps.steering.verdict import Interval, Reason, State, judge

NO_PROGRESS = Progress(Pace.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the series leads by the day of evaluation; `unknown` says why nobody can tell."""

    outlook: Outlook = Outlook.UNKNOWN
    estimate: Estimate | None = None
    trend: Trend | None = None
    growth: float | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a target on a day; numbers in the indicator's unit.

    Attributes:
        state: the step of M-12; NOT_ASSESSABLE for the `reason`.
        preview: the step that a simulated value would get. It counts nowhere.
        wanted: the range of the value's day, from the day of evaluation on the final one; without the tolerance.
        final: the range that is to be reached by `due`.
        value, interval, on: the IST, of the period that ended on that day.
        outlook: whether the SOLL will be reached: the forecast's where there is one, else what the progress says.
        is_example: the SOLL is an example of the demo, so that the verdict is none of the city's.
    """

    code: str
    measure: str = ""
    target_id: int | None = None
    frame: str = ""
    place_id: int | None = None
    series: str = ""
    state: State = State.NOT_ASSESSABLE
    reason: Reason = Reason.NO_TARGET
    preview: State | None = None
    due: date | None = None
    wanted: Range | None = None
    final: Range | None = None
    value: float | None = None
    interval: Interval | None = None
    on: date | None = None
    figure: Figure | None = None
    progress: Progress = NO_PROGRESS
    forecast: Forecast = Forecast()
    outlook: Outlook = Outlook.UNKNOWN
    is_example: bool = False
    simulated: bool = False

    @property
    def is_in_range(self) -> bool:
        """Whether the value lies inside, surely or probably."""
        return self.state in {State.IN_RANGE, State.PROBABLY_IN}


def verdict_on(target: Target, day: date | None = None, values: Sequence[Ist] | None = None) -> Verdict:
    """The verdict on a kept target for a day (today).

    Args:
        values: its series when the caller has it already.
    """
    day = day or today()
    soll = soll_of(target)
    figure = figure_of(target.code, target.figure, target.series)
    known = Verdict(
        target.code,
        target.measure,
        target.pk,
        target.frame,
        target.place_id,
        target.series,
        due=target.due,
        figure=figure,
        is_example=target.is_example,
    )
    if soll is None:
        return known
    known = replace(known, final=soll.final)
    if figure is None:
        return replace(known, reason=Reason.NO_FIGURE, wanted=soll.range_on(day))
    if values is None:
        values = series_of(figure.key, series=target.series, place_id=target.place_id)
    return _judged(known, soll, values, day, target.definition)


def _judged(known: Verdict, soll: Soll, values: Sequence[Ist], day: date, definition: int | None) -> Verdict:
    ist = ist_on(values, day)
    if ist is None or ist.value is None:
        reason = Reason.NO_VALUE if ist is None else ist.missing
        return replace(known, reason=reason, wanted=soll.range_on(day), on=ist.on if ist else None)
    # On the day of evaluation and after it what was promised for that day counts, however old the value is (M-13).
    counts_on = ist.on if soll.due is None or day < soll.due else soll.due
    wanted = soll.judged_on(counts_on)
    shown = replace(
        known,
        wanted=soll.range_on(counts_on) or soll.final,
        value=ist.value,
        interval=ist.interval,
        on=ist.on,
        simulated=ist.simulated,
    )
    if definition is not None and ist.version != definition:
        return replace(shown, reason=Reason.OTHER_DEFINITION)
    forecast = _forecast(soll, points_of(values, day, simulated=ist.simulated), day, known.figure)
    progress = progress_of(soll, ist.value, ist.on, terms().thresholds)
    shown = replace(shown, progress=progress, forecast=forecast, outlook=_outlook(forecast, progress))
    if wanted is None:
        return replace(shown, reason=Reason.BEFORE_PATH)
    low, high = (ist.interval.low, ist.interval.high) if ist.interval else (ist.value, ist.value)
    step = judge(soll.measured(ist.value), Interval(*soll.measured_interval(low, high)), wanted)
    if ist.simulated:
        return replace(shown, reason=Reason.SIMULATED, preview=step)
    return replace(shown, state=step, reason=Reason.NONE)


def verdict_of(code: str, day: date | None = None) -> Verdict:
    """The verdict on an indicator of the whole strategy: by the city's own target; without one, not assessable."""
    found = [one for one in list_targets(code=code, on=day) if not one.frame and not one.measure]
    whole = [one for one in found if one.place_id is None and not one.series]
    # A target that somebody decided comes before an example of the demo.
    chosen = sorted(whole or found, key=lambda one: (one.is_example, one.pk))
    return verdict_on(chosen[0], day) if chosen else Verdict(code, figure=figure_of(code))


def verdicts_of_measure(measure: str, codes: Iterable[str], day: date | None = None) -> list[Verdict]:
    """One verdict for each target that a measure is evaluated by, and one that says so for each code without a target."""
    found: list[Verdict] = []
    for code in codes:
        targets = targets_of_measure(code, measure, day or today())
        found += [verdict_on(target, day) for target in targets] or [Verdict(code, measure)]
    return found


def list_verdicts(day: date | None = None, *, examples: bool = True) -> list[Verdict]:
    """The verdicts on all decided targets that hold on a day, by code."""
    return [verdict_on(target, day) for target in list_targets(on=day, examples=examples)]


def told(one: Verdict) -> dict[str, Any]:
    """The verdict with its numbers as JSON takes it, for what is frozen."""
    return {
        "code": one.code,
        "target": one.target_id,
        "state": str(one.state),
        "reason": str(one.reason),
        "value": one.value,
        "on": one.on.isoformat() if one.on else None,
        "low": one.wanted.low if one.wanted else None,
        "high": one.wanted.high if one.wanted else None,
        "interval": [one.interval.low, one.interval.high] if one.interval else None,
    }


def _forecast(soll: Soll, points: Sequence[Point], day: date, figure: Figure | None) -> Forecast:
    growth = growth_per_year(points)
    trend = trend_of(points, terms().half_life_days)
    if isinstance(trend, Unknown):
        return Forecast(growth=growth, unknown=trend)
    if soll.due is None:
        return Forecast(trend=trend, growth=growth, unknown=Unknown.NO_DUE)
    if soll.due <= day:
        return Forecast(trend=trend, growth=growth, unknown=Unknown.PAST)
    estimate = trend.estimate(soll.due, figure.valid if figure else None)
    return Forecast(outlook_of(soll, estimate), estimate, trend, growth)


def _outlook(forecast: Forecast, progress: Progress) -> Outlook:
    if forecast.outlook is not Outlook.UNKNOWN:
        return forecast.outlook
    return {
        Pace.ON_TRACK: Outlook.ON_TRACK,
        Pace.HOLDS: Outlook.ON_TRACK,
        Pace.AT_RISK: Outlook.AT_RISK,
        Pace.OFF_TRACK: Outlook.OFF_TRACK,
        Pace.AWAY: Outlook.OFF_TRACK,
        Pace.SLIPS: Outlook.OFF_TRACK,
    }.get(progress.pace, Outlook.UNKNOWN)
