"""A paper as DOCX with real headings, header rows, alternative texts and language, byte for byte the same each time.

Texts enter as text runs only, so that nothing in them becomes a field code. Imports neither Django nor the database.
"""

import io
import zipfile
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from stadt.apps.reports.papers.blocks import (
    AnyBlock,
    Bars,
    Bullets,
    Cell,
    Facts,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Table,
)

ACCENT, INK, QUIET = RGBColor(0x17, 0x4A, 0x7C), RGBColor(0x1C, 0x24, 0x30), RGBColor(0x56, 0x60, 0x70)
TONES = {
    "neutral": QUIET,
    "good": RGBColor(0x17, 0x66, 0x3A),
    "warn": RGBColor(0x85, 0x53, 0x00),
    "bad": RGBColor(0xA3, 0x20, 0x1D),
    "info": ACCENT,
}
FONT = "Calibri"
EPOCH = (1980, 1, 1, 0, 0, 0)
LANGUAGES = {"de": "de-DE", "en": "en-GB"}
BAR_SIGN = "█"
LONGEST_BAR = 24


def write(paper: Paper, moment: datetime) -> bytes:
    """The file. `moment` is what it says it was made at; nothing else of the time or the machine goes in."""
    document = docx.Document()
    _prepare(document, paper, moment)
    _title(document, paper)
    for block in paper.blocks:
        _add(document, block)
    kept = io.BytesIO()
    document.save(kept)
    return _without_time(kept.getvalue())


def _prepare(document: Document, paper: Paper, moment: datetime) -> None:
    about = document.core_properties
    about.title, about.subject, about.author = paper.title[:255], paper.subject[:255], paper.author[:255]
    about.last_modified_by, about.comments, about.keywords = paper.author[:255], "", ""
    about.created = about.modified = moment.replace(microsecond=0)
    about.revision = 1
    language = LANGUAGES.get(paper.language, paper.language)
    about.language = language
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.8 if paper.layout == "sheet" else 2.3)
    _drop_unused(document)
    _styles(document, language, Pt(9.5 if paper.layout == "sheet" else 10.5))
    _footer(section.footer.paragraphs[0], paper)


def _styles(document: Document, language: str, size: Any) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Caption"):
        style: Any = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
        style.font.color.rgb = (
            INK if name in {"Normal", "List Bullet"} else QUIET if name == "Caption" else ACCENT
        )
    normal: Any = document.styles["Normal"]
    normal.font.size = size
    normal.paragraph_format.space_after = Pt(6)
    caption: Any = document.styles["Caption"]
    caption.font.size, caption.font.bold = Pt(9), False
    caption.paragraph_format.keep_with_next = True
    for tag in document.styles.element.iter(qn("w:lang")):
        for name in ("val", "eastAsia"):
            tag.set(qn(f"w:{name}"), language)


def _drop_unused(document: Document) -> None:
    """The library's model brings a picture of itself and a hundred styles of tables; none of it belongs to a report."""
    for holder, kinds in (
        (document.part, ("stylesWithEffects", "customXml")),
        (document.part.package, ("thumbnail",)),
    ):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in kinds:
                del holder.rels[key]
    styles = document.styles.element
    for style in list(styles):
        is_table = style.get(qn("w:type")) == "table"
        if is_table and style.get(qn("w:styleId")) not in {"TableNormal", "TableGrid"}:
            styles.remove(style)


def _footer(paragraph: Any, paper: Paper) -> None:
    _run(paragraph, f"{paper.foot} · {paper.page_word} ", QUIET, 7.5)
    run = paragraph.add_run()
    run.font.size = Pt(7.5)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _title(document: Document, paper: Paper) -> None:
    _run(document.add_paragraph(), paper.preline, QUIET, 10)
    document.add_paragraph(paper.title, style="Title")
    _run(document.add_paragraph(), paper.lead, QUIET, 11)
    if paper.facts:
        _facts(document, paper.facts)


