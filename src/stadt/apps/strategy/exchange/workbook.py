"""The workbook: one sheet for every table, edited in Excel or LibreOffice and read again.

Texts are written as texts, so that none runs as a formula. Creation date and everything else in the file are fixed.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import python_calamine
import xlsxwriter
from django.utils.translation import gettext

from stadt.apps.strategy.exchange.archives import Members, pack
from stadt.apps.strategy.exchange.cells import Native
from stadt.apps.strategy.exchange.document import Document
from stadt.apps.strategy.exchange.errors import refuse
from stadt.apps.strategy.exchange.sheets import (
    ABOUT_HEADINGS,
    ABOUT_TITLE,
    ALL,
    MOST_ROWS,
    Sheet,
)
from stadt.apps.strategy.exchange.tables import Reader, about_rows, rows_of
from stadt.apps.strategy.exchange.xml import check_xml

CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zone
MOST_COLUMNS: Final = 100
LONGEST_CELL: Final = 32_767
"""UTF-16 units that a cell of a workbook holds."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# `_x0041_` stands for a character in a workbook; an escaped one right before another cannot be told apart by readers.
_UNSAFE: Final = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")


def write_workbook(document: Document) -> bytes:
    """The document's items as XLSX; equal documents are equal bytes.

    Raises:
        BadFile: a text does not fit into a cell.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, _OPTIONS)
    book.set_properties({"title": document.city.name, "created": CREATED})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E5EAF2", "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
    }
    about = book.add_worksheet(ABOUT_TITLE)
    about.set_column(0, 1, 36)
    for number, pair in enumerate((ABOUT_HEADINGS, *about_rows(document))):
        for at, value in enumerate(pair):
            _write(about, number, at, value, formats, ABOUT_TITLE)
    for sheet in ALL:
        _add_sheet(book, sheet, document, formats)
    book.close()
    return made.getvalue()


def read_workbook(members: Members) -> Document:
    """The document of an unpacked workbook.

    Raises:
        BadFile: no workbook of this kind, a sheet is missing or unknown, or a cell does not fit.
    """
    for name in members:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _scan(name, members[name])
    if "mimetype" in members or "xl/workbook.bin" in members or "xl/workbook.xml" not in members:
        raise refuse("", gettext("Das ist keine Arbeitsmappe im Format XLSX."))
    try:
        with python_calamine.load_workbook(io.BytesIO(pack(members))) as book:
            return _read(book)
    except (python_calamine.CalamineError, OSError):
        raise refuse("", gettext("Die Arbeitsmappe ist beschädigt.")) from None


def _read(book: python_calamine.CalamineWorkbook) -> Document:
    names = book.sheet_names
    for title in (ABOUT_TITLE, *(sheet.title for sheet in ALL)):
        if title not in names:
            raise refuse(title, gettext("Das Blatt fehlt in der Arbeitsmappe."))
    for name in names:
        if name != ABOUT_TITLE and name not in {sheet.title for sheet in ALL}:
            raise refuse(name[:80], gettext("Dieses Blatt gehört nicht zur Vorlage."))
    reader = Reader()
    reader.take_about(ABOUT_TITLE, _rows(book, ABOUT_TITLE))
    for sheet in ALL:
        reader.take(sheet, sheet.title, _rows(book, sheet.title))
    return reader.finish()


def _rows(book: python_calamine.CalamineWorkbook, title: str) -> Iterator[Sequence[Native]]:
    rows: list[list[Any]] = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    return iter(rows)


def _add_sheet(
    book: "xlsxwriter.Workbook", sheet: Sheet, document: Document, formats: dict[str, Any]
) -> None:
    page = book.add_worksheet(sheet.title)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, max(column.kind.width, min(len(column.heading) + 2, 24)))
        page.write_string(0, at, column.heading, formats["head"])
        words = [word for word in column.kind.words.values() if word]
        if words and len(words) * 2 < MOST_COLUMNS:
            page.data_validation(
                1, at, MOST_ROWS - 1, at,
                {"validate": "list", "source": words, "error_type": "information", "show_error": False},
            )  # fmt: skip
    page.freeze_panes(1, 1)
    for number, row in enumerate(rows_of(sheet, document.items), 1):
        for at, value in enumerate(row):
            _write(page, number, at, value, formats, sheet.title)


def _write(page: Any, row: int, column: int, value: Native, formats: dict[str, Any], title: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        if len(value.encode("utf-16-le")) // 2 > LONGEST_CELL or _UNSAFE.search(value):
            raise refuse(
                gettext("%(sheet)s, Zeile %(row)d") % {"sheet": title, "row": row + 1},
                gettext("Der Text lässt sich in keiner Zelle einer Arbeitsmappe ablegen."),
            )
        page.write_string(row, column, value, formats["text"])
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, datetime.min.time()), formats["day"])
    else:
        page.write_number(row, column, value, formats["text"])


def _scan(name: str, content: bytes) -> None:
    """Refuse definitions, and cells so far out that a reader would make room for millions of empty ones."""
    rows = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rows
        local = tag.rpartition(":")[2]
        if local == "row":
            rows += 1
        found = _REFERENCE.fullmatch(attributes.get("r", "")) if local == "c" else None
        column = _column_number(found[1]) if found else 0
        row = (
            int(found[2])
            if found
            else int(attributes.get("r", "0"))
            if local == "row" and attributes.get("r", "0").isdecimal()
            else 0
        )
        if max(rows, row) > MOST_ROWS:
            raise refuse(
                name[:80], gettext("Mehr als %(most)d Zeilen sind nicht möglich.") % {"most": MOST_ROWS}
            )
        if column > MOST_COLUMNS:
            raise refuse(
                name[:80], gettext("Mehr als %(most)d Spalten sind nicht möglich.") % {"most": MOST_COLUMNS}
            )

    check_xml(name, content, start)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
