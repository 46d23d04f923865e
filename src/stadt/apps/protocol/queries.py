"""Reads rows of the audit, newest first, by their id: a page costs the same however many rows there are.

A period is first turned into a range of ids, which every index ends with. Ids and times rise together but for clocks of several
machines that differ; an hour to both sides covers that, and the time itself is compared as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from stadt.core.people.models import AuditEntry, AuditSeal, User
from stadt.core.sealing import FIELDS, canonical

PER_PAGE = 50
CHUNK = 2_000
CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Search:
    """What rows are wanted; an empty field wants all. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    actor_kind: str = ""
    actor_id: str = ""
    verb: str = ""
    subject: str = ""
    door: str = ""
    origin: str = ""

    @property
    def named(self) -> dict[str, str]:
        """What is asked for by name, as the audit keeps it of an export."""
        names = ("actor_kind", "actor_id", "verb", "subject", "door", "origin")
        found = {name: getattr(self, name) for name in names if getattr(self, name)}
        times = {"since": self.since, "until": self.until}
        return {**found, **{name: time.isoformat() for name, time in times.items() if time}}


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows, newest first, and whether there are newer and older ones."""

    rows: list[AuditEntry]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row as an export gives it: its fields, and its seal with the one before, unless it is not sealed yet."""

    fields: Sequence[Any]
    sequence: int | None
    hash: bytes
    previous: bytes

    @property
    def text(self) -> str:
        """What is hashed."""
        return canonical(self.fields).decode()


def find_rows(search: Search, *, before: int | None = None, after: int | None = None) -> Slice:
    """A page of rows: the newest, those older than `before`, or those just newer than `after`."""
    rows = _matching(search).select_related("seal")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PER_PAGE + 1])
        return Slice(found[:PER_PAGE][::-1], len(found) > PER_PAGE, has_older=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PER_PAGE + 1])
    return Slice(found[:PER_PAGE], before is not None, len(found) > PER_PAGE)


def find_row(pk: int) -> Sealed | None:
    """One row with its seal."""
    return next(_with_seals(AuditEntry.objects.filter(pk=pk)), None)


def read_chunk(search: Search, after: int, last: int) -> list[Sealed]:
    """The next rows of an export, oldest first, up to the row with id `last`."""
    rows = _matching(search).filter(pk__gt=after, pk__lte=last).order_by("pk")[:CHUNK]
    return list(_with_seals(rows))


def newest_id() -> int:
    """The id of the newest row; 0 when there is none."""
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def names_of(rows: Sequence[AuditEntry]) -> dict[str, str]:
    """The names that accounts have now, by the id in the rows; one that was removed is missing."""
    wanted = {row.actor_id for row in rows if row.actor_kind == "user"}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=wanted)}


def find_account(email: str) -> int | None:
    """The id of the account with this address."""
    return User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()


def _matching(search: Search) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    for name in ("actor_kind", "actor_id", "verb", "subject", "door", "origin"):
        if value := getattr(search, name):
            rows = rows.filter(**{name: value})
    if search.since:
        first = _edge(AuditEntry.objects.filter(at__gte=search.since - CLOCKS_DIFFER).order_by("at"))
        rows = rows.filter(at__gte=search.since, pk__gte=first) if first else rows.none()
    if search.until:
        last = _edge(AuditEntry.objects.filter(at__lt=search.until + CLOCKS_DIFFER).order_by("-at"))
        rows = rows.filter(at__lt=search.until, pk__lte=last) if last else rows.none()
    return rows


def _edge(rows: QuerySet[AuditEntry]) -> int | None:
    return rows.values_list("pk", flat=True).first()


def _with_seals(rows: QuerySet[AuditEntry]) -> Iterator[Sealed]:
    found = list(rows.values_list(*FIELDS, "seal__sequence", "seal__hash"))
    wanted = [row[-2] - 1 for row in found if row[-2]]
    before = dict(AuditSeal.objects.filter(sequence__in=wanted).values_list("sequence", "hash"))
    for *fields, sequence, hashed in found:
        previous = bytes(before.get((sequence or 0) - 1, b"")) or (bytes(32) if sequence == 1 else b"")
        yield Sealed(fields, sequence, bytes(hashed or b""), previous)
