"""Before and after a measure, kept apart from everything else that moves its indicators (M-15, S-2). No cause is claimed.

Expected effects and claims of several measures on one indicator are not kept yet; what is measured, who else wants to move
it, and how the rest of the city went are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stadt.apps.steering import strategy
from stadt.apps.steering.ist import SERIES_LENGTH, Figure, figure_of
from stadt.apps.steering.strategy import Measure
from stadt.hub.indicators import queries
from stadt.hub.indicators.queries import Value
from stadt.hub.places.queries import find_area
from stadt.web.formats import local

SHARE = "%"


@dataclass(frozen=True, slots=True)
class Step:
    """The last value of a period that was over before the measure began, and the newest one; numbers in the figure's unit.

    `before` is None where nothing was known before. Values under different definitions are no step.
    """

    after: float
    after_on: date
    before: float | None
    before_on: date | None
    simulated: bool

    @property
    def change(self) -> float | None:
        """By how much it moved."""
        return None if self.before is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Movement:
    """How an indicator of a measure moved. `area` is the area the measure is for, empty for the whole city.

    `rest` is the same step in the rest of the city, where it can be computed; `others` are the codes of the other measures
    that are to move the indicator.
    """

    code: str
    figure: Figure
    whole: Step
    area: str = ""
    part: Step | None = None
    rest: Step | None = None
    others: tuple[str, ...] = ()

    @property
    def difference(self) -> float | None:
        """How much more the area moved than the rest between the same days (difference in differences); None where that is unknown."""
        ours, theirs = self.part, self.rest
        if ours is None or theirs is None or ours.change is None or theirs.change is None:
            return None
        are_same_days = (ours.before_on, ours.after_on) == (theirs.before_on, theirs.after_on)
        return ours.change - theirs.change if are_same_days else None


def movements_of(measure: Measure) -> list[Movement]:
    """The steps of all its indicators that the platform measures, for each area the city has set; by the main figure."""
    found = []
    for link in measure.indicators:
        figure = figure_of(link.code)
        whole = _final(figure.key) if figure else []
        step = _step(whole, measure.period.start)
        if figure is None or step is None:
            continue
        others = _others(link.code, measure.code)
        areas = [area for key in measure.spatial.areas if (area := find_area(key))]
        found += [
            Movement(link.code, figure, step, area.name, *_apart(figure, whole, area.id, measure), others)
            for area in areas
        ] or [Movement(link.code, figure, step, others=others)]
    return found


def _apart(
    figure: Figure, whole: Sequence[Value], place_id: int, measure: Measure
) -> tuple[Step | None, Step | None]:
    """The area's step and that of the rest."""
    part = _final(figure.key, place_id)
    is_additive = queries.definition_of(figure.key).additive
    by_period = {value.period_start: value for value in whole}
    rest = [
        made
        for value in part
        if (city := by_period.get(value.period_start)) and (made := _rest(city, value, figure, is_additive))
    ]
    start = measure.period.start
    return _step(part, start), _step_of([(on, number, city) for on, number, city in rest], start)


def _rest(city: Value, part: Value, figure: Figure, is_additive: bool) -> tuple[date, float, Value] | None:
    """The city without the area: what adds up is subtracted, of a share its two numbers are."""
    if city.value is None or part.value is None or city.version != part.version:
        return None
    if is_additive:
        return _day(city), city.value - part.value, city
    numbers = (city.numerator, city.denominator, part.numerator, part.denominator)
    if figure.unit != SHARE or any(number is None for number in numbers):
        return None
    met, of = (city.numerator or 0) - (part.numerator or 0), (city.denominator or 0) - (part.denominator or 0)
    return (_day(city), 100 * met / of, city) if of > 0 else None


def _final(key: str, place_id: int | None = None) -> list[Value]:
    return [value for value in queries.history(key, SERIES_LENGTH, place_id=place_id) if value.is_final]


def _step(values: Sequence[Value], start: date | None) -> Step | None:
    return _step_of([(_day(one), one.value, one) for one in values if one.value is not None], start)


def _step_of(known: Sequence[tuple[date, float, Value]], start: date | None) -> Step | None:
    if not known:
        return None
    on, number, newest = known[-1]
    earlier = [
        one for one in known if start is not None and one[0] < start and one[2].version == newest.version
    ]
    before = earlier[-1] if earlier and earlier[-1][0] < on else None
    return Step(
        number,
        on,
        before[1] if before else None,
        before[0] if before else None,
        newest.simulated or bool(before and before[2].simulated),
    )


def _others(code: str, measure: str) -> tuple[str, ...]:
    return tuple(
        one.code
        for one in strategy.list_measures()
        if one.code != measure and code in {link.code for link in one.indicators}
    )


def _day(value: Value) -> date:
    """The last day of its period."""
    return local(value.period_end - timedelta(seconds=1)).date()
