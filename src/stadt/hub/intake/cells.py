"""The plain cells of a small table, for whoever looks for single figures in it and cites their rows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stadt.hub.intake.child import RECOGNISE_SECONDS, Task, run, work_folder
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.kinds import Opened, open_file
from stadt.hub.intake.reading import FileFormat
from stadt.hub.intake.scan import scan_text
from stadt.hub.intake.sheets import DIALECT, write_sheet
from stadt.hub.intake.textfile import as_utf8, find_dialect, read_texts, rows_of

MOST_ROWS, MOST_CELLS = 20_000, 400_000


@dataclass(frozen=True, slots=True)
class Cells:
    """All rows of a sheet from the first on, as texts: numbers of a workbook with a decimal point, dates as ISO 8601.

    `sheet` is empty for CSV; `is_workbook`: its numbers were numbers in the file.
    """

    rows: tuple[tuple[str, ...], ...]
    sheet: str
    sheets: tuple[str, ...]
    is_workbook: bool


def read_cells(path: Path, filename: str, sheet: str = "") -> Cells:
    """Read a CSV, Excel or ODS file in a process of its own; of a workbook the sheet named, else the first one.

    Raises:
        Unreadable: none of these, hostile, damaged, or more than 20,000 rows.
    """
    with work_folder(path.parent) as folder:
        task = Task(
            task="cells",
            path=str(path.absolute()),
            folder=folder,
            seconds=RECOGNISE_SECONDS,
            filename=filename,
            answer={"sheet": sheet},
        )
        found = run(task)
    return Cells(
        tuple(tuple(row) for row in found["rows"]),
        found["sheet"],
        tuple(found["sheets"]),
        found["is_workbook"],
    )


def cells(task: Task) -> dict[str, Any]:
    """The task inside that process."""
    path, folder = Path(task.path), Path(task.folder)
    opened = open_file(path, folder, "")
    if opened.format not in {FileFormat.CSV, FileFormat.XLSX, FileFormat.ODS}:
        raise Refusal("no_table")
    rows, sheet, sheets = _rows(opened, task.answer.get("sheet", ""), folder)
    if len(rows) > MOST_ROWS or sum(map(len, rows)) > MOST_CELLS:
        raise Refusal("too_much_memory")
    return {
        "rows": rows,
        "sheet": sheet,
        "sheets": sheets,
        "is_workbook": opened.format is not FileFormat.CSV,
    }


def _rows(opened: Opened, wanted: str, folder: Path) -> tuple[list[list[str]], str, tuple[str, ...]]:
    if opened.format is FileFormat.CSV:
        text = read_texts(as_utf8(opened.path, scan_text(opened.path, ""), folder))
        if not text.is_whole:
            raise Refusal("too_much_memory")
        rows = rows_of(text.head, find_dialect(text.head))
        if rows and text.head[:4].lower() == "sep=":
            rows[0] = []
        return rows, "", ()
    sheet = write_sheet(opened.path, opened.format, folder, wanted)
    text = read_texts(sheet.path)
    if not text.is_whole:
        raise Refusal("too_much_memory")
    return rows_of(text.head, DIALECT), sheet.name, sheet.choices
