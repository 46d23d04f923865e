"""Lists as CSV files that office programs open as they are."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from stadt.web.spreadsheets import harmless

CSV_TYPE = "text/csv; charset=utf-8; header=present"


def csv_file(name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> HttpResponse:
    """A download with semicolons and a byte order mark, as the offices' spreadsheet expects it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
