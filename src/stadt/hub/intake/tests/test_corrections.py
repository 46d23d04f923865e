"""A person's word about a reading, and the next delivery that needs no hand."""

import pytest

from stadt.core.errors import Invalid
from stadt.hub.intake import Reading, answer_of, correct, is_structural
from stadt.hub.intake.tests.files import Office, codes

TEXT = "AGS;Jahr;Menge [t]\n05555000;2023;1,5\n05515000;2024;2,5\n"


@pytest.fixture(scope="module")
def reading(office: Office) -> Reading:
    return office.read(TEXT)


def test_a_reading_goes_to_json_and_back(reading: Reading) -> None:
    assert Reading.from_json(reading.to_json()) == reading


def test_a_correction_shows_in_the_sample_at_once(reading: Reading) -> None:
    changed = correct(reading, {"columns": {"menge": {"type": "text", "title": "Gewicht"}}})
    assert changed.columns[2].title == "Gewicht"
    assert changed.sample[0].understood[2] == "1,5"
    assert reading.sample[0].understood[2] == "1.5"


def test_a_column_that_is_left_out_is_not_in_the_table(office: Office, reading: Reading) -> None:
    changed = correct(reading, {"columns": {"jahr": {"keep": False}}})
    assert office.table(TEXT, changed).names == ["ags", "menge"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"columns": {"nirgends": {"title": "x"}}}, "columns.nirgends"),
        ({"columns": {"menge": {"type": "zahl"}}}, "columns.menge.type"),
        ({"columns": {"menge": {"name": "Größe"}}}, "columns.menge.name"),
        ({"columns": {"menge": {"name": "ags"}}}, "columns.ags.name"),
        ({"columns": {"menge": {"type": "date", "pattern": "1.234,5"}}}, "columns.menge.pattern"),
        ({"columns": {"menge": {"certainty": "1"}}}, "columns.menge.certainty"),
        ({"columns": {name: {"keep": False} for name in ("ags", "jahr", "menge")}}, "columns"),
        ({"delimiter": "ab"}, "delimiter"),
        ({"encoding": "klingon"}, "encoding"),
        ({"header_rows": -1}, "header_rows"),
        ({"total_words": [" "]}, "total_words"),
        ({"total_words": "Summe"}, "total_words"),
        ({"crs": "EPSG:0"}, "crs"),
        ({"position": {"east": "ags", "north": "menge"}}, "position.east"),
        ({"years_as_columns": True}, "years_as_columns"),
        ({"sample": []}, "sample"),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_is_refused_with_its_field(
    reading: Reading, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        correct(reading, changes)
    assert field in {one.field for one in caught.value.fields}


def test_rows_that_a_person_knows_as_sums_are_left_out_of_this_delivery_and_the_next(office: Office) -> None:
    text = "Raum;Zahl\nWest;1\nOst;2\nStadt;3\nWest;4\nStadt \u00a0;4\nStadtrand;9\n"
    changed = correct(office.read(text), {"total_words": ["Stadt", " Stadt"]})
    assert not is_structural({"total_words": []})
    later = office.read(text, answer=answer_of(changed))
    for known in (changed, later):
        table = office.table(text, known)
        assert table.column("raum") == ["West", "Ost", "West", "Stadtrand"]
        assert table.written.dropped["totals"] == 2


def test_the_next_delivery_is_read_as_the_last_was_corrected(office: Office, reading: Reading) -> None:
    changed = correct(
        reading, {"columns": {"menge": {"name": "gewicht", "unit": "kg"}, "jahr": {"keep": False}}}
    )
    later = office.read(TEXT.replace("1,5", "7,25"), answer=answer_of(changed))
    assert [(column.name, column.unit) for column in later.kept] == [("ags", ""), ("gewicht", "kg")]
    assert office.table(TEXT, later).names == ["ags", "gewicht"]


def test_another_way_of_writing_numbers_is_followed(office: Office, reading: Reading) -> None:
    later = office.read(TEXT.replace(",", "."), answer=answer_of(reading))
    assert office.table(TEXT.replace(",", "."), later).column("menge") == [1.5, 2.5]


def test_whole_numbers_are_still_numbers_of_the_agreed_type(office: Office, reading: Reading) -> None:
    text = TEXT.replace(",5", "")
    later = office.read(text, answer=answer_of(reading))
    assert office.table(text, later).types == ["text", "integer", "number"]


def test_columns_that_came_or_went_are_told(office: Office, reading: Reading) -> None:
    later = office.read(TEXT.replace("Jahr", "Monat"), answer=answer_of(reading))
    assert {"new_column", "column_gone"} <= codes(later)


def test_lines_and_words_that_a_person_named_are_kept(office: Office, reading: Reading) -> None:
    changes = {"skipped_rows": 1, "header_rows": 1, "missing_words": ["fehlt"]}
    assert is_structural(changes)
    text = "Titel;x;y\nOrt;Wert;Zahl\nBuer;fehlt;1\nHorst;2;fehlt\n"
    again = office.read(text, answer=answer_of(correct(office.read(text), changes)))
    assert (again.skipped_rows, again.header_rows) == (1, 1)
    assert office.table(text, again).rows == [("Buer", None, 1), ("Horst", 2, None)]


def test_years_can_be_melted_or_left_by_a_person(office: Office) -> None:
    text = "Ort;2022;2023;2024\nBuer;1;2;3\n"
    reading = office.read(text)
    wide = correct(reading, {"years_as_columns": False})
    long = correct(wide, {"years_as_columns": {"name": "kalenderjahr", "value": "faelle"}})
    assert office.table(text, wide).names == ["ort", "s_2022", "s_2023", "s_2024"]
    assert office.table(text, long).names == ["ort", "kalenderjahr", "faelle"]
    assert office.read(text, answer=answer_of(wide)).years_as_columns is None


def test_an_answer_of_an_unknown_shape_counts_as_none(office: Office, reading: Reading) -> None:
    assert office.read(TEXT, answer={"columns": "kaputt"}).columns == reading.columns


def test_titles_hold_no_characters_that_nobody_sees(office: Office) -> None:
    reading = office.read("Na\x07me;\u202eWert\n" + "a;1\n" * 20)
    assert [column.title for column in reading.columns] == ["Name", "Wert"]
    for field in ("title", "unit"):
        with pytest.raises(Invalid):
            correct(reading, {"columns": {"name": {field: "\u202eegnem"}}})
