"""Writes rows of the audit as CSV for people and as JSON lines that anybody can verify, chunk by chunk."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils.translation import gettext

from stadt.apps.protocol.queries import Sealed, Search, newest_id, read_chunk
from stadt.web.spreadsheets import harmless


async def stream(search: Search, form: str) -> AsyncIterator[bytes]:
    """The rows there are now, oldest first; memory stays flat."""
    write: Callable[[Sequence[Sealed]], bytes] = write_csv if form == "csv" else write_lines
    if form == "csv":
        yield csv_head()
    last, after = await sync_to_async(newest_id)(), 0
    while rows := await sync_to_async(_read)(search, after, last):
        yield write(rows)
        after = int(rows[-1].fields[0])


def _read(search: Search, after: int, last: int) -> list[Sealed]:
    close_old_connections()
    return read_chunk(search, after, last)


def csv_head() -> bytes:
    """Column titles, after the mark by which spreadsheet programs know UTF-8."""
    titles = [
        gettext("Zeile"), gettext("Zeit (UTC)"), gettext("Art"), gettext("Wer"), gettext("Anfrage"), gettext("Vorgang"),
        gettext("Gegenstand"), gettext("Änderungen"), gettext("Zugang"), gettext("Netz"), gettext("Siegel"), gettext("Prüfwert"),
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + _lines([titles])


def write_csv(rows: Sequence[Sealed]) -> bytes:
    """Rows as lines of CSV; what a spreadsheet would take for a formula gets an apostrophe in front."""
    return _lines([[harmless(cell) for cell in _cells(row)] for row in rows])


def write_lines(rows: Sequence[Sealed]) -> bytes:
    """Rows as JSON lines: `hash` is SHA-256 of the bytes of `previous` and then of `row`; null while not sealed."""
    lines = (
        {
            "seal": row.sequence,
            "previous": row.previous.hex() or None,
            "hash": row.hash.hex() or None,
            "row": row.text,
        }
        for row in rows
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _cells(row: Sealed) -> list[str]:
    pk, at, kind, actor, origin, verb, subject, changes, door, network = row.fields
    told = json.dumps(changes, ensure_ascii=False, sort_keys=True) if changes else ""
    seal = str(row.sequence or "")
    return [
        str(pk),
        at.isoformat(),
        kind,
        actor,
        origin,
        verb,
        subject,
        told,
        door,
        network,
        seal,
        row.hash.hex(),
    ]


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    return file.getvalue().encode()
