"""Dates as strategies print them: `2021`, `Q3.2022`, `10.2019`, `Ende 2019`, `2020/21`, `1.7.2020`, `März 2021`.

EDTF forms follow the Extended Date/Time Format of the Library of Congress (ISO 8601-2), levels 0 to 2.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from stadt.apps.strategy.record.content import Precision

MONTHS: Final = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
#: From the coarsest to the finest; a period is only as exact as its coarser end.
PRECISIONS: Final[tuple[Precision, ...]] = ("year", "quarter", "month", "day")
_YEAR = r"(?:19|20|21)[0-9]{2}"
#: One printed date, without groups of its own.
MOMENT: Final = (
    rf"(?:(?:Anfang|Mitte|Ende) {_YEAR}"
    rf"|Q[1-4] ?[./]? ?{_YEAR}"
    rf"|[0-9]{{1,2}}\. ?[0-9]{{1,2}}\. ?{_YEAR}"
    rf"|[0-9]{{1,2}}[./]{_YEAR}"
    rf"|(?:{'|'.join(MONTHS)}) {_YEAR}"
    rf"|{_YEAR}/[0-9]{{2}}(?![0-9])"
    rf"|{_YEAR}(?![0-9]))"
)
#: First and last month of a part of a year that has no exact borders.
_PARTS: Final = {"anfang": (1, 3), "mitte": (4, 9), "ende": (10, 12)}
_SHAPES: Final = tuple(
    (name, re.compile(shape, re.IGNORECASE))
    for name, shape in (
        ("part", rf"(Anfang|Mitte|Ende) ({_YEAR})"),
        ("quarter", rf"Q([1-4]) ?[./]? ?({_YEAR})"),
        ("day", rf"([0-9]{{1,2}})\. ?([0-9]{{1,2}})\. ?({_YEAR})"),
        ("month", rf"([0-9]{{1,2}})[./]({_YEAR})"),
        ("named", rf"({'|'.join(MONTHS)}) ({_YEAR})"),
        ("turn", rf"({_YEAR})/([0-9]{{2}})"),
        ("year", rf"({_YEAR})"),
    )
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A printed date: its first and last day, how exactly it is printed, and whether its borders are only about right."""

    first: date
    last: date
    precision: Precision
    is_about: bool = False

    @property
    def edtf(self) -> str:
        """The date on its own. Quarters are sub-year groupings 33 to 36 of level 2."""
        if self.is_about:
            return f"{self.edtf_start}/{self.edtf_end}"
        if self.precision == "quarter":
            return f"{self.first.year:04}-{33 + (self.first.month - 1) // 3}"
        return self.edtf_start

    @property
    def edtf_start(self) -> str:
        """The date as the start of an interval, where groupings are not allowed: a quarter by its first month."""
        return _reduced(self.first, self.precision) + ("~" if self.is_about else "")

    @property
    def edtf_end(self) -> str:
        """The date as the end of an interval: a quarter by its last month."""
        return _reduced(self.last, self.precision) + ("~" if self.is_about else "")


def read_moment(text: str) -> Moment | None:
    """The one date that the whole text is; None where it is no date of the calendar."""
    for name, shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            try:
                return _moment(name, found.groups())
            except ValueError:  # a 13th month or a 31 June
                return None
    return None


def read_end(text: str) -> Moment | None:
    """The date as the end of something. "bis Ende 2020" is exact: it is the whole year 2020."""
    return read_moment(re.sub(r"^ende ", "", text, flags=re.IGNORECASE))


def coarser(*given: Precision) -> Precision:
    """The coarsest of some precisions."""
    return min((one for one in given if one), key=PRECISIONS.index, default="")


def _moment(name: str, parts: tuple[str, ...]) -> Moment:
    if name == "part":
        first, last = _PARTS[parts[0].casefold()]
        return _months(int(parts[1]), first, last, "quarter", is_about=True)
    if name == "quarter":
        first = 3 * int(parts[0]) - 2
        return _months(int(parts[1]), first, first + 2, "quarter")
    if name == "day":
        day = date(int(parts[2]), int(parts[1]), int(parts[0]))
        return Moment(day, day, "day")
    if name == "month":
        return _months(int(parts[1]), int(parts[0]), int(parts[0]), "month")
    if name == "named":
        month = MONTHS.index(parts[0].casefold()) + 1
        return _months(int(parts[1]), month, month, "month")
    year = int(parts[0])
    if name == "turn":
        if (year + 1) % 100 != int(parts[1]):
            raise ValueError("not the year after")
        return Moment(date(year, 1, 1), date(year + 1, 12, 31), "year", is_about=True)
    return Moment(date(year, 1, 1), date(year, 12, 31), "year")


def _months(year: int, first: int, last: int, precision: Precision, *, is_about: bool = False) -> Moment:
    return Moment(
        date(year, first, 1), date(year, last, monthrange(year, last)[1]), precision, is_about=is_about
    )


def _reduced(day: date, precision: Precision) -> str:
    if precision == "year":
        return f"{day.year:04}"
    return day.isoformat() if precision == "day" else f"{day.year:04}-{day.month:02}"
