"""Verifies an export of the audit without the city: each row against its seal, and each seal against the one before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.core.witness import Head


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: rows with a seal and without, gaps between seals, the last seal, and what is broken first."""

    sealed: int
    unsealed: int
    gaps: int
    head: Head | None
    broken: str | None


def verify_lines(lines: Iterable[str], expected: Head | None = None) -> Reading:
    """Read JSON lines as the protocol exports them; `expected` must be among the seals. Memory: 100 bytes a row."""
    hashes: dict[int, str] = {}
    links: dict[int, str] = {}
    unsealed = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            seal, previous, hashed, row = (found[name] for name in ("seal", "previous", "hash", "row"))
            if seal is None:
                unsealed += 1
                continue
            computed = hashlib.sha256(bytes.fromhex(previous) + row.encode()).hexdigest()
        except (ValueError, TypeError, KeyError, AttributeError):
            return _reading(hashes, links, unsealed, gettext("Zeile %d der Datei ist nicht lesbar.") % number)
        if computed != hashed or hashes.get(seal, hashed) != hashed:
            told = gettext("Zeile %(line)d der Datei (Siegel %(seal)d) wurde verändert.")
            return _reading(hashes, links, unsealed, told % {"line": number, "seal": seal})
        hashes[seal], links[seal] = hashed, previous
    return _reading(hashes, links, unsealed, _broken_link(hashes, links) or _missing(hashes, expected))


def _broken_link(hashes: dict[int, str], links: dict[int, str]) -> str | None:
    for seal in sorted(hashes):
        if hashes.get(seal - 1, links[seal]) != links[seal]:
            return gettext("Siegel %d schließt nicht an das vorige an.") % seal
    return None


def _missing(hashes: dict[int, str], expected: Head | None) -> str | None:
    if expected is None or hashes.get(expected.sequence) == expected.hash:
        return None
    return gettext("Das Siegel %d mit dem erwarteten Prüfwert ist nicht in der Datei.") % expected.sequence


def _reading(hashes: dict[int, str], links: dict[int, str], unsealed: int, broken: str | None) -> Reading:
    last = max(hashes, default=0)
    gaps = sum(1 for seal in hashes if seal > 1 and seal - 1 not in hashes)
    head = Head(last, hashes[last]) if last else None
    return Reading(len(hashes), unsealed, gaps, head, broken)
