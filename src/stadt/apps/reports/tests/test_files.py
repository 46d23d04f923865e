"""PDF, DOCX and CSV: the same bytes each time, accessible, the same numbers, and no text that becomes markup."""

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import msgspec
import pikepdf
import pytest
from docx.oxml.ns import qn

from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.papers import building
from stadt.apps.reports.papers.blocks import shortened
from stadt.apps.reports.snapshot import Snapshot, Target, Value
from stadt.apps.reports.tests.made import HOSTILE, MOMENT, indicator, overlong, snapshot
from stadt.apps.reports.typesetting import characters, fenced
from stadt.apps.reports.typesetting.child import Made, Order, make
from stadt.core.errors import Unavailable

PLANTED = "Mehrzweckhalle"


def made(state: Snapshot) -> Made:
    """The files, made in this process, where it takes milliseconds."""
    return make(Order(building.papers_of(state), state.moment))


def checksum(state: Snapshot) -> str:
    return snapshots.digest(snapshots.encode(state))


def text_of_pdf(content: bytes) -> str:
    """What the structure tree says with its /ActualText aside: all text runs, in reading order."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return "".join(_page_text(page) for page in pdf.pages)


def _page_text(page: pikepdf.Page) -> str:
    maps = {str(name): _unicode_map(font) for name, font in page.Resources.get("/Font", {}).items()}
    found, current = [], {}
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tf":
            current = maps[str(instruction.operands[0])]
        elif operator in {"Tj", "TJ"}:
            parts = instruction.operands[0] if operator == "TJ" else [instruction.operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    found += [current.get(raw[at : at + 2].hex(), "") for at in range(0, len(raw), 2)]
    return "".join(found)


def _unicode_map(font: Any) -> dict[str, str]:
    stream = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<((?:[0-9A-Fa-f]{4})+)>", stream)
    return {code.lower(): bytes.fromhex(said).decode("utf-16-be", "replace") for code, said in pairs}


def squeezed(text: str) -> str:
    """Without spaces and places to break: hyphenation and lines differ between the forms, letters do not."""
    return re.sub(r"[\s\u00a0\u202f\u00ad\u200b-]", "", text)


def text_of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    footers = [paragraph for section in document.sections for paragraph in section.footer.paragraphs]
    parts = [document.element.body, *(paragraph._p for paragraph in footers)]
    return "\n".join(node.text or "" for part in parts for node in part.iter(qn("w:t")))


@pytest.fixture(scope="module")
def council() -> Made:
    return made(snapshot())


@pytest.fixture(scope="module")
def sheet() -> Made:
    return made(snapshot("measure_sheet"))


@pytest.mark.parametrize("kind", ["council", "measure_sheet"])
def test_a_rebuild_is_the_same_bytes_here_and_in_another_process(kind: str) -> None:
    """V-08, §6 row 25."""
    state = snapshot(kind)
    first = made(state)
    again = snapshots.decode(snapshots.encode(state))
    assert made(again) == first
    assert building.build_files(state) == first
    assert building.build_csv(again) == building.build_csv(state)


def test_a_rebuild_knows_neither_clock_nor_zone_nor_place(tmp_path: Path) -> None:
    """V-08: after a restart, on another machine, at another time."""
    order = tmp_path / "order"
    order.write_bytes(msgspec.msgpack.encode(Order(building.papers_of(snapshot()), MOMENT)))
    environment = os.environ | {
        "TZ": "Pacific/Auckland",
        "LANG": "C",
        "HOME": str(tmp_path),
        "PYTHONHASHSEED": "77",
    }
    command = [sys.executable, "-m", "stadt.apps.reports.typesetting.child", str(tmp_path)]
    with order.open("rb") as given:
        done = subprocess.run(command, stdin=given, capture_output=True, env=environment, check=True, cwd="/")
    assert msgspec.msgpack.decode(done.stdout, type=Made) == made(snapshot())


def test_the_pdf_is_tagged_in_its_language_and_says_so(council: Made, sheet: Made) -> None:
    """PDF/UA-1 as typst enforces it when it writes; veraPDF is not part of the tests."""
    for content in (council.pdf, sheet.pdf):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang) == "de"
            assert bool(pdf.Root.MarkInfo.Marked)
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            assert "/StructTreeRoot" in pdf.Root
            with pdf.open_metadata() as about:
                assert about["pdfuaid:part"] == "1"
                assert about["dc:title"]
            assert all(page.get("/Tabs") == "/S" for page in pdf.pages)


def structure(content: bytes) -> list[tuple[str, Any]]:
    """Every element of the structure tree in reading order: its kind, and itself."""
    found: list[tuple[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append((str(node.S), {str(key): str(node[key]) for key in ("/Alt", "/T") if key in node}))
            walk(node.get("/K"))
        elif isinstance(node, pikepdf.Dictionary) and "/K" in node:
            walk(node.K)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


def test_headings_tables_and_charts_have_their_place_in_the_structure(council: Made) -> None:
    kinds = [kind for kind, _about in structure(council.pdf)]
    for kind in ("/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/Caption", "/L", "/LI", "/Figure", "/TOC"):
        assert kind in kinds, kind
    tables = kinds.count("/Table")
    assert kinds.count("/THead") == tables
    figures = [about for kind, about in structure(council.pdf) if kind == "/Figure"]
    assert figures
    assert all(about.get("/Alt") for about in figures)


def test_fonts_are_embedded(council: Made) -> None:
    with pikepdf.open(io.BytesIO(council.pdf)) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_the_docx_has_headings_header_rows_language_and_title(council: Made) -> None:
    document = docx.Document(io.BytesIO(council.docx))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet"} <= set(styles)
    assert document.core_properties.title == "Ratsbericht zur Strategie"
    assert document.core_properties.language == "de-DE"
    languages = {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"de-DE"}
    grids = [table for table in document.tables if table.style and table.style.name == "Table Grid"]
    assert grids
    assert all(list(table.rows[0]._tr.iter(qn("w:tblHeader"))) for table in grids)
    assert all(table._tbl.tblPr.find(qn("w:tblDescription")) is not None for table in document.tables)


def test_the_docx_carries_no_time_of_packing(council: Made) -> None:
    with zipfile.ZipFile(io.BytesIO(council.docx)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()


def test_every_form_prints_checksum_edition_and_moment(council: Made) -> None:
    """M-19."""
    state = snapshot()
    forms = (text_of_pdf(council.pdf), text_of_docx(council.docx))
    for text in forms:
        assert checksum(state) in squeezed(text)
        assert squeezed("Fassung 1.0") in squeezed(text)
        assert squeezed("29.11.2026, 13:00 Uhr") in squeezed(text)
    rows = list(csv.DictReader(io.StringIO(building.build_csv(state).decode("utf-8-sig"))))
    assert {row["snapshot_sha256"] for row in rows} == {checksum(state)}
    assert {(row["edition"], row["moment"]) for row in rows} == {("1.0", "2026-11-29T12:00:00+00:00")}


def test_page_pdf_and_docx_say_the_same(council: Made) -> None:
    """M-19: every text of the paper, and so every number, stands in each of them."""
    (paper,) = building.papers_of(snapshot())
    pdf, word = squeezed(text_of_pdf(council.pdf)), squeezed(text_of_docx(council.docx))
    for text in paper.texts():
        assert squeezed(text) in pdf
        assert squeezed(text) in word


def test_the_csv_has_the_numbers_of_the_paper() -> None:
    """M-19."""
    (paper,) = building.papers_of(snapshot())
    said = " ".join(paper.texts())
    rows = list(csv.DictReader(io.StringIO(building.build_csv(snapshot()).decode("utf-8-sig"))))
    measured = next(row for row in rows if row["code"] == "K2.1-01")
    assert (measured["ist"], measured["interval_low"], measured["soll_low"]) == ("41.5", "38.25", "60.0")
    assert measured["ist_shown"] in said.replace("\u00a0", " ")
    assert measured["verdict_shown"] in said
    assert measured["simulated"] == "true"
    missing = next(row for row in rows if row["code"] == "K2.1-02")
    assert missing["ist"] == ""


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_read_as_markup(text: str) -> None:
    state = snapshot(
        strategy=text,
        asks=(text,),
        measures=(msgspec.structs.replace(snapshot().measures[0], title=f"{PLANTED} {text}"),),
    )
    files = made(state)
    for content in (text_of_pdf(files.pdf), text_of_docx(files.docx)):
        assert PLANTED in content
    with zipfile.ZipFile(io.BytesIO(files.docx)) as archive:
        codes = re.findall(r"<w:instrText[^>]*>([^<]*)<", archive.read("word/document.xml").decode())
    assert codes == []
    rows = building.build_csv(state).decode("utf-8-sig")
    assert not re.search(r'(^|,)"?[=@+][A-Za-z]', rows, re.MULTILINE)


def test_marks_of_typst_stay_what_they_are() -> None:
    said = "#import $x$ *stark* \\ `a` @b <c> // d"
    files = made(snapshot(asks=(said,)))
    assert squeezed(said) in squeezed(text_of_pdf(files.pdf))


@pytest.mark.parametrize("text", [*HOSTILE, "ö" * 5000, "W " * 2500], ids=range(len(HOSTILE) + 2))
def test_a_sheet_is_one_page_whatever_its_texts_are(text: str) -> None:
    files = made(overlong(text))
    assert files.problem == ""
    with pikepdf.open(io.BytesIO(files.pdf)) as pdf:
        assert len(pdf.pages) == 1


def test_a_shortened_sheet_says_where_the_rest_is() -> None:
    paper = building.papers_of(overlong("Ein langer Satz, der nicht endet. " * 20))[0]
    assert any("Gekürzt" in text and "https://stadt.example/" in text for text in paper.texts())
    short = building.papers_of(snapshot("measure_sheet"))[0]
    assert not any("Gekürzt" in text for text in short.texts())


def test_texts_are_cut_at_a_word() -> None:
    assert shortened("kurz", 10) == "kurz"
    assert shortened("eins zwei drei vier", 12) == "eins zwei…"
    assert len(shortened("x" * 100, 20)) == 20


def test_the_fonts_draw_all_characters_that_are_let_through() -> None:
    """A release of typst with other fonts is noticed here and not by a report that cannot be made."""
    ends = [chr(code) for pair in characters.RANGES for code in pair if not chr(code).isspace()]
    lines = tuple("a".join(ends[at : at + 20]) for at in range(0, len(ends), 20))
    assert made(snapshot(asks=lines)).pdf


def test_what_cannot_be_drawn_is_a_box_and_letters_stay() -> None:
    assert characters.drawable("Ä€ „x“ 中🎉") == "Ä€ „x“ □□"


def test_a_paper_without_end_takes_down_only_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order(building.papers_of(snapshot()), MOMENT)
    with pytest.raises(Unavailable):
        fenced.make(order, seconds=0.01)
    assert fenced.make(order).pdf


def test_a_process_that_dies_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Unavailable, match="nicht gesetzt"):
        fenced.make(Order(building.papers_of(snapshot()), MOMENT))


def test_a_measured_value_counts_as_measured_beside_an_example_of_a_target() -> None:
    value = Value(key="a.b", title="x", unit="%", number=4.0)
    found = indicator(values=(value,), target=Target(low=1.0, is_example=True))
    said = " ".join(building.papers_of(snapshot(indicators=(found,)))[0].texts())
    assert "1 von 1 Kennzahlen haben heute einen Wert, davon 1 aus wirklichen Messungen." in said
