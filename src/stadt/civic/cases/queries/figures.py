"""Figures of the office: counts for queues, what may be promised, load and quality."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Literal

from django.db.models import Aggregate, Count, F, FloatField, Min, Q
from django.db.models.functions import Extract
from django.utils import timezone

from stadt.civic.cases import access
from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.clock import calendar_of_city
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries.searching import CaseQuery, matching
from stadt.core.people.actor import Actor

FEWEST = 10
"""Below this many closed cases nothing is promised."""
MOST_LOOKED_AT = 1000
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases match, by state, category and organisation (id; None: the city).

    `by_state` and `by_category` tell types apart that use the same key: type and key → number.
    """

    total: int
    states: Mapping[str, int]
    faces: Mapping[str, int]
    categories: Mapping[str, int]
    organisations: Mapping[int | None, int]
    overdue: int
    unassigned: int
    by_state: Mapping[tuple[str, str], int]
    by_category: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Promise:
    """What usually happens: half of the cases like this were done in so many working days; `basis` is how many.

    `is_example`: invented cases are among them, so that whoever repeats it says so.
    """

    median_working_days: int
    basis: int
    is_example: bool = False


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
    """How well a period went, for one organisation, or for one category of a type. `median_days` is None where nothing was closed."""

    organisation_id: int | None
    opened: int
    closed: int
    in_time: int
    with_deadline: int
    median_days: float | None
    reopened: int
    type_key: str = ""
    category: str = ""


class Median(Aggregate):
    """The middle value, between the two middle ones if their number is even."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def counts(actor: Actor, query: CaseQuery) -> Counts:
    """How many cases match, for the queues. One query. Raises SignInNeeded, Forbidden, Invalid."""
    rows = (
        matching(actor, query)
        .order_by()
        .values_list("type_key", "state", "face", "category", "organisation_id")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(closed_at=None, due_at__lt=timezone.now())),
            free=Count("pk", filter=Q(closed_at=None, assignee=None)),
        )
    )
    states: Counter[str] = Counter()
    faces: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    organisations: Counter[int | None] = Counter()
    by_state: Counter[tuple[str, str]] = Counter()
    by_category: Counter[tuple[str, str]] = Counter()
    total = overdue = unassigned = 0
    for type_key, state, face, category, organisation, number, late, free in rows:
        states[state] += number
        faces[face] += number
        categories[category] += number
        organisations[organisation] += number
        by_state[type_key, state] += number
        by_category[type_key, category] += number
        total, overdue, unassigned = total + number, overdue + late, unassigned + free
    return Counts(total, states, faces, categories, organisations, overdue, unassigned, by_state, by_category)


def promise(type_key: str, category: str, district_id: int | None = None) -> Promise | None:
    """From the newest thousand cases done in the last 365 days, at least 10; of the district, else of the whole city.

    Real cases alone where there are enough; invented ones count only while there are too few of them, and then marked.
    """
    real, all_of_them = Q(is_example=False), Q()
    for among in (real, all_of_them):
        found = _promise(type_key, category, district_id, among)
        if found is not None:
            return found
    return None


def _promise(type_key: str, category: str, district_id: int | None, among: Q) -> Promise | None:
    done = (
        Case.objects.filter(
            among,
            type_key=type_key,
            category=category,
            face=str(Face.DONE),
            closed_at__gt=timezone.now() - YEAR,
        )
        .order_by("-closed_at")
        .values_list("received_at", "closed_at", "is_example")
    )
    calendar = calendar_of_city()
    for wanted in (done.filter(district_id=district_id) if district_id else None, done):
        rows = list(wanted[:MOST_LOOKED_AT]) if wanted is not None else []
        if len(rows) >= FEWEST:
            took = [max(calendar.working_days(first, last), 0) for first, last, _ in rows if last is not None]
            return Promise(median_low(took), len(took), any(is_example for *_, is_example in rows))
    return None


def workload(actor: Actor) -> list[Load]:
    """Open cases by organisation and person where the actor sees cases. One query. Raises SignInNeeded, Forbidden."""
    rows = (
        Case.objects.filter(access.seen_by(actor), closed_at=None, duplicate_of=None)
        .values_list("organisation_id", "assignee_id")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=timezone.now())),
            oldest=Min("received_at"),
        )
        .order_by("organisation_id", "assignee_id")
    )
    return [Load(*row) for row in rows]


def has_examples(actor: Actor) -> bool:
    """Whether invented cases are among those that the actor sees, so that figures over them say so."""
    return Case.objects.filter(access.seen_by(actor), is_example=True).exists()


def quality(
    actor: Actor, since: datetime, until: datetime, by: Literal["organisation", "category"] = "organisation"
) -> list[Quality]:
    """Figures by organisation, or by type and category, for what was received or closed in the period. Raises SignInNeeded, Forbidden."""
    closed = Q(closed_at__gte=since, closed_at__lt=until)
    with_deadline = closed & Q(due_at__isnull=False)
    columns = ("organisation_id",) if by == "organisation" else ("type_key", "category")
    rows = (
        Case.objects.filter(
            access.seen_by(actor),
            Q(received_at__gte=since, received_at__lt=until) | closed,
            duplicate_of=None,
        )
        .values_list(*columns)
        .annotate(
            opened=Count("pk", filter=Q(received_at__gte=since, received_at__lt=until)),
            closed=Count("pk", filter=closed),
            in_time=Count("pk", filter=with_deadline & Q(closed_at__lte=F("due_at"))),
            with_deadline=Count("pk", filter=with_deadline),
            median=Median(Extract(F("closed_at") - F("received_at"), "epoch") / 86_400.0, filter=closed),
            again=Count("pk", filter=closed & Q(reopened__gt=0)),
        )
        .order_by(*columns)
    )
    if by == "organisation":
        return [Quality(*row) for row in rows]
    return [Quality(None, row[2], row[3], row[4], row[5], row[6], row[7], row[0], row[1]) for row in rows]
