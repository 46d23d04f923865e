"""The parts that items of the strategy consist of: periods, funding, dependencies, space, links and partners."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Precision = Literal["", "year", "quarter", "month", "day"]
DependencyKind = Literal["requires", "follows", "may_follow", "uses_data", "shown_in", "enables"]
SpaceType = Literal["virtual", "sectoral", "physical"]
SpaceLevel = Literal[
    "", "site", "quarter", "district", "borough", "city", "region", "country", "international"
]
FundingState = Literal["open", "planned", "applied", "granted", "spent", "unknown"]
SourceClass = Literal[
    "", "own", "company", "eu", "federal", "state", "municipal", "sponsor", "secondment", "other"
]
IndicatorRole = Literal["main", "further"]
Effect = Literal["", "output", "outcome", "impact"]
Chain = Literal["", "input", "output", "outcome", "impact"]
Tag = Literal["infrastructure", "security", "data_protection", "personnel"]


class Part(msgspec.Struct, frozen=True):
    """A part of an item; it has no code of its own."""


class Phase(Part, frozen=True):
    """One phase of a period, such as the pilot before the roll-out; both days are inclusive."""

    title: str
    start: date | None = None
    end: date | None = None
    precision: Precision = ""
    text: str = ""


class Period(Part, frozen=True):
    """When a measure runs: the printed text, and what can be read from it.

    `start` and `end` are the first and last day (inclusive), `precision` how exactly the text says so. `open_start` and
    `open_end` mean that the text leaves this end open ("ab 2021", "bis 2030"); `is_ongoing` is "laufend", `is_undated` "offen".
    `depends_on` is the measure whose end starts this one, `edtf` the same period in ISO 8601-2.
    """

    text: str = ""
    start: date | None = None
    end: date | None = None
    precision: Precision = ""
    open_start: bool = False
    open_end: bool = False
    is_ongoing: bool = False
    is_undated: bool = False
    phases: tuple[Phase, ...] = ()
    depends_on: str = ""
    edtf: str = ""
    is_understood: bool = True


class FundingItem(Part, frozen=True):
    """One source of money. `amount` is in euros; None where nobody named one."""

    source: str
    source_class: SourceClass = ""
    programme: str = ""
    phase: str = ""
    state: FundingState = "unknown"
    amount: Decimal | None = None


class Funding(Part, frozen=True):
    """Who pays: the printed text and what can be read from it."""

    text: str = ""
    items: tuple[FundingItem, ...] = ()
    is_understood: bool = True

    @property
    def is_open(self) -> bool:
        """Whether any part of the money is still to be found."""
        return "offen" in self.text.casefold() or any(item.state == "open" for item in self.items)


class Dependency(Part, frozen=True):
    """This measure depends on the measure `code`. `stated` where the strategy says so itself, with the place in `reference`."""

    code: str
    kind: DependencyKind = "requires"
    stated: bool = True
    reference: str = ""


class Spatial(Part, frozen=True):
    """Where a measure acts (Raumbezug): types, level and keys of places; `text` is a reading aid."""

    text: str = ""
    types: tuple[SpaceType, ...] = ()
    level: SpaceLevel = ""
    areas: tuple[str, ...] = ()
    user_group: str = ""


class IndicatorLink(Part, frozen=True):
    """An indicator that a measure is to move."""

    code: str
    role: IndicatorRole = "further"
    effect: Effect = ""


class Partner(Part, frozen=True):
    """An organisation that takes part in a measure."""

    organisation: str
    role: str = ""
