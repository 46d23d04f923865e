"""Writes versions of items: the only place that does, under one lock, so that moments of recording follow one another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from stadt.apps.strategy.record.content import Item, decode, encode, kind_of
from stadt.apps.strategy.record.models import ItemVersion

LOCK = 0x57A7_0001  # of PostgreSQL's advisory locks: whoever writes the strategy waits for whoever else does


@dataclass(frozen=True, slots=True)
class Mark:
    """When, by whom, by which request and by which kind of change something is recorded; `moment` comes from `lock`."""

    moment: datetime
    who: str
    change_request: int | None = None
    reason: str = ""


def lock() -> datetime:
    """Wait until nobody else writes; returns the moment under which this transaction records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def add(items: Iterable[Item], valid_from: date, mark: Mark) -> None:
    """Record items that were not there before, true from a day on. Call `lock` first."""
    ItemVersion.objects.bulk_create(
        ItemVersion(
            code=item.code,
            kind=kind_of(item.code),
            body=encode(item).decode(),
            valid_from=valid_from,
            recorded_at=mark.moment,
            recorded_by=mark.who,
            change_request_id=mark.change_request,
            reason=mark.reason,
        )
        for item in items
    )


def rewrite(code: str, edit: Callable[[Item], Item], valid_from: date, mark: Mark) -> None:
    """Record that an item is otherwise from a day on, also in the versions that begin later. Call `lock` first.

    What was true before that day stays true, what was known before stays known.
    """
    rows = list(_known(code).filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).order_by("valid_from"))
    ItemVersion.objects.filter(pk__in=[row.pk for row in rows]).update(superseded_at=mark.moment)
    written = []
    for row in rows:
        begin = max(row.valid_from, valid_from)
        if row.valid_from < valid_from:
            written.append(_like(row, mark.moment, row.valid_from, valid_from))
        new = _like(row, mark.moment, begin, row.valid_to)
        new.body = encode(edit(decode(row.body))).decode()
        new.recorded_by, new.change_request_id, new.reason = mark.who, mark.change_request, mark.reason
        written.append(new)
    ItemVersion.objects.bulk_create(written)


def versions_from(code: str, valid_from: date) -> list[Item]:
    """What is known to be true of an item on a day and later, in order; empty where it is not there on that day."""
    rows = list(_known(code).filter(Q(valid_to=None) | Q(valid_to__gt=valid_from)).order_by("valid_from"))
    if not rows or rows[0].valid_from > valid_from:
        return []
    return [decode(row.body) for row in rows]


def is_taken(code: str) -> bool:
    """Whether a code was ever given, on whatever day."""
    return ItemVersion.objects.filter(code=code).exists()


def given_codes(kind: str) -> set[str]:
    """Every code of a kind that was ever given, on whatever day."""
    return set(ItemVersion.objects.filter(kind=kind).values_list("code", flat=True).distinct())


def _known(code: str) -> "QuerySet[ItemVersion]":
    return ItemVersion.objects.filter(code=code, superseded_at=None)


def _like(row: ItemVersion, moment: datetime, begin: date, end: date | None) -> ItemVersion:
    return ItemVersion(
        code=row.code,
        kind=row.kind,
        body=row.body,
        valid_from=begin,
        valid_to=end,
        recorded_at=moment,
        recorded_by=row.recorded_by,
        change_request_id=row.change_request_id,
        reason=row.reason,
    )


def find_newest(code: str) -> Item | None:
    """What is known to be true of an item today; of one that begins later, what is true then."""
    return newest_of((code,)).get(code)


def newest_of(codes: Iterable[str]) -> dict[str, Item]:
    """The same for several items by code, without those that are not there. One query."""
    known = ItemVersion.objects.filter(code__in=set(codes), superseded_at=None)
    rows = known.filter(Q(valid_to=None) | Q(valid_to__gt=timezone.localdate())).order_by(
        "code", "-valid_from"
    )
    return {code: decode(body) for code, body in dict(rows.values_list("code", "body")).items()}
