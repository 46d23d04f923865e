"""The form over a reading: what was changed becomes a correction, what was not stays unsaid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.publishing.file_rows import is_left_out, kind_of
from stadt.apps.publishing.personal import find_personal
from stadt.apps.publishing.reading_form import ReadingForm
from stadt.core.errors import FieldError, Invalid
from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake import Melt, Position, ReadColumn, Reading, Remark, SampleRow
from stadt.hub.intake.reading import FileFormat


def column(at: int, name: str, **more: Any) -> ReadColumn:
    return ReadColumn(at=at, source=more.pop("source", name.title()), name=name, title=name.title(), **more)


def reading(*columns: ReadColumn, **more: Any) -> Reading:
    found = columns or (
        column(0, "stadtteil"),
        column(1, "haushalte", type=ColumnType.INTEGER, pattern="1.234"),
    )
    head = {
        "skipped_rows": 2,
        "header_rows": 1,
        "delimiter": ";",
        "encoding": "cp1252",
        "missing_words": (".", "x"),
    }
    return Reading(**{"format": FileFormat.CSV, **head, **more}, columns=found)


def sent(found: Reading, **changed: Any) -> ReadingForm:
    """The form as a browser sends it, with some fields changed."""
    empty = ReadingForm(found, found.columns)
    data = {
        name: value
        for name, value in empty.initial.items()
        if name in empty.fields and value not in (None, False)
    }
    form = ReadingForm(found, found.columns, {**data, **changed})
    assert form.is_valid(), form.errors
    return form


def test_what_is_sent_back_unchanged_says_nothing() -> None:
    assert sent(reading()).changes() == {}


@given(st.integers(0, 20), st.text("abcäöü ", min_size=1, max_size=20).map(str.strip).filter(bool))
def test_only_what_was_changed_is_said(rows: int, title: str) -> None:
    said = sent(reading(), skipped_rows=rows, **{"c1-title": title}).changes()
    assert said.get("skipped_rows", 2) == rows
    assert said.get("columns", {}).get("haushalte", {}).get("title", "Haushalte") == title
    assert set(said) <= {"skipped_rows", "columns"}


def test_words_for_missing_values_are_written_with_commas() -> None:
    assert sent(reading(), missing_words="., k. A. , ").changes() == {"missing_words": [".", "k. A."]}


def test_a_column_that_is_left_out_says_so() -> None:
    form = sent(reading(), **{"c0-keep": ""})
    assert form.changes() == {"columns": {"stadtteil": {"keep": False}}}


def test_another_coordinate_system_keeps_the_columns_of_the_position() -> None:
    found = reading(position=Position(east="x", north="y", crs="EPSG:25832"))
    assert sent(found, crs="EPSG:31466").changes() == {
        "position": {"east": "x", "north": "y", "crs": "EPSG:31466"}
    }


def test_the_other_sheet_is_named_as_the_file_calls_its_parts() -> None:
    found = reading(format=FileFormat.XLSX, sheet="A", choices=("A", "B"), delimiter="", encoding="")
    assert sent(found, part="B").changes() == {"sheet": "B"}


def test_years_in_headings_can_be_left_where_they_are() -> None:
    found = reading(years_as_columns=Melt(columns=("haushalte",), labels=(2024,)))
    assert sent(found, years_as_columns="").changes() == {"years_as_columns": False}


def test_a_refusal_stands_beside_the_field_of_its_column() -> None:
    form = sent(reading())
    form.refuse(Invalid("Passt nicht.", fields=(FieldError("columns.haushalte.unit", "gibt es nicht"),)))
    assert form.errors == {"c1-unit": ["gibt es nicht"]}


def test_a_refusal_of_no_field_stands_above_the_form() -> None:
    form = sent(reading())
    form.refuse(Invalid("Passt nicht.", fields=(FieldError("elsewhere", "x"),)))
    assert form.non_field_errors() == ["Passt nicht."]


def test_a_doubtful_column_is_open_and_says_its_doubt() -> None:
    doubt = Remark("nearly", {"count": "1", "of": "9", "kind": "§kind_number", "example": "ca. 5"})
    form = ReadingForm(found := reading(column(0, "wert", certainty=0.5, remark=doubt)), found.columns)
    [shown] = form.columns
    assert shown.is_open
    assert "ca. 5" in shown.doubt


@pytest.mark.parametrize(
    ("number", "kind"), [(1, "title"), (2, "title"), (3, "header"), (4, "row"), (9, "totals")]
)
def test_rows_are_told_by_their_number(number: int, kind: str) -> None:
    assert kind_of(reading(totals=(9,)), SampleRow(number, ())) == kind


def test_sums_that_only_a_person_knows_are_told_one_a_line_and_shown_as_left_out() -> None:
    form = sent(reading(column(0, "raum")), total_words=" Stadt Köln \r\n\r\nWest, Ost\r\n")
    assert form.changes() == {"total_words": ["Stadt Köln", "West, Ost"]}
    known = reading(column(0, "raum"), total_words=("Stadt Köln",))
    assert [is_left_out(known, SampleRow(4, (cell, "1"))) for cell in ("Stadt Köln ", "Köln")] == [
        True,
        False,
    ]
    assert form.initial["total_words"] == ""
    assert ReadingForm(known, known.columns).initial["total_words"] == "Stadt Köln"


@pytest.mark.parametrize(
    "heading",
    ["Vorname", "Nachname", "Geburtsdatum", "E-Mail", "Telefon", "Wohnanschrift", "Ansprechpartner", "IBAN"],
)
def test_headings_about_persons_are_asked_about(heading: str) -> None:
    assert find_personal(reading(column(0, "a", source=heading))) != {}


@pytest.mark.parametrize(
    "heading", ["Straßenname", "Stadtteil", "Mobilstationen", "Name der Schule", "AGS", "Haltestelle"]
)
def test_other_headings_are_not(heading: str) -> None:
    assert find_personal(reading(column(0, "a", source=heading))) == {}


@pytest.mark.parametrize(
    "cell", ["erika@example.org", "0999 169-1234", "+49 999 1691234", "DE89 3704 0044 0532 0130 00"]
)
def test_values_about_persons_are_asked_about(cell: str) -> None:
    rows = tuple(SampleRow(number, (cell,)) for number in range(4, 8))
    assert find_personal(reading(column(0, "kontakt"), sample=rows)) != {}


@pytest.mark.parametrize("cell", ["09999000", "0999", "12.5", "2025-01-31", "45879", "DE"])
def test_codes_and_numbers_are_not(cell: str) -> None:
    rows = tuple(SampleRow(number, (cell,)) for number in range(4, 8))
    assert find_personal(reading(column(0, "schluessel"), sample=rows)) == {}
