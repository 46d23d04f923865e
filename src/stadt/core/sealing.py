"""Seals audit rows into a hash chain, and finds the first row that was changed, removed or slipped in.

Each seal holds SHA-256(previous hash ‖ canonical row). One job seals, so that writers never wait for one another. What the
chain alone cannot show, that its end was cut off or that all of it was computed anew, shows the head kept outside the
database (`core.witness`).
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core import witness
from stadt.core.people.models import AuditEntry, AuditSeal
from stadt.core.witness import Head

logger = logging.getLogger("stadt.audit")

GENESIS = bytes(32)
BATCH = 5_000
LATE_AFTER = timedelta(minutes=10)
LOCK = 0x5EA1  # advisory lock: two workers never seal at once
FIELDS = ("id", "at", "actor_kind", "actor_id", "origin", "verb", "subject", "changes", "door", "network")
NEWER_FIELDS = 2  # door and network, which rows from before they were kept do not have


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a verification: how many rows are sealed, the last hash, and what is broken first (or None)."""

    sealed: int
    head: str
    broken: str | None


def canonical(row: Sequence[Any]) -> bytes:
    """The bytes of a row that are hashed: a JSON array of `FIELDS` in that order, keys sorted, no spaces, UTF-8.

    A row from before the door was kept is an array without its last two fields, as it was when it was sealed. Neither form
    can pass for the other: the arrays differ in length, and every row written since has a door.
    """
    fields = [row[0], row[1].isoformat(), *row[2:]]
    if not row[-NEWER_FIELDS]:
        del fields[-NEWER_FIELDS:]
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chained(previous: bytes, row: Sequence[Any]) -> bytes:
    """The hash of a row that follows one with hash `previous`."""
    return hashlib.sha256(previous + canonical(row)).digest()


def seal() -> None:
    """Seal every row that is committed and not sealed yet, in batches."""
    while _seal_batch() == BATCH:
        pass


def seal_and_witness() -> None:
    """The job `core.seal_audit`: seal, then keep the head outside the database.

    A head that the chain no longer holds is left as it is, so that a chain cut off stays noticed.
    """
    seal()
    last = _last_seal()
    kept = witness.find(settings.STADT.home)
    if last is None or kept.is_forged or (kept.head and _is_missing(kept.head)):
        return
    if kept.head is None or last.sequence > kept.head.sequence:
        witness.keep_head(settings.STADT.home, Head(last.sequence, bytes(last.hash).hex()))


def _last_seal() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-sequence").first()


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    if row is None or not row[0]:
        return 0
    last = _last_seal()
    sequence, previous = (last.sequence, bytes(last.hash)) if last else (0, GENESIS)
    rows = list(AuditEntry.objects.filter(seal__isnull=True).order_by("pk").values_list(*FIELDS)[:BATCH])
    seals = []
    for entry in rows:
        sequence, previous = sequence + 1, chained(previous, entry)
        seals.append(AuditSeal(sequence=sequence, entry_id=entry[0], hash=previous))
    AuditSeal.objects.bulk_create(seals)
    return len(rows)


def verify(since: Head | None = None) -> Verdict:
    """Recompute the chain, or what was added `since` a head that was verified before. Memory stays flat."""
    expected, previous = 0, GENESIS
    if since is not None:
        if _is_missing(since):
            return Verdict(0, previous.hex(), _cut_off(since))
        expected, previous = since.sequence, bytes.fromhex(since.hash)
    for sequence, hashed, entry_id, row in _links(expected):
        expected += 1
        broken = _what_is_wrong(sequence, hashed, entry_id, row, expected, previous)
        if broken:
            return Verdict(expected - 1, previous.hex(), broken)
        previous = hashed
    late = (
        AuditEntry.objects.filter(seal__isnull=True, at__lt=timezone.now() - LATE_AFTER)
        .order_by("pk")
        .first()
    )
    told = _late(late.pk) if late else None
    return Verdict(expected, previous.hex(), told)


def _links(start: int) -> Iterator[tuple[int, bytes, int, tuple[Any, ...] | None]]:
    """Seals after `start` in their order, each with its row; None for a row that is gone."""
    while True:
        links = list(
            AuditSeal.objects.filter(sequence__gt=start)
            .order_by("sequence")
            .values_list("sequence", "hash", "entry_id")[:BATCH]
        )
        if not links:
            return
        found = AuditEntry.objects.filter(pk__in=[link[2] for link in links]).values_list(*FIELDS)
        rows = {row[0]: row for row in found}
        for sequence, hashed, entry_id in links:
            yield sequence, bytes(hashed), entry_id, rows.get(entry_id)
        start = links[-1][0]


def _what_is_wrong(
    sequence: int, hashed: bytes, entry_id: int, row: tuple[Any, ...] | None, expected: int, previous: bytes
) -> str | None:
    if sequence != expected:
        return gettext("Das Siegel %(seal)d fehlt.") % {"seal": expected}
    named = {"row": entry_id, "seal": sequence}
    if row is None:
        return gettext("Zeile %(row)d (Siegel %(seal)d) wurde entfernt.") % named
    if hashed != chained(previous, row):
        return gettext("Zeile %(row)d (Siegel %(seal)d) wurde verändert.") % named
    return None


def _late(row: int) -> str:
    told = gettext("Zeile %(row)d ist seit über zehn Minuten nicht versiegelt: Läuft der Worker?")
    return told % {"row": row}


def _is_missing(head: Head) -> bool:
    """Whether the chain does not hold this head: its end was cut off, or it was computed anew."""
    return not AuditSeal.objects.filter(sequence=head.sequence, hash=bytes.fromhex(head.hash)).exists()


def _cut_off(head: Head) -> str:
    told = gettext(
        "Siegel %(seal)d ist nicht mehr das, das außerhalb der Datenbank vermerkt ist: Das Ende der Kette wurde entfernt oder"
        " die Kette neu berechnet."
    )
    return told % {"seal": head.sequence}


def check_chain() -> str | None:
    """What `stadt doctor` asks: the whole chain, and whether it still holds the head kept outside."""
    return _check(None)


def check_new_links() -> str | None:
    """What is asked every day while the city runs: what was added since the last time."""
    return _check(witness.find(settings.STADT.home).verified)


def _check(since: Head | None) -> str | None:
    kept = witness.find(settings.STADT.home)
    if kept.is_forged:
        return gettext("Der Vermerk der Kette außerhalb der Datenbank (audit-head.json) wurde verändert.")
    verdict = verify(since)
    if verdict.broken is None and kept.head and _is_missing(kept.head):
        return _cut_off(kept.head)
    if verdict.broken is None and verdict.sealed:
        witness.keep_verified(settings.STADT.home, Head(verdict.sealed, verdict.head))
        # Whoever keeps the log elsewhere has the head elsewhere, too.
        logger.info("audit chain verified: sequence=%d hash=%s", verdict.sealed, verdict.head)
    return verdict.broken
