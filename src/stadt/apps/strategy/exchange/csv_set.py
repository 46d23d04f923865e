"""The CSV set: a ZIP of one file for every table, with semicolon, quotes and byte order mark, as German Excel opens them.

Texts that a spreadsheet would run as a formula get an apostrophe in front, which reading takes away again.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext

from stadt.apps.strategy.exchange.archives import Members
from stadt.apps.strategy.exchange.cells import Native, plain
from stadt.apps.strategy.exchange.document import Document
from stadt.apps.strategy.exchange.errors import refuse
from stadt.apps.strategy.exchange.sheets import ABOUT, ABOUT_HEADINGS, ALL
from stadt.apps.strategy.exchange.tables import Reader, about_rows, rows_of
from stadt.web.spreadsheets import is_formula

MARK: Final = "\ufeff"
#: ZIP knows no year before 1980; one fixed moment, so that equal content is equal bytes.
MOMENT: Final = (1980, 1, 1, 0, 0, 0)
# A text that starts with apostrophes and then like a formula gets one more, so that reading can take exactly one away.
_APOSTROPHES: Final = re.compile("'*")


def write_csv_set(document: Document) -> bytes:
    """The document's items as a ZIP; equal documents are equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, ABOUT, (ABOUT_HEADINGS, *about_rows(document)))
        for sheet in ALL:
            _put(archive, sheet.name, (sheet.headings, *rows_of(sheet, document.items)))
    return packed.getvalue()


def read_csv_set(members: Members) -> Document:
    """The document of an unpacked CSV set.

    Raises:
        BadFile: a file is missing, unknown, not in UTF-8 or not as its columns say.
    """
    reader = Reader()
    known = {f"{name}.csv" for name in (ABOUT, *(sheet.name for sheet in ALL))}
    for name in members:
        if name not in known:
            raise refuse(name[:80], gettext("Diese Datei gehört nicht zu einem CSV-Satz der Strategie."))
    for name in sorted(known - set(members)):
        raise refuse(name, gettext("Die Datei fehlt im CSV-Satz."))
    reader.take_about(f"{ABOUT}.csv", _rows(f"{ABOUT}.csv", members[f"{ABOUT}.csv"]))
    for sheet in ALL:
        name = f"{sheet.name}.csv"
        reader.take(sheet, name, _rows(name, members[name]))
    return reader.finish()


def _put(archive: zipfile.ZipFile, name: str, rows: Iterable[Sequence[Native]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    info = zipfile.ZipInfo(f"{name}.csv", MOMENT)
    info.external_attr = 0o644 << 16
    archive.writestr(info, (MARK + text.getvalue()).encode(), zipfile.ZIP_DEFLATED)


def _cell(value: Native) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return plain(value).replace(".", ",")  # a point would make a date of it in German Excel
    text = plain(value)
    return f"'{text}" if isinstance(value, str) and _begins_formula(text) else text


def _begins_formula(text: str) -> bool:
    return is_formula(_APOSTROPHES.sub("", text, count=1))


def _rows(name: str, content: bytes) -> Iterable[list[Native]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse(
            gettext("%(sheet)s, Zeile %(row)d") % {"sheet": name, "row": line},
            gettext("Die Datei ist nicht in UTF-8 gespeichert. Wählen Sie in Excel „CSV UTF-8“."),
        ) from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        for row in lines:
            yield [cell[1:] if cell.startswith("'") and _begins_formula(cell) else cell for cell in row]
    except csv.Error as error:
        raise refuse(
            gettext("%(sheet)s, Zeile %(row)d") % {"sheet": name, "row": lines.line_num},
            gettext("Die Zeile ist kein CSV (%(why)s).") % {"why": str(error)[:80]},
        ) from None
