"""The first rows of a file as they stand there, each with what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.hub.datasets.declaration import ColumnType
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
    rows = [(kind_of(reading, row), row) for row in (*reading.above, *reading.sample)]
    rows += [("footer", row) for row in reading.below]
    return [_row(reading, kind, row, width) for kind, row in rows]


def _row(reading: Reading, kind: str, row: SampleRow, width: int) -> FileRow:
    word, look = {
        "title": (gettext("Titel, wird nicht gelesen"), Look.NEUTRAL),
        "header": (gettext("Überschrift"), Look.INFO),
        "totals": (gettext("Summe, bleibt"), Look.WARNING)
        if reading.keep_totals
        else (gettext("Summe, wird weggelassen"), Look.WARNING),
        "labelled": (gettext("Summe, wird weggelassen"), Look.WARNING),
        "footer": (gettext("Fußnote, wird nicht gelesen"), Look.NEUTRAL),
        "row": ("", Look.NEUTRAL),
    }[kind]
    cells = row.cells[:width]
    return FileRow(row.number, kind, word, look, [*cells, *[""] * (width - len(cells))])


def is_left_out(reading: Reading, row: SampleRow) -> bool:
    """Whether a row of the table is a sum that does not come into it."""
    kind = kind_of(reading, row)
    return kind == "labelled" or (kind == "totals" and not reading.keep_totals)


def kind_of(reading: Reading, row: SampleRow) -> str:
    """`title`, `header`, `totals`, `labelled` (a person knows it as a sum) or `row`."""
    if reading.format.is_text and row.number <= reading.skipped_rows:
        return "title"
    if reading.format.is_text and row.number <= reading.skipped_rows + reading.header_rows:
        return "header"
    texts = [column.at for column in reading.columns if column.type is ColumnType.TEXT]
    if any(at < len(row.cells) and row.cells[at].strip() in reading.total_words for at in texts):
        return "labelled"
    return "totals" if reading.format.is_text and row.number in reading.totals else "row"
