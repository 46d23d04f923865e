"""The first rows of a file as they stand there, each with what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.hub.intake import Reading, SampleRow
from stadt.web.maps import State as Look

CELLS = 12


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file: its number, what it is, and its first cells."""

    number: int
    kind: str
    word: str
    look: Look
    cells: Sequence[str]


def file_rows(reading: Reading) -> list[FileRow]:
    """The rows above the table, its first ones, and those below it."""
    width = min(CELLS, max((len(row.cells) for row in reading.sample), default=CELLS))
    rows = [(kind_of(reading, row.number), row) for row in (*reading.above, *reading.sample)]
    rows += [("footer", row) for row in reading.below]
    return [_row(reading, kind, row, width) for kind, row in rows]


def _row(reading: Reading, kind: str, row: SampleRow, width: int) -> FileRow:
    word, look = {
        "title": (gettext("Titel, wird nicht gelesen"), Look.NEUTRAL),
        "header": (gettext("Überschrift"), Look.INFO),
        "totals": (gettext("Summe, bleibt"), Look.WARNING)
        if reading.keep_totals
        else (gettext("Summe, wird weggelassen"), Look.WARNING),
        "footer": (gettext("Fußnote, wird nicht gelesen"), Look.NEUTRAL),
        "row": ("", Look.NEUTRAL),
    }[kind]
    cells = row.cells[:width]
    return FileRow(row.number, kind, word, look, [*cells, *[""] * (width - len(cells))])


def kind_of(reading: Reading, number: int) -> str:
    """`title`, `header`, `totals` or `row`, by the row's number in the file (from 1)."""
    if not reading.format.is_text:
        return "row"
    if number <= reading.skipped_rows:
        return "title"
    if number <= reading.skipped_rows + reading.header_rows:
        return "header"
    return "totals" if number in reading.totals else "row"
