"""Sheets of Excel and LibreOffice."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from stadt.hub.intake import answer_of, correct
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.tests.files import Office, codes
from stadt.hub.intake.tests.workbooks import Cell, ods, xlsx

ROWS: list[list[Cell]] = [
    ["Abfallmengen der Stadt", None, None, None],
    [],
    ["Stadtteil", "Menge [t]", "Erhoben am", "Vollständig"],
    ["Buer", 1.5, date(2024, 3, 31), True],
    ["Horst", 12, date(2024, 10, 27), False],
    ["Summe", 13.5, None, None],
    ["Quelle: Stadtbetriebe", None, None, None],
]


@pytest.mark.parametrize("write", [xlsx, ods])
def test_a_sheet_with_titles_sums_and_sources_becomes_a_table(
    office: Office, write: Callable[[Sequence[Sequence[Cell]]], bytes]
) -> None:
    path = office.file(write(ROWS), "mengen.xlsx")
    reading = office.read(path)
    assert (reading.skipped_rows, reading.header_rows, reading.footer_rows, reading.totals) == (2, 1, 1, (6,))
    table = office.table(path, reading)
    assert table.types == ["text", "number", "date", "boolean"]
    assert table.rows == [("Buer", 1.5, date(2024, 3, 31), True), ("Horst", 12.0, date(2024, 10, 27), False)]
    assert table.written.columns[1].unit == "t"


@pytest.mark.parametrize("write", [xlsx, ods])
def test_a_sheet_that_begins_further_down_keeps_its_first_rows_and_their_numbers(
    office: Office, write: Callable[[Sequence[Sequence[Cell]]], bytes]
) -> None:
    path = office.file(write([[], [], *ROWS[2:5]]), "unten.xlsx")
    reading = office.read(path)
    assert (reading.skipped_rows, reading.header_rows, reading.sample[0].number) == (2, 1, 4)
    assert office.table(path, reading).column("stadtteil") == ["Buer", "Horst"]


def test_merged_headings_count_for_all_their_columns(office: Office) -> None:
    rows: list[list[Cell]] = [
        ["Jahr", "Einwohner", None, "Haushalte"],
        [None, "männlich", "weiblich", None],
        [2022, 10, 11, 9],
        [2023, 12, 13, 8],
    ]
    reading = office.read(xlsx(rows, ["A1:A2", "B1:C1", "D1:D2"]), "m.xlsx")
    assert [column.source for column in reading.columns] == [
        "Jahr",
        "Einwohner männlich",
        "Einwohner weiblich",
        "Haushalte",
    ]
    assert reading.columns[0].role == "year"


def test_a_fraction_in_a_cell_is_no_thousand(office: Office) -> None:
    path = office.file(xlsx([["a", "b"], [1.234, "x"], [5.678, "y"]]), "f.xlsx")
    reading = office.read(path)
    assert reading.columns[0].certainty == 1.0
    assert office.table(path, reading).column("a") == [1.234, 5.678]


def test_digits_that_are_text_in_the_sheet_keep_their_zeros(office: Office) -> None:
    path = office.file(xlsx([["PLZ", "Wert"], ["01067", 1], ["45879", 2]]), "p.xlsx")
    assert office.table(path).rows == [("01067", 1), ("45879", 2)]


def test_the_first_sheet_that_is_no_cover_is_read_and_the_others_told(office: Office) -> None:
    book = xlsx(
        [["Amt für Statistik"]],
        name="Deckblatt",
        more=[("Daten", [["a", "b"], [1, 2]]), ("Alt", [["c", "d"], [3, 4]])],
    )
    path = office.file(book, "b.xlsx")
    reading = office.read(path)
    assert reading.sheet == "Daten"
    assert reading.choices == ("Deckblatt", "Daten", "Alt")
    assert "other_parts" in codes(reading)
    other = office.read(path, answer=answer_of(correct(reading, {"sheet": "Alt"})))
    assert office.table(path, other).rows == [(3, 4)]
    with pytest.raises(Refusal, match="no_such_part"):
        office.read(path, answer={"sheet": "Nirgends"})


def test_formulas_without_a_stored_value_are_told(office: Office) -> None:
    raw = '<row r="4"><c r="A4"><f>A2+A3</f></c><c r="B4"><f>1+1</f><v></v></c></row>'
    reading = office.read(xlsx([["a", "b"], [1, 2], [3, 4]], raw=raw), "f.xlsx")
    assert [one.values["count"] for one in reading.remarks if one.code == "formulas"] == ["2"]


def test_a_workbook_with_another_ending_is_read_and_told(office: Office) -> None:
    assert "wrong_extension" in codes(office.read(xlsx([["a", "b"], [1, 2]]), "liste.csv"))


def test_a_sheet_without_cells_is_no_table(office: Office) -> None:
    with pytest.raises(Refusal, match="no_table"):
        office.read(xlsx([]), "leer.xlsx")


def test_a_sheet_that_is_wider_than_any_table_is_refused(office: Office) -> None:
    raw = '<row r="2"><c r="XFD2"><v>1</v></c></row>'
    with pytest.raises(Refusal, match="too_many_columns"):
        office.read(xlsx([["a"]], raw=raw), "breit.xlsx")
