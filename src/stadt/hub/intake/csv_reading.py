"""What a CSV file holds."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import msgspec

from stadt.hub.intake.answers import Answer, apply_answer
from stadt.hub.intake.grid import Grid, find_layout
from stadt.hub.intake.reading import SAMPLE_ROWS, Reading, SampleRow
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.intake.scan import scan_text
from stadt.hub.intake.sheets import DIALECT, write_sheet
from stadt.hub.intake.table import body_of, find_melt, place, sums_of, understand_table, zone_of
from stadt.hub.intake.textfile import Dialect, Texts, as_utf8, find_dialect, read_texts, rows_of

ROWS_AROUND = 10


def read_csv(path: Path, known: Reading, answer: Answer, districts: Sequence[str], folder: Path) -> Reading:
    """Look at a CSV file: up to 8 MB all of it, else its beginning, sixteen pieces of the middle and its end.

    Args:
        path: the file. known: what is known of it.
        answer: what a person decided.
        districts: names of the city's districts.
        folder: where a copy in UTF-8 may be written.

    Raises:
        Refusal: with the reason why it cannot be read.
    """
    scan = scan_text(path, answer.encoding)
    text = read_texts(as_utf8(path, scan, folder))
    dialect = find_dialect(text.head, answer.delimiter, answer.quote)
    reading = msgspec.structs.replace(
        known,
        encoding=scan.encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        row_estimate=scan.lines,
        remarks=(*known.remarks, *scan.remarks),
    )
    more = [row for piece in text.middle for row in rows_of(piece, dialect)]
    return read_grid(_grid(text, dialect), more, reading, answer, districts)


def read_sheet(path: Path, known: Reading, answer: Answer, districts: Sequence[str], folder: Path) -> Reading:
    """Look at a sheet of a workbook in the same way; its numbers are known as numbers."""
    sheet = write_sheet(path, known.format, folder, answer.sheet)
    text = read_texts(sheet.path)
    remarks = list(known.remarks)
    others = [name for name in sheet.choices if name != sheet.name]
    if others:
        remarks.append(remark("other_parts", chosen=sheet.name, others=", ".join(others[:10])))
    if sheet.formulas:
        remarks.append(remark("formulas", count=sheet.formulas))
    reading = msgspec.structs.replace(
        known,
        sheet=sheet.name,
        choices=known.choices or sheet.choices,
        row_estimate=sheet.rows,
        remarks=tuple(remarks),
    )
    grid = dataclasses.replace(_grid(text, DIALECT), merged=sheet.merged)
    more = [row for piece in text.middle for row in rows_of(piece, DIALECT)]
    return read_grid(grid, more, reading, answer, districts, is_sheet=True)


def _grid(text: Texts, dialect: Dialect) -> Grid:
    rows = rows_of(text.head, dialect)
    tail = rows_of(text.tail, dialect) if text.tail else rows
    skip = 1 if text.head[:4].lower() == "sep=" and len(text.head.split("\n", 1)[0]) == 5 else 0
    if skip:
        rows[0] = []
    return Grid(rows, list(range(1, len(rows) + 1)), tail, text.is_whole)


def read_grid(
    grid: Grid,
    more: Sequence[Sequence[str]],
    reading: Reading,
    answer: Answer,
    districts: Sequence[str],
    *,
    is_sheet: bool = False,
) -> Reading:
    """The reading of a table of text, with its columns.

    Args:
        grid: the rows, with their numbers.
        more: rows from elsewhere in the file, of which only those as wide as the table count.
        reading: what is known of the file.
        is_sheet: whether its numbers were numbers in the file, written here with a point.
    """
    layout = find_layout(grid, answer.skipped_rows, answer.header_rows, answer.footer_rows)
    rows, numbers = body_of(grid, layout)
    width = len(layout.headings)
    all_rows = [*rows, *(row for row in more if len(row) == width)]
    found = understand_table(
        all_rows,
        layout.headings,
        decimal=answer.decimal or ("." if is_sheet else ""),
        is_sure=is_sheet,
        missing=frozenset(answer.missing_words),
        districts=districts,
    )
    totals, said = sums_of(found, rows, numbers)
    zone, about_zone = zone_of(found.columns)
    melt, told = find_melt(found.columns)
    reading = msgspec.structs.replace(
        reading,
        decimal="" if is_sheet else found.decimal,
        thousands="" if is_sheet else found.thousands,
        skipped_rows=layout.skipped,
        header_rows=layout.header,
        footer_rows=layout.footer,
        totals=totals,
        missing_words=tuple(sorted({*found.missing_words, *answer.missing_words})),
        years_as_columns=melt,
        zone=zone or reading.zone,
        columns=found.columns,
        row_estimate=len(rows)
        if grid.is_whole
        else max(reading.row_estimate - layout.skipped - layout.header - layout.footer, 0),
        sample=tuple(_sample(rows, numbers, width)),
        **_around(grid, layout.skipped + layout.header, layout.footer, width),
        remarks=(
            *reading.remarks,
            *_about_layout(grid, layout.skipped, layout.header, layout.footer, len(all_rows)),
            *found.remarks,
            *about_zone,
            *said,
            *told,
        ),
    )
    return apply_answer(place(reading, all_rows), answer)


def _sample(rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int) -> list[SampleRow]:
    return [
        SampleRow(number, tuple(row[at][:500] if at < len(row) else "" for at in range(width)))
        for row, number in zip(rows[:SAMPLE_ROWS], numbers, strict=False)
    ]


def _around(grid: Grid, before: int, after: int, width: int) -> dict[str, tuple[SampleRow, ...]]:
    """The rows around the table, for whoever checks what was left out; of those below only where the end was read."""
    above = _sample(grid.rows[:before], grid.numbers[:before], width)
    below = _sample(grid.rows[-after:], grid.numbers[-after:], width) if after and grid.is_whole else []
    return {"above": tuple(above[-ROWS_AROUND:]), "below": tuple(below[:ROWS_AROUND])}


def _about_layout(grid: Grid, skipped: int, header: int, footer: int, looked_at: int) -> list[Remark]:
    said = []
    if skipped:
        said.append(remark("titles_skipped", rows=skipped, text=_first_text(grid.rows[:skipped])))
    if header == 0:
        said.append(remark("no_header"))
    elif header > 1:
        said.append(remark("header_joined", rows=header))
    if footer and (text := _first_text((grid.rows if grid.is_whole else grid.tail)[-footer:])):
        said.append(remark("footer_skipped", rows=footer, text=text))
    if not grid.is_whole:
        said.append(remark("sample_only", rows=looked_at))
    return said


def _first_text(rows: Sequence[Sequence[str]]) -> str:
    return next((cell for row in rows for cell in row if cell), "")
