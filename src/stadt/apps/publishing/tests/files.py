"""Small files as offices deliver them."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

Cell = str | float | None

TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>"""
SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""


def workbook(rows: Sequence[Sequence[Cell]], name: str = "Tabelle1") -> bytes:
    """An XLSX file with one sheet."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr("_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        book.writestr("xl/workbook.xml", BOOK.format(name=name))
        book.writestr(
            "xl/_rels/workbook.xml.rels", RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        lines = "".join(_row(number, cells) for number, cells in enumerate(rows, 1))
        book.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=lines))
    return out.getvalue()


def _row(number: int, cells: Sequence[Cell]) -> str:
    shown = "".join(
        _cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells) if cell is not None
    )
    return f'<row r="{number}">{shown}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def households() -> bytes:
    """An Excel table with two title rows, years, a sum and a footnote, as a statistics office writes it."""
    body: list[Sequence[Cell]] = [
        (f"{2016 + at}", 131_000 + 700 * at, 48.1 + at / 10, "in Ordnung") for at in range(10)
    ]
    return workbook(
        [
            ("Haushalte im Überblick",),
            ("Stand: 31.12.2025",),
            ("Jahr", "Haushalte", "Anteil Einpersonenhaushalte (%)", "Bem."),
            *body,
            (),
            ("* Haushalte am Ort der Hauptwohnung. Quelle: Statistikstelle",),
        ],
        "Haushalte",
    )


def titled_csv() -> bytes:
    """A table with a title above it and a footnote below."""
    return (
        b"Haushalte nach Stadtteilen;;\nStand: 31.12.2025;;\n" + csv_rows() + b"* Quelle: Statistikstelle;;\n"
    )


def csv_rows(*, more: str = "") -> bytes:
    """A German CSV file in the encoding of Excel; `more` heads another column."""
    rows = [("Altstadt", "4.210", "12,5"), ("Büer", "9.870", "29,3"), ("Horst", "6.550", "19,4")]
    head = ("Stadtteil", "Haushalte", "Anteil %", *([more] if more else []))
    lines = [";".join(head), *(";".join((*row, *(["1"] if more else []))) for row in rows), ""]
    return "\n".join(lines).encode("cp1252")
