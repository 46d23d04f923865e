"""One sheet of an Excel or ODS workbook, written out as CSV so that it is read like any other table of text."""

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import python_calamine

from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.reading import MAX_COLUMNS, FileFormat
from stadt.hub.intake.textfile import Dialect

DIALECT = Dialect(",", '"')
MAX_CELLS = 50_000_000
_COVER = re.compile(
    r"^(deckblatt|titel(blatt|seite)?|inhalt(sverzeichnis)?|impressum|vorbemerkung(en)?|hinweise?|info(s|rmation(en)?)?|erläuterung(en)?|legende|zeichenerklärung|readme|metadaten)$",
    re.IGNORECASE,
)
# A formula cell without a stored value, as programs write it that do not compute.
_NO_VALUE = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a CSV file in UTF-8; `merged` as in `Grid`; `formulas` counts cells whose value was not stored."""

    path: Path
    name: str
    choices: tuple[str, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    formulas: int
    rows: int


def write_sheet(path: Path, kind: FileFormat, folder: Path, wanted: str = "") -> Sheet:
    """Write out a sheet: the one wanted, else the first visible one that is no cover.

    Numbers come with a decimal point, dates as ISO 8601, truth values as WAHR and FALSCH, every row from the first on.

    Raises:
        Refusal: damaged, protected, no such sheet, no cells, or more than a thousand columns.
    """
    own = folder / f"upload.{kind}"  # the library believes names
    own.symlink_to(path)
    try:
        with python_calamine.load_workbook(str(own)) as workbook:
            choices = tuple(_visible(workbook))
            if wanted and wanted not in choices:
                raise Refusal("no_such_part", part=wanted, choices=", ".join(choices[:20]))
            for name in (wanted,) if wanted else _by_promise(choices):
                sheet = workbook.get_sheet_by_name(name)
                if sheet.end is not None and sheet.height * sheet.width:
                    return _write(sheet, name, choices, path, folder)
    except python_calamine.PasswordError:
        raise Refusal("password") from None
    except (python_calamine.CalamineError, zipfile.BadZipFile):
        raise Refusal("damaged") from None
    raise Refusal("no_table")


def _visible(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    return [
        entry.name
        for entry in workbook.sheets_metadata
        if entry.visible == python_calamine.SheetVisibleEnum.Visible
        and entry.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _by_promise(names: tuple[str, ...]) -> list[str]:
    return sorted(names, key=lambda name: bool(_COVER.match(name.strip())))


def _write(
    sheet: python_calamine.CalamineSheet, name: str, choices: tuple[str, ...], path: Path, folder: Path
) -> Sheet:
    height, width = ((sheet.end or (0, 0))[at] + 1 for at in (0, 1))
    if width > MAX_COLUMNS:
        raise Refusal("too_many_columns", count=width, limit=MAX_COLUMNS)
    if height * width > MAX_CELLS:
        raise Refusal("too_much_memory")
    target = folder / "sheet.csv"
    rows = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=DIALECT.delimiter, quotechar=DIALECT.quote, lineterminator="\n")
        for row in _rows(sheet):
            writer.writerow([_text(cell) for cell in row])
            rows += 1
    merged = tuple((start[0], start[1], end[0], end[1]) for start, end in sheet.merged_cell_ranges or ())
    return Sheet(target, name, choices, merged, _formulas_without_value(path, name), rows)


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[Any]]:
    """All rows from the sheet's first on, each from its first column on; the library leaves out columns before the first in use."""
    left = (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield [""] * left + list(row)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "WAHR" if cell else "FALSCH"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if not cell.microsecond else "milliseconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _formulas_without_value(path: Path, name: str) -> int:
    """How many formulas of an Excel sheet have no stored value; 0 for ODS, whose programs always store one."""
    try:
        with zipfile.ZipFile(path) as archive:
            member = _member_of(archive, name)
            if member is None:
                return 0
            count, rest = 0, b""
            with archive.open(member) as file:
                while block := file.read(1024 * 1024):
                    block = rest + block
                    cut = block.rfind(b"</c>") + 4 if b"</c>" in block else 0
                    count += len(_NO_VALUE.findall(block[:cut]))
                    rest = block[cut:]
            return count
    except (zipfile.BadZipFile, ET.ParseError, KeyError, OSError):
        return 0


def _member_of(archive: zipfile.ZipFile, name: str) -> str | None:
    """The XML file of a sheet (ECMA-376 Part 1, 18.2.19: by the relation that its entry in the workbook names)."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    # Neither can define entities: check_xml looked at every prolog of the archive.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    wanted = next(
        (entry.get(relation) for entry in book.iter(f"{main}sheet") if entry.get("name") == name), None
    )
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next((link.get("Target") for link in links if link.get("Id") == wanted), None)
    if not target:
        return None
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
