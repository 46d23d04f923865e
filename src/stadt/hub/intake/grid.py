"""Rows of text cells, and where in them the table is: titles above, headings, body, footnotes below."""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from stadt.hub.intake.values import is_date_like, is_number_like, is_year_like

HEAD_ROWS = 60
MAX_HEADER = 5
_FOOTNOTE = re.compile(
    r"^(quellen?\b|\*|[¹²³]|\d\)|anm(erkung)?(en)?\b|hinweise?\b|stand\b|©|\(c\)|legende\b|fußnote|erläuterung|zeichenerklärung|datenstand)",
    re.IGNORECASE,
)
_UNIT_WORD = re.compile(
    r"^(in\s+\S+|%|€|anzahl|[\[(].{1,12}[\])]|je\s.+|absolut|ha|km²?|m[²³]?|t|kg|eur)$", re.IGNORECASE
)

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text. `numbers` are the rows' numbers in the file (from 1), `is_whole` whether all rows are here.

    `merged` are merged cells as (first row, first column, last row, last column), counted from 0, both ends included.
    """

    rows: list[list[str]]
    numbers: list[int]
    tail: list[list[str]] = field(default_factory=list)
    is_whole: bool = True
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def width(self) -> int:
        """Number of cells of the widest row."""
        return max((len(row) for row in (*self.rows, *self.tail)), default=0)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table is: rows above, rows of headings, rows below, and the headings joined."""

    skipped: int
    header: int
    footer: int
    headings: tuple[str, ...]


def filled(row: Row) -> int:
    """How many cells have something in them."""
    return sum(1 for cell in row if cell)


def find_layout(
    grid: Grid, skipped: int | None = None, header: int | None = None, footer: int | None = None
) -> Layout:
    """Where the table is, as far as a person did not say it."""
    width = grid.width
    if header is None or skipped is None:
        start, depth = _find_header(grid.rows[:HEAD_ROWS], width)
        if skipped is not None:
            depth = depth if skipped == start else 1
            start = skipped
        header = depth if header is None else header
        skipped = start if skipped is None else skipped
    end = grid.rows if grid.is_whole else grid.tail
    room = len(end) - (skipped + header if grid.is_whole else 0)
    footer = min(_find_footer(end, width, room), room) if footer is None else min(footer, max(room, 0))
    headings = _join(grid, skipped, header, width)
    return Layout(skipped, header, footer, headings)


def _find_header(rows: list[list[str]], width: int) -> tuple[int, int]:
    """Number of rows above the headings, and number of rows of headings."""
    data = _first_data_row(rows, width)
    if data == 0:
        return 0, 0
    last = data - 1
    while last > 0 and not filled(rows[last]):
        last -= 1
    if not filled(rows[last]) or (filled(rows[last]) == 1 and width > 2):
        return data, 0
    first = last
    while first > 0 and last - first + 1 < MAX_HEADER and _spans(rows[first - 1], rows[first], width):
        first -= 1
    return first, data - first


def _spans(upper: Row, lower: Row, width: int) -> bool:
    """Whether the upper row is a row of headings too: it names groups of the lower row's columns."""
    if filled(upper) < 2 or any(is_number_like(cell) and not is_year_like(cell) for cell in upper if cell):
        return False
    if any(is_date_like(cell) for cell in upper if cell) or any(len(cell) > 80 for cell in upper):
        return False
    below = [cell for cell in lower if cell]
    repeats = len(set(below)) < len(below)
    gaps = any(not _cell(lower, at) and _cell(upper, at) for at in range(width))
    units = bool(below) and sum(bool(_UNIT_WORD.match(cell)) for cell in below) * 2 >= len(below)
    # Titles begin on the left; names of groups stand over the columns they group.
    grouped = not _cell(upper, 0) and bool(_cell(lower, 0))
    return repeats or gaps or units or grouped


def _first_data_row(rows: list[list[str]], width: int) -> int:
    """The first row that looks like those below it: where columns of numbers and dates begin, or, all being text, the second."""
    body = [row for row in rows[len(rows) // 3 :] if filled(row) >= max(1, width // 3)] or rows
    typed = [
        at
        for at in range(width)
        if _share(body, at, lambda cell: is_number_like(cell) or is_date_like(cell)) >= 0.6
    ]
    full = max((filled(row) for row in rows), default=0)
    first_full = next((number for number, row in enumerate(rows) if filled(row) >= max(1, full * 0.6)), 0)
    if not typed:
        return first_full + 1 if len(rows) > first_full + 1 else first_full
    years = {at for at in typed if _share(body, at, is_year_like) >= 0.8}
    for number, row in enumerate(rows):
        there = [at for at in typed if _cell(row, at)]
        hits = [at for at in there if is_number_like(row[at]) or is_date_like(row[at])]
        if len(hits) < max(1, len(there) * 0.5) or filled(row) < max(1, full * 0.4):
            continue
        named_years = [at for at in hits if is_year_like(row[at]) and at not in years]
        if len(named_years) >= max(2, len(hits) * 0.8) or (
            named_years and named_years == hits and number == first_full
        ):
            continue  # years as headings
        return number
    return first_full + 1


def _share(rows: Sequence[Row], at: int, fits: Callable[[str], bool]) -> float:
    cells = [row[at] for row in rows if at < len(row) and row[at]]
    return sum(1 for cell in cells if fits(cell)) / len(cells) if cells else 0.0


def _cell(row: Row, at: int) -> str:
    return row[at] if at < len(row) else ""


def _find_footer(rows: list[list[str]], width: int, room: int) -> int:
    """How many rows at the end are not the table's: footnotes, sources, and blank rows between."""
    found = 0
    for count in range(1, min(room, 40) + 1):
        row = rows[-count]
        amount = filled(row)
        if not amount:
            continue
        text = next(cell for cell in row if cell)
        sparse = width >= 3 and amount <= max(1, width // 4)
        if not (_FOOTNOTE.match(text) and amount <= max(2, width // 4)):
            if not (sparse and row and row[0] and (len(text) > 25 or _is_blank_before(rows, count))):
                break
            if is_number_like(text):
                break
        found = count
    while found and found < room and not filled(rows[-found - 1]):
        found += 1
    if not found:
        while found < room and rows and not filled(rows[-found - 1]):
            found += 1
    return found


def _is_blank_before(rows: list[list[str]], count: int) -> bool:
    return any(not filled(row) for row in rows[-count - 3 : -count])


def _join(grid: Grid, skipped: int, header: int, width: int) -> tuple[str, ...]:
    """One heading for each column: rows of headings joined, cells that were merged counted for all their columns."""
    if not header:
        return ("",) * width
    rows = [[_cell(row, at) for at in range(width)] for row in grid.rows[skipped : skipped + header]]
    rows = [row for row in rows if filled(row)] if not grid.merged else rows
    if grid.merged:
        for first_row, first, last_row, last in grid.merged:
            for number in range(max(first_row, skipped), min(last_row, skipped + header - 1) + 1):
                for at in range(first, min(last, width - 1) + 1):
                    rows[number - skipped][at] = _cell(grid.rows[first_row], first)
    else:
        for upper, lower in itertools.pairwise(rows):
            _fill_right(upper, lower)
    return tuple(" ".join(_without_repeats(row[at] for row in rows)) for at in range(width))


def _fill_right(upper: list[str], lower: Row) -> None:
    for at in range(1, len(upper)):
        if not upper[at] and lower[at] and upper[at - 1] and lower[at - 1]:
            upper[at] = upper[at - 1]


def _without_repeats(parts: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for part in (" ".join(part.split()) for part in parts):
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return kept