def _add(document: Document, block: AnyBlock) -> None:
    match block:
        case Heading():
            heading = document.add_heading(block.text, level=block.level)
            heading.paragraph_format.page_break_before = block.new_page
        case Paragraph():
            small = block.style == "note"
            _run(
                document.add_paragraph(),
                block.text,
                QUIET if small else INK,
                9 if small else 12 if block.style == "lead" else None,
            )
        case Bullets():
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case Facts():
            _facts(document, block.items)
        case Notice():
            paragraph = document.add_paragraph()
            _run(paragraph, f"{block.title}: ", TONES[block.tone]).bold = True
            _run(paragraph, block.text)
        case Table():
            document.add_paragraph(block.caption, style="Caption")
            _table(document, block)
        case Bars():
            _bars(document, block)


def _facts(document: Document, pairs: tuple[tuple[str, str], ...]) -> None:
    for name, text in pairs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _run(paragraph, f"{name}: ", QUIET)
        _run(paragraph, text)


def _table(document: Document, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    table.autofit = False
    _name_table(table, block.caption, block.caption)
    whole = sum(column.share for column in block.columns)
    widths = [Cm(16.6 * column.share / whole) for column in block.columns]
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _fill(cell, Cell(column.title), right=column.align == "right").bold = True
    _mark_header(table.rows[0])
    for row in block.rows:
        added = table.add_row()
        _keep_whole(added)
        for cell, said, column in zip(added.cells, row, block.columns, strict=True):
            _fill(cell, said, right=column.align == "right")
    for row_added in table.rows:
        for cell, width in zip(row_added.cells, widths, strict=True):
            cell.width = width
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _fill(cell: Any, said: Cell, *, right: bool = False) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    colour = TONES[said.tone] if said.sign else INK
    run = _run(paragraph, f"{said.sign}\u00a0{said.text}" if said.sign else said.text, colour, 9)
    if said.note:
        run.add_break(WD_BREAK.LINE)
        _run(paragraph, said.note, QUIET, 8)
    return run


def _bars(document: Document, chart: Bars) -> None:
    """A chart as a table of three columns: its bars are lengths of a sign, so that no picture hides the numbers."""
    document.add_paragraph(chart.title, style="Caption")
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    _name_table(table, chart.title, chart.alt)
    most = max((bar.value for bar in chart.bars), default=0) or 1
    for bar in chart.bars:
        row = table.add_row()
        _keep_whole(row)
        _fill(row.cells[0], Cell(bar.label))
        length = round(bar.value / most * LONGEST_BAR) or (1 if bar.value else 0)
        _run(row.cells[1].paragraphs[0], BAR_SIGN * length, TONES[bar.tone], 9)
        row.cells[1].paragraphs[0].paragraph_format.space_after = Pt(0)
        _fill(row.cells[2], Cell(bar.shown), right=True)
        for cell, width in zip(row.cells, (Cm(6.2), Cm(8.6), Cm(1.8)), strict=True):
            cell.width = width
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _run(paragraph: Any, text: str, colour: RGBColor = INK, size: float | None = None) -> Any:
    run = paragraph.add_run(text)
    run.font.color.rgb = colour
    if size:
        run.font.size = Pt(size)
    return run


def _name_table(table: Any, title: str, alt: str) -> None:
    """Title and alternative text of a table, as a screen reader tells them."""
    for name, text in (("tblCaption", title), ("tblDescription", alt)):
        part = OxmlElement(f"w:{name}")
        part.set(qn("w:val"), text)
        table._tbl.tblPr.append(part)


def _mark_header(row: Any) -> None:
    part = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(part)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _without_time(content: bytes) -> bytes:
    """The same archive with its entries in order, without the moment it was packed, and not squeezed.

    Two releases of zlib squeeze the same text differently; a report of today is to be the same bytes in ten years.
    """
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(kept, "w") as target:
        names = source.namelist()
        for name in sorted(names, key=lambda entry: (entry != "[Content_Types].xml", entry)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_STORED, 0o600 << 16, 3
            target.writestr(info, source.read(name))
    return kept.getvalue()
