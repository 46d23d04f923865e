"""Search over the cases somebody may see, page by page."""

from dataclasses import dataclass
from datetime import datetime

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor

ORDERS = ("newest", "oldest", "due", "priority", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """What is looked for; empty means: whatever.

    Attributes:
        words: words of the text (German stems), a reference or a part of an address.
        near: lon, lat in WGS 84 degrees and metres.
        is_open: True for open cases, False for closed ones.
        assignee: id of a person.
        order: one of `ORDERS`.
        cursor: `next_cursor` of the page before.
    """

    words: str = ""
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()
    organisations: tuple[int, ...] = ()
    assignee: int | None = None
    contractor: int | None = None
    district: int | None = None
    quarter: int | None = None
    overdue: bool = False
    unassigned: bool = False
    is_open: bool | None = None
    with_duplicates: bool = True
    near: tuple[float, float, float] | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: str = "newest"
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases with organisation and assignee; `total_bounded` counts up to 1,001 and then means: more."""

    rows: list[Case]
    next_cursor: str
    total_bounded: int


def search_cases(actor: Actor, query: CaseQuery, limit: int = 50) -> CasePage:
    """The cases that match and may be seen. Raises Invalid naming `cursor`, `order` or `near`; Forbidden."""
    raise NotImplementedError
