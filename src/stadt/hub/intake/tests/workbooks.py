"""Workbooks written by hand, so that each trait and each malice can be put in."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

Cell = str | int | float | bool | date | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[str] = (),
    *,
    before: str = "",
    raw: str = "",
    more: Sequence[tuple[str, Sequence[Sequence[Cell]]]] = (),
    name: str = "Tabelle1",
) -> bytes:
    """An XLSX file. `before` goes between declaration and root of the sheet, `raw` at the end of its rows."""
    sheets = [(name, rows), *more]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        entries = "".join(
            f'<sheet name="{escape(title)}" sheetId="{n}" r:id="r{n}"/>'
            for n, (title, _) in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{entries}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="rs" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        for n, (_, table) in enumerate(sheets, 1):
            body = "".join(f'<row r="{r}">{_cells(row, r)}</row>' for r, row in enumerate(table, 1))
            refs = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
            spans = f'<mergeCells count="{len(merged)}">{refs}</mergeCells>' if merged and n == 1 else ""
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{body}{raw if n == 1 else ""}</sheetData>{spans}</worksheet>',
            )
    return content.getvalue()


def _cells(row: Sequence[Cell], number: int) -> str:
    return "".join(_cell(cell, f"{chr(65 + at)}{number}") for at, cell in enumerate(row) if cell is not None)


def _cell(cell: Cell, ref: str) -> str:
    if isinstance(cell, bool):
        return f'<c r="{ref}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{ref}"><v>{cell!r}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{ref}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def ods(rows: Sequence[Sequence[Cell]], *, before: str = "", locked: bool = False) -> bytes:
    """An ODS file with one sheet."""
    namespaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = "".join(
        f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in rows
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        lock = "<encryption-data/>" if locked else ""
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><file-entry full-path="content.xml" media-type="text/xml">{lock}</file-entry></manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{before}<office:document-content {namespaces} office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Blatt">{body}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return content.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
