"""Reads the record: the strategy on a day as known at a moment, and the history of an item."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.record.content import Content, Item, decode, kind_of
from stadt.apps.strategy.record.difference import Difference, difference
from stadt.apps.strategy.record.models import Edition, ItemVersion
from stadt.apps.strategy.record.printed import printed_content
from stadt.apps.strategy.record.states import EditionState
from stadt.core.errors import NotFound
from stadt.core.once import once_a_page

KEPT_STATES = 64
Made = TypeVar("Made")


@once_a_page
def revision() -> int:
    """The number of the newest version in the store, 0 where nothing was imported; it grows with every write. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM strategy_itemversion")
        return int(cursor.fetchone()[0])


def strategy_at(
    valid: date | None = None, known: datetime | None = None, edition: str | None = None
) -> Content:
    """The strategy as it is true on a day (today), as it was known at a moment (now); or an edition.

    Where nothing was imported yet, today's strategy is what the city's files say. A state is read once per process and
    kept until somebody writes, so it must not be changed; asking again costs one short query.

    Raises:
        NotFound: there is no edition of that name.
    """
    if edition is not None:
        row = get_edition(edition)
        valid, known = row.valid_on, row.known_at
    now = revision()
    if not now:
        return printed_content()
    day = valid or timezone.localdate()
    return _read(now, day, known)


def derived(make: Callable[[Content], Made]) -> Callable[[], Made]:
    """A reading of today's strategy that is made once for each state of it, such as the pages' own view of it."""
    kept: list[tuple[Content, Made]] = []

    def reading() -> Made:
        content = strategy_at()
        for known, made in kept:
            if known is content:
                return made
        made = make(content)
        kept[:] = [(content, made)]
        return made

    return reading


@lru_cache(maxsize=KEPT_STATES)
def _read(now: int, valid: date, known: datetime | None) -> Content:
    """`now` is what makes an older reading stale."""
    return Content(decode(body) for body in _rows(valid, known).values_list("body", flat=True))


def _rows(valid: date, known: datetime | None) -> QuerySet[ItemVersion]:
    then = Q(superseded_at=None)
    if known is not None:
        then = Q(recorded_at__lte=known) & (Q(superseded_at=None) | Q(superseded_at__gt=known))
    return ItemVersion.objects.filter(
        then, Q(valid_to=None) | Q(valid_to__gt=valid), valid_from__lte=valid
    ).order_by("id")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item in its history.

    `is_known` says that it still counts; otherwise a later decision replaced what was known. `change_request` is the id of
    the request that led to it, None for the import.
    """

    number: int
    item: Item
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    superseded_at: datetime | None
    change_request: int | None
    reason: str

    @property
    def is_known(self) -> bool:
        return self.superseded_at is None


def history_of(code: str) -> list[Version]:
    """Every version of an item that was ever recorded, oldest first; numbers start at 1 and never change.

    Where a later version cut an older one short, the older one keeps its number and gets its end. Empty for a code that
    was never given.
    """
    found: dict[tuple[str, int | None, str, date], Version] = {}
    for row in ItemVersion.objects.filter(code=code).order_by("id") if kind_of(code) else ():
        key = (row.body, row.change_request_id, row.reason, row.valid_from)
        first = found.get(key)
        found[key] = Version(
            first.number if first else len(found) + 1,
            decode(row.body),
            row.valid_from,
            row.valid_to,
            first.recorded_at if first else row.recorded_at,
            row.superseded_at,
            row.change_request_id,
            row.reason,
        )
    return list(found.values())


def changed_by(change_request: int) -> Difference:
    """What a decided change request changed, on the first day on which it is true. Two queries."""
    first: dict[str, ItemVersion] = {}
    for row in ItemVersion.objects.filter(change_request_id=change_request).order_by("id"):
        first.setdefault(row.code, row)
    replaced = ItemVersion.objects.filter(
        code__in=first, superseded_at__in={row.recorded_at for row in first.values()}
    )
    before = [
        row
        for row in replaced.order_by("id")
        if row.superseded_at == first[row.code].recorded_at
        and row.valid_from <= first[row.code].valid_from
        and (row.valid_to is None or row.valid_to > first[row.code].valid_from)
    ]
    return difference(
        Content(decode(row.body) for row in before), Content(decode(row.body) for row in first.values())
    )


def adopted_with(edition: str) -> Difference | None:
    """What an adopted edition changed against the one that it took the place of; None for the first one."""
    found = get_edition(edition)
    older = Edition.objects.filter(superseded_at=found.adopted_at).first() if found.adopted_at else None
    return difference(strategy_at(edition=older.name), strategy_at(edition=edition)) if older else None


def find_version(code: str, number: int) -> Version | None:
    """One version of an item by its number."""
    return next((version for version in history_of(code) if version.number == number), None)


def list_editions(*, drafts: bool = False) -> list[Edition]:
    """Editions, newest first; drafts are for those who see internal pages."""
    found = Edition.objects.order_by("-valid_on", "-pk")
    return list(found if drafts else found.exclude(state=EditionState.DRAFT))


def get_edition(name: str) -> Edition:
    """Raises NotFound."""
    found = Edition.objects.filter(name=name).first() if "\x00" not in name else None
    if found is None:
        raise NotFound(gettext("Diese Fassung der Strategie gibt es nicht."))
    return found


def current_edition() -> Edition | None:
    """The edition in force, None where nothing was imported or adopted."""
    return Edition.objects.filter(state=EditionState.ADOPTED).first()
