"""The interval of a figure by the method that its indicator declares."""

from typing import Protocol

from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.statistics import LEVEL, Interval, Method, poisson, wilson


class Declares(Protocol):
    """What says how an interval follows."""

    @property
    def interval(self) -> Method: ...
    @property
    def per(self) -> float: ...


def of_figure(declared: Declares, figure: Figure) -> Interval | None:
    """The figure's own interval, else the one that follows from its numbers; None where none can be said."""
    if figure.value is None or figure.interval is not None:
        return figure.interval
    return of_numbers(declared, figure.numerator, figure.denominator)


def of_numbers(declared: Declares, numerator: float | None, denominator: float | None) -> Interval | None:
    """By method: WILSON a share in percent of n of d, POISSON a rate of n events over d, told per so many.

    A rate without a denominator is the count itself. Numbers that fit no method have none.
    """
    if numerator is None:
        return None
    try:
        if declared.interval is Method.WILSON and denominator is not None:
            return wilson(numerator, denominator, LEVEL)
        if declared.interval is Method.POISSON and numerator == int(numerator):
            return poisson(int(numerator), 1.0 if denominator is None else denominator, declared.per)
    except ValueError:
        return None
    return None
