"""Files for a spreadsheet: rows of cases as CSV and XLSX in which no cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from stadt.apps.desk import wording
from stadt.civic.cases.catalogue import Face
from stadt.web.formats import local
from stadt.web.spreadsheets import harmless

TITLES: Mapping[str, Any] = {
    "reference": _("Nummer"),
    "type": _("Dienst"),
    "category": _("Kategorie"),
    "title": _("Titel"),
    "state": _("Stand"),
    "face": _("Öffentlicher Stand"),
    "organisation": _("Team"),
    "contractor": _("Auftragnehmer"),
    "priority": _("Dringlichkeit"),
    "source": _("Eingang über"),
    "received_at": _("eingegangen"),
    "due_at": _("Frist"),
    "planned_for": _("eingeplant für"),
    "closed_at": _("abgeschlossen"),
    "reopened": _("wieder geöffnet"),
    "weight": _("betrifft auch andere"),
    "address": _("Adresse"),
    "lon": _("Länge (WGS 84)"),
    "lat": _("Breite (WGS 84)"),
    "district": _("Stadtbezirk"),
    "quarter": _("Stadtteil"),
}
BOM = "\ufeff"
LONGEST_CELL = 32_767
"""UTF-16 units that a cell of a workbook holds."""
# Characters that XML 1.0 (§2.2) does not know: one of them, and no spreadsheet opens the file.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Row = Mapping[str, Any]


def heading(columns: Sequence[str]) -> list[str]:
    """The columns as people read them."""
    return [str(TITLES.get(name, name)) for name in columns]


def in_words(name: str, value: Any) -> Any:
    """A cell as people read it; numbers stay numbers."""
    if value is None:
        return ""
    if name == "face" and value in set(Face):
        return Face(value).label
    if name == "priority":
        return str(dict(wording.PRIORITIES).get(value, value))
    if name == "source":
        return str(wording.SOURCES.get(value, value))
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value)


def write_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Semicolons, decimal commas and a byte order mark, as the offices' spreadsheet expects it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading(columns))
    for row in rows:
        writer.writerow([_german(harmless(in_words(name, row.get(name)))) for name in columns])
    return (BOM + text.getvalue()).encode()


def write_xlsx(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet, every text as a text."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, heading(columns), bold)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(columns) - 1, 18)
    for line, row in enumerate(rows, 1):
        for place, name in enumerate(columns):
            cell = in_words(name, row.get(name))
            if isinstance(cell, str):
                sheet.write_string(line, place, NOT_IN_XML.sub("", cell)[:LONGEST_CELL])
            else:
                sheet.write_number(line, place, cell)
    book.close()
    return made.getvalue()


def _german(cell: Any) -> Any:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell
