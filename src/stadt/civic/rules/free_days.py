"""The holidays of a German state, for deadlines and for rules alike."""

from functools import cache

import holidays

SATURDAY = 5


@cache
def subdivision_of(state: str) -> str | None:
    """The code of a state by its name (`Nordrhein-Westfalen` is NW); None, which leaves the nationwide holidays, for no such name."""
    return holidays.country_holidays("DE").subdivisions_aliases.get(state)


@cache
def free_days(subdivision: str | None) -> holidays.HolidayBase:
    """The holidays of a state; asked for a day it reckons that day's year."""
    return holidays.country_holidays("DE", subdiv=subdivision)
