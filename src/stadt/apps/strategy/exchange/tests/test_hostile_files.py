"""Files that are wrong or mean harm: a refusal that names the place, and nothing is taken."""

import contextlib
import io
import zipfile
from collections.abc import Callable

import msgspec
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.exchange.archives import LARGEST_FILE, unpack
from stadt.apps.strategy.exchange.csv_set import write_csv_set
from stadt.apps.strategy.exchange.document import Document, write_json
from stadt.apps.strategy.exchange.errors import BadFile
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.exchange.sheets import ABOUT_TITLE, ALL
from stadt.apps.strategy.exchange.workbook import write_workbook
from stadt.apps.strategy.record.content import ActionField, Head, Measure, Theme

DOCUMENT = Document(
    items=(
        Head(title="Digitalkonzept"),
        Theme("LT-1", "Sauberes Dorf"),
        ActionField("HF-1.1", "Abfall", "LT-1"),
        Measure("M-1.1.1", "Volle Behälter melden sich", field="HF-1.1"),
    )
)


def refusal(content: bytes) -> BadFile:
    with pytest.raises(BadFile) as refused:
        read_file(content)
    return refused.value


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def csv_with(name: str, change: Callable[[str], str]) -> bytes:
    files = dict(unpack(write_csv_set(DOCUMENT)))
    files[name] = change(files[name].decode()).encode()
    return zipped(files)


def json_with(change: Callable[[dict[str, object]], object]) -> bytes:
    given = msgspec.json.decode(write_json(DOCUMENT))
    change(given)
    return msgspec.json.encode(given)


