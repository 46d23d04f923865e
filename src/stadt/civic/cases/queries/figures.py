"""Figures of the office: counts for queues, what may be promised, load and quality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stadt.civic.cases.queries.searching import CaseQuery
from stadt.core.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases match, by state, category and organisation (id; None: the city)."""

    states: Mapping[str, int]
    categories: Mapping[str, int]
    organisations: Mapping[int | None, int]
    overdue: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What usually happens: half of the cases like this were done in so many working days; `basis` is how many."""

    median_working_days: int
    basis: int


@dataclass(frozen=True, slots=True)
class Load:
    """Open work of one person (None: nobody) in one organisation."""

    organisation_id: int | None
    assignee_id: int | None
    open: int
    overdue: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a period went, for one organisation. Shares are None where nothing was closed."""

    organisation_id: int | None
    opened: int
    closed: int
    in_time: int
    with_deadline: int
    median_days: float | None
    reopened: int


def counts(actor: Actor, query: CaseQuery) -> Counts:
    """How many cases match, for the queues. Raises Forbidden."""
    raise NotImplementedError


def promise(type_key: str, category: str, district_id: int | None = None) -> Promise | None:
    """From the cases closed in the last 365 days, at least 10 of them; of the district, else of the whole city."""
    raise NotImplementedError


def workload(actor: Actor) -> list[Load]:
    """Open cases by organisation and person where the actor reads cases. Raises Forbidden."""
    raise NotImplementedError


def quality(actor: Actor, since: datetime, until: datetime) -> list[Quality]:
    """Figures by organisation for what was received or closed in the period. Raises Forbidden."""
    raise NotImplementedError
