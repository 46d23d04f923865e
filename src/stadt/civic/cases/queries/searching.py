"""Search over the cases somebody may see, page by page."""

import base64
import binascii
import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access
from stadt.civic.cases.models import Case
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor

ORDERS = ("newest", "oldest", "due", "priority", "changed")
MOST_COUNTED = 1000
MOST_ROWS = 200
LONGEST_WORDS = 200
METRES_PER_DEGREE = 111_320.0
WITH = ("organisation", "contractor", "assignee")
REFERENCE_PART = re.compile(r"^[2-9A-HJ-NP-Z]{2,4}-?[2-9A-HJ-NP-Z]{0,4}$", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Key:
    """One column that rows are ordered by; `far` stands for its gaps, which come last."""

    name: str
    is_descending: bool
    far: Any = None


FAR = datetime.max.replace(microsecond=0, tzinfo=timezone.get_fixed_timezone(0))
KEYS = {
    "newest": (Key("received_at", True), Key("id", True)),
    "oldest": (Key("received_at", False), Key("id", False)),
    "changed": (Key("changed_at", True), Key("id", True)),
    "due": (Key("due_at", False, FAR), Key("id", False)),
    "priority": (Key("priority", True), Key("received_at", False), Key("id", False)),
}


def search_cases(actor: Actor, query: CaseQuery, limit: int = 50) -> CasePage:
    """The cases that match and may be seen.

    Raises:
        SignInNeeded, Forbidden: for whoever sees no cases at all.
        Invalid: naming `cursor`, `order`, `words` or `near`.
    """
    keys = KEYS.get(query.order)
    if keys is None:
        raise _invalid("order")
    limit = max(1, min(limit, MOST_ROWS))
    found = matching(actor, query)
    total = found.values("pk")[: MOST_COUNTED + 1].count()
    rows = list(page(found, keys, query.cursor, limit + 1))
    more = len(rows) > limit
    return CasePage(rows[:limit], cursor_of(query.order, keys, rows[limit - 1]) if more else "", total)


def matching(actor: Actor, query: CaseQuery) -> QuerySet[Case]:
    """The cases that match and may be seen, in no order. Raises as `search_cases`."""
    found = Case.objects.filter(access.seen_by(actor), _facts(query))
    if query.words.strip():
        found = found.filter(_words(query.words))
    if query.near is not None:
        found = found.filter(near(*query.near))
    return found


def page(found: QuerySet[Case], keys: tuple[Key, ...], cursor: str, limit: int) -> QuerySet[Case]:
    """So many rows after the cursor, in the order of the keys."""
    if cursor:
        found = found.filter(_after(keys, _position(cursor, keys)))
    order = [
        F(key.name).desc() if key.is_descending else F(key.name).asc(nulls_last=True if key.far else None)
        for key in keys
    ]
    return found.select_related(*WITH).defer("search").order_by(*order)[:limit]


def _facts(query: CaseQuery) -> Q:
    found = Q()
    for name, values in (
        ("type_key", query.types),
        ("category", query.categories),
        ("state", query.states),
        ("face", query.faces),
        ("organisation_id", query.organisations),
    ):
        if values:
            found &= Q(**{f"{name}__in": values})
    for name, value in (
        ("assignee_id", query.assignee),
        ("contractor_id", query.contractor),
        ("district_id", query.district),
        ("quarter_id", query.quarter),
    ):
        if value is not None:
            found &= Q(**{name: value})
    if query.unassigned:
        found &= Q(assignee=None, closed_at=None)
    if query.overdue:
        found &= Q(closed_at=None, due_at__lt=timezone.now())
    if query.is_open is not None:
        found &= Q(closed_at__isnull=query.is_open)
    if not query.with_duplicates:
        found &= Q(duplicate_of=None)
    if query.since is not None:
        found &= Q(received_at__gte=query.since)
    if query.until is not None:
        found &= Q(received_at__lt=query.until)
    return found


def _words(words: str) -> Q:
    """German stems in the text, or a part of the address or of the reference."""
    wanted = " ".join(words.split())
    if len(wanted) > LONGEST_WORDS or "\x00" in wanted:
        raise _invalid("words")
    found = Q(search=SearchQuery(wanted, config="german", search_type="websearch"))
    if len(wanted) > 2:
        found |= Q(address__icontains=wanted)
    if REFERENCE_PART.match(wanted):
        found |= Q(reference__contains=wanted.upper())
    return found


def near(lon: float, lat: float, metres: float) -> Q:
    """Cases in the square around a point. Raises Invalid."""
    if (
        not all(math.isfinite(number) for number in (lon, lat, metres))
        or not 0 < metres <= 50_000
        or abs(lat) > 85
    ):
        raise _invalid("near")
    return Q(pk__in=RawSQL(NEAR, box(lon, lat, metres)))  # noqa: S611  # constant text, numbers as parameters


NEAR = "SELECT id FROM cases_case WHERE point(lon, lat) <@ box(point(%s, %s), point(%s, %s))"


def box(lon: float, lat: float, metres: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a square around a point, in degrees."""
    up = metres / METRES_PER_DEGREE
    aside = up / math.cos(math.radians(lat))
    return lon - aside, lat - up, lon + aside, lat + up


def _after(keys: tuple[Key, ...], position: list[Any]) -> Q:
    """Rows that come after the position: greater in the first key, or equal there and greater in the next, …"""
    found, equal = Q(), Q()
    for key, value in zip(keys, position, strict=True):
        if value is None:
            beyond = Q(pk__in=())
            same = Q(**{f"{key.name}__isnull": True})
        else:
            beyond = Q(**{f"{key.name}__{'lt' if key.is_descending else 'gt'}": value})
            if key.far is not None:
                beyond |= Q(**{f"{key.name}__isnull": True})
            same = Q(**{key.name: value})
        found |= equal & beyond
        equal &= same
    return found


def cursor_of(order: str, keys: tuple[Key, ...], row: Case) -> str:
    """Where a page ended, for the next one."""
    values = [getattr(row, key.name) for key in keys]
    told = [order, *(value.isoformat() if isinstance(value, datetime) else value for value in values)]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _position(cursor: str, keys: tuple[Key, ...]) -> list[Any]:
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        order, *values = told
        if KEYS[order] != keys or len(values) != len(keys):
            raise _invalid("cursor")
        return [_value(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise _invalid("cursor") from None


def _value(key: Key, value: Any) -> Any:
    if key.name.endswith("_at"):
        if value is None and key.far is not None:
            return None
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError
    return value


def _invalid(field: str) -> Invalid:
    reason = gettext("ist nicht zu verstehen")
    return Invalid(gettext("Die Suche ist so nicht möglich."), fields=(FieldError(field, reason),))
