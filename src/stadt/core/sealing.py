"""Seals audit rows into a hash chain, and finds the first row that was changed, removed or slipped in.

Each seal holds SHA-256(previous hash ‖ canonical row). One job seals, so that writers never wait for one another.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.people.models import AuditEntry, AuditSeal

GENESIS = bytes(32)
BATCH = 5_000
LATE_AFTER = timedelta(minutes=10)
LOCK = 0x5EA1  # advisory lock: two workers never seal at once


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a verification: how many rows are sealed, the last hash, and what is broken first (or None)."""

    sealed: int
    head: str
    broken: str | None


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of a row that are hashed: a JSON array in a fixed order with sorted keys."""
    fields = [
        entry.pk,
        entry.at.isoformat(),
        entry.actor_kind,
        entry.actor_id,
        entry.origin,
        entry.verb,
        entry.subject,
        entry.changes,
    ]
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chained(previous: bytes, entry: AuditEntry) -> bytes:
    """The hash of a row that follows one with hash `previous`."""
    return hashlib.sha256(previous + canonical(entry)).digest()


def seal() -> None:
    """Seal every row that is committed and not sealed yet, in batches; the job `core.seal_audit`."""
    while _seal_batch() == BATCH:
        pass


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    if row is None or not row[0]:
        return 0
    last = AuditSeal.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, GENESIS)
    entries = list(AuditEntry.objects.filter(seal__isnull=True).order_by("pk")[:BATCH])
    seals = []
    for entry in entries:
        sequence, previous = sequence + 1, chained(previous, entry)
        seals.append(AuditSeal(sequence=sequence, entry_id=entry.pk, hash=previous))
    AuditSeal.objects.bulk_create(seals)
    return len(entries)


def verify() -> Verdict:
    """Recompute the whole chain. Memory stays flat; about 100,000 rows a second."""
    expected, previous = 0, GENESIS
    for link, entry in _links():
        expected += 1
        broken = _what_is_wrong(link, entry, expected, previous)
        if broken:
            return Verdict(expected - 1, previous.hex(), broken)
        previous = bytes(link.hash)
    late = (
        AuditEntry.objects.filter(seal__isnull=True, at__lt=timezone.now() - LATE_AFTER)
        .order_by("pk")
        .first()
    )
    told = _late(late.pk) if late else None
    return Verdict(expected, previous.hex(), told)


def _links() -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    start = 0
    while True:
        links = list(AuditSeal.objects.filter(sequence__gt=start).order_by("sequence")[:BATCH])
        if not links:
            return
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in links])
        for link in links:
            yield link, entries.get(link.entry_id)
        start = links[-1].sequence


def _what_is_wrong(link: AuditSeal, entry: AuditEntry | None, expected: int, previous: bytes) -> str | None:
    if link.sequence != expected:
        return gettext("Das Siegel %(seal)d fehlt.") % {"seal": expected}
    named = {"row": link.entry_id, "seal": link.sequence}
    if entry is None:
        return gettext("Zeile %(row)d (Siegel %(seal)d) wurde entfernt.") % named
    if bytes(link.hash) != chained(previous, entry):
        return gettext("Zeile %(row)d (Siegel %(seal)d) wurde verändert.") % named
    return None


def _late(row: int) -> str:
    told = gettext("Zeile %(row)d ist seit über zehn Minuten nicht versiegelt: Läuft der Worker?")
    return told % {"row": row}


def check_chain() -> str | None:
    """What `stadt doctor` asks."""
    return verify().broken
