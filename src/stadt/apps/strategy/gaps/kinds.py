"""What a gap is: a question to the strategy with its sentences, and what the answer looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from stadt.apps.strategy.gaps.contributed import Fact
from stadt.apps.strategy.gaps.state import State


class About(StrEnum):
    """What a gap is found in."""

    INDICATOR = "indicator"
    MEASURE = "measure"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a gap's list. `title` is printed German, `note` is in the reader's language."""

    code: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is missing, out of how many, and of which items nobody can say yet."""

    entries: tuple[Entry, ...]
    total: int
    unknown: tuple[Entry, ...] = ()

    @property
    def count(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind of gap.

    Attributes:
        key: its address.
        title: what is counted, `meaning`: why it matters, `closing`: what would close it; German message ids.
        find: the items it is found in.
        where: name of the page where it is closed, or the fact whose page another app tells; it may be missing.
    """

    key: str
    about: About
    title: str
    meaning: str
    closing: str
    find: Callable[[State], Found]
    where: str | Fact = ""