WORKBOOK = write_workbook(DOCUMENT)
BOMB = zipped({"massnahmen.csv": b"0" * 30_000_000})
ARCHIVES = {
    "bomb": (BOMB, "24 MB"),
    "lying size": (BOMB.replace((30_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")), ""),
    "way out": (zipped({"../../etc/massnahmen.csv": b""}), "Pfad"),
    "absolute": (zipped({"/etc/massnahmen.csv": b""}), "Pfad"),
    "windows": (zipped({"C:\\massnahmen.csv": b""}), "Pfad"),
    "archive inside": (zipped({"a.csv": b"", "b.zip": zipped({})}), "weiteres Archiv"),
    "too many": (zipped({f"{number}.csv": b"" for number in range(101)}), "100"),
    "other file": (zipped({**unpack(write_csv_set(DOCUMENT)), "mehr.csv": b""}), "mehr.csv"),
    "file missing": (zipped({"massnahmen.csv": b""}), "abhaengigkeiten.csv"),
    "cut off": (write_csv_set(DOCUMENT)[:400], "beschädigt"),
    "no workbook": (zipped({"a.txt": b""}), "XLSX"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_means_harm_is_refused(name: str) -> None:
    content, said = ARCHIVES[name]

    assert said in refusal(content).detail


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ENTITIES + b"<PerformancePlanOrReport/>", "XML-Definitionen"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><StrategicPlan/>', "XML-Definitionen"),
        (b"<a>" * 100_000, "verschachtelt"),
        (b"<StrategicPlan><Name></StrategicPlan>", "Zeile 1"),
        (b"<html/>", "html"),
        (b"<StrategicPlan/>", "StrategicPlanCore"),
        (b'<?xml version="1.0" encoding="x-nix"?><StrategicPlan/>', "XML"),
        (b"%PDF-1.7", "weder JSON"),
        (b"", "weder JSON"),
        (b"{" * 100_000, "JSON"),
        (b'{"format":' * 10_000, "JSON"),
        (b'{"format": "other"}', "format"),
        (b'{"format": "stadt.strategy", "version": 2}', "Version 2"),
        (b'{"format": "stadt.strategy", "version": 1}', "keine Strategie"),
        (b'{"format": "stadt.strategy", "version": 1, "items": [{"type": "plan"}]}', "items[0]"),
        (b"{" + b" " * LARGEST_FILE, "6 MB"),
    ],
)
def test_what_is_no_strategy_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content).detail


def test_a_workbook_whose_xml_defines_entities_is_refused() -> None:
    members = dict(unpack(write_workbook(DOCUMENT)))
    members["xl/sharedStrings.xml"] = ENTITIES + members["xl/sharedStrings.xml"].partition(b"?>")[2].lstrip()

    assert "xl/sharedStrings.xml" in refusal(zipped(members)).detail


def test_a_far_cell_makes_no_room_for_millions_of_others() -> None:
    members = dict(unpack(write_workbook(DOCUMENT)))
    row = b'<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet3.xml"] = members["xl/worksheets/sheet3.xml"].replace(b"</sheetData>", row)

    assert "20000 Zeilen" in refusal(zipped(members)).detail


def test_a_million_rows_are_refused() -> None:
    assert "Zeilen" in refusal(csv_with("partner.csv", lambda text: text + "M-1.1.1;x;\r\n" * 300_000)).detail


def test_a_workbook_needs_every_sheet_of_the_template_and_no_other() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    for title in (ABOUT_TITLE, *(sheet.title for sheet in ALL[1:])):
        book.add_worksheet(title)
    book.close()

    assert f"{ALL[0].title}: Das Blatt fehlt" in refusal(made.getvalue()).detail


MEASURES = "massnahmen.csv"
ROW = "M-1.1.1;Volle Behälter melden sich;HF-1.1"
TABLES = {
    "column missing": (MEASURES, lambda text: text.replace("Laufzeit;", "Zeit;", 1), "massnahmen.csv, Zeile 1: Die Spalte „Laufzeit“"),
    "column twice": (MEASURES, lambda text: text.replace("Code;", "Code;Code;", 1), "Die Spalte „Code“ gehört nicht"),
    "cell too many": (MEASURES, lambda text: f"{text.rstrip()};x\r\n", "Rechts"),
    "unknown field": (MEASURES, lambda text: text.replace("HF-1.1", "HF-9.9"), "massnahmen.csv, Zeile 2, Spalte Handlungsfeld"),
    "duplicate": (MEASURES, lambda text: text + text.splitlines()[1] + "\r\n", "2-mal"),
    "wrong code": (MEASURES, lambda text: text.replace("M-1.1.1", "1.1.1"), "kein Code"),
    "wrong day": (MEASURES, lambda text: text.replace(f"{ROW};;;", f"{ROW};;;31.2.2020"), "Spalte Beginn: „31.2.2020“"),
    "wrong flag": (MEASURES, lambda text: text.replace("nein", "vielleicht", 1), "„ja“ oder „nein“"),
    "unknown measure": ("partner.csv", lambda text: text + "M-9.9.9;x;y\r\n", "Partner, Zeile 2"),
    "no table": (MEASURES, lambda text: "", "Zeile 1"),
    "other version": ("austausch.csv", lambda text: text.replace("Version;1", "Version;7"), "Version 7"),
    "other format": ("austausch.csv", lambda text: text.replace("stadt.strategy", "x"), "keine Strategie-Datei"),
    "control character": (MEASURES, lambda text: text.replace("Volle", "Vol\x01le"), "Steuerzeichen"),
    "too long": (MEASURES, lambda text: text.replace("Volle", "V" * 30_001), "30000 Zeichen"),
    "open quote": (MEASURES, lambda text: text.replace("Volle", '"Volle'), "massnahmen.csv, Zeile"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_wrong_table_is_refused_by_file_row_and_column(name: str) -> None:
    file, change, said = TABLES[name]
    error = refusal(csv_with(file, change))

    assert said in error.detail
    assert error.fields


def test_a_table_in_another_encoding_is_refused_by_its_line() -> None:
    files = dict(unpack(write_csv_set(DOCUMENT)))
    files[MEASURES] = files[MEASURES].decode("utf-8-sig").encode("latin-1")

    assert "massnahmen.csv, Zeile 2: Die Datei ist nicht in UTF-8" in refusal(zipped(files)).detail


def test_all_places_that_are_wrong_are_named_at_once() -> None:
    error = refusal(csv_with(MEASURES, lambda text: text.replace("nein", "?")))

    assert len(error.fields) > 3
    assert "weitere Fehler" in error.detail


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda given: given["items"][3].update(colour="red"), "items[3].colour"),
        (lambda given: given["items"][3].update(title=5), "items[3].title"),
        (lambda given: given["items"][3].update(field="HF-9.9"), "items[M-1.1.1].field"),
        (lambda given: given["items"].append(given["items"][3]), "items[M-1.1.1].code"),
        (lambda given: given["items"][3].update(state="gone"), "items[M-1.1.1].state"),
        (lambda given: given["items"][3].update(sdgs=[18]), "items[M-1.1.1].sdgs"),
        (lambda given: given.update(more=1), "more"),
    ],
)
def test_json_is_refused_by_the_path_that_is_wrong(
    change: Callable[[dict[str, object]], object], place: str
) -> None:
    assert refusal(json_with(change)).fields[0].field == place


@given(
    st.binary(max_size=300)
    | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail)
    | st.text().map(str.encode)
)
def test_any_bytes_are_refused_with_a_sentence(content: bytes) -> None:
    assert refusal(content).detail


@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_refused_or_read(at: int, noise: bytes) -> None:
    content = bytearray(WORKBOOK)
    content[at : at + len(noise)] = noise

    with contextlib.suppress(BadFile):
        assert read_file(bytes(content)).format == "xlsx"


def test_a_foreign_plan_with_more_than_a_strategy_holds_is_refused_as_a_whole() -> None:
    objectives = b"<Objective><Name>x</Name></Objective>" * 100_001
    plan = (
        b"<StrategicPlan><StrategicPlanCore><Goal>%s</Goal></StrategicPlanCore></StrategicPlan>" % objectives
    )

    with pytest.raises(BadFile, match="Einträge"):
        read_file(plan)
