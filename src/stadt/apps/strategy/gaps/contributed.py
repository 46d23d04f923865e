"""What apps above the strategy know about its indicators: they say it here, since the strategy imports none of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum


class Fact(StrEnum):
    """What somebody may know about an indicator: that it has a target, a base value, or a day the target is due."""

    TARGET = "target"
    BASE = "base"
    DUE = "due"


Codes = Callable[[], Collection[str]]
"""Codes of the indicators of which it is true now; decided facts only, never examples."""


@dataclass(slots=True)
class Told:
    """Who knows of a fact, and the name of the page where it is entered."""

    sources: list[Codes] = field(default_factory=list)
    page: str = ""


_told: dict[Fact, Told] = {fact: Told() for fact in Fact}


def tell(fact: Fact, codes: Codes, page: str = "") -> None:
    """Called once by an app's manifest; several apps may know of the same fact. `page` is a URL name such as `app:name`."""
    if codes not in _told[fact].sources:
        _told[fact].sources.append(codes)
    _told[fact].page = page or _told[fact].page


def codes_with(fact: Fact) -> frozenset[str]:
    """The indicators of which any app says so; empty where nobody does."""
    return frozenset(code for codes in _told[fact].sources for code in codes())


def page_of(fact: Fact) -> str:
    """Where the fact is entered; empty where no app said so."""
    return _told[fact].page
