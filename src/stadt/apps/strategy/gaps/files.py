"""Lists as CSV files that office programs open as they are."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

CSV_TYPE = "text/csv; charset=utf-8; header=present"
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute instead of show; such a cell gets an apostrophe in front."""


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> HttpResponse:
    """A download with semicolons and a byte order mark, as the offices' spreadsheet expects it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _cell(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(BEGINS_FORMULA) else cell
