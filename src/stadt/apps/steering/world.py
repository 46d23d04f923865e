"""What the rules of early warning look at, gathered once."""

from datetime import date

from stadt.apps.steering import strategy
from stadt.apps.steering.ist import figure_of, ist_on, series_of
from stadt.apps.steering.lines import today
from stadt.apps.steering.rules import World, evaluated_measures
from stadt.apps.steering.terms import terms
from stadt.apps.steering.verdicts import list_verdicts


def gather(day: date | None = None) -> World:
    """The world on a day (today)."""
    day = day or today()
    indicators = {one.code: one for one in strategy.list_indicators() if one.is_active}
    return World(
        today=day,
        terms=terms(),
        measures={one.code: one for one in strategy.list_measures()},
        indicators=indicators,
        verdicts=tuple(list_verdicts(day)),
        evaluated=evaluated_measures(),
        last_values=_last_values([code for code, one in indicators.items() if one.interval], day),
    )


def _last_values(codes: list[str], day: date) -> dict[str, date]:
    """The last day that each indicator has a value for; only of those whose interval somebody set."""
    found = {}
    for code in codes:
        figure = figure_of(code)
        if figure is None:
            continue
        last = ist_on([one for one in series_of(figure.key) if one.value is not None], day)
        if last is not None:
            found[code] = last.on
    return found
