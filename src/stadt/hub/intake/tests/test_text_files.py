"""Encodings, separators and lines of text files."""

import pytest

from stadt.hub.intake import correct
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.tests.files import Office, codes, types

PEOPLE = "Straße;Größe\nMüllerstraße;1,5\nÄußere Gasse;2,5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "mac_roman"]
)
def test_umlauts_survive_in_every_encoding_that_offices_use(office: Office, encoding: str) -> None:
    table = office.table(PEOPLE.encode(encoding))
    assert table.rows == [("Müllerstraße", 1.5), ("Äußere Gasse", 2.5)]
    assert table.written.columns[0].source == "Straße"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("width", [2, 5])
def test_blank_lines_cost_no_row_and_rows_keep_their_numbers(office: Office, width: int, ends: str) -> None:
    more = ";x" * (width - 2)
    lines = [
        "", "Titel", "", f"Raum;Zahl{more}", f"West;1{more}", "", f"Ost;2{more}", f'"Nord\n\nSüd";zwei{more}', f"Mitte;4{more}",
        *(f"Ort {number};{number}{more}" for number in range(20)), f"Summe;197{more}", "", "", "Quelle: Amt", "", "Stand: 2025",
    ]  # fmt: skip
    text = ends.join(lines).encode("cp1252")
    reading = office.read(text)
    assert (reading.skipped_rows, reading.header_rows) == (3, 1)
    table = office.table(
        text, correct(reading, {"columns": {"zahl": {"type": "integer", "pattern": "1234"}}})
    )
    cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in table.column("raum")]
    assert cells == ["West", "Ost", "Nord\n\nSüd", "Mitte", *(f"Ort {number}" for number in range(20))]
    [refused] = table.written.refused
    assert (refused.row, refused.text) == (8, "zwei")
    assert table.written.dropped["totals"] == 1


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_one_column_with_blank_lines_keeps_all_its_values(office: Office, quote: str) -> None:
    path = office.file("Zahl\n\n1\n\n2\n")
    assert office.table(path, office.read(path, answer={"quote": quote})).rows == [(1,), (2,)]


def test_the_euro_sign_tells_western_encodings_apart(office: Office) -> None:
    assert office.read("Preis €;b\n1;2\n".encode("cp1252")).encoding == "cp1252"
    assert office.read("Preis €;b\n1;2\n".encode("iso8859-15")).encoding == "iso8859-15"


def test_two_encodings_in_one_file_are_refused_with_both_lines(office: Office) -> None:
    mixed = b"a;b\n" + "Müller;1\n".encode() + "Größe;2\n".encode("cp1252")
    with pytest.raises(Refusal) as caught:
        office.read(mixed)
    assert (caught.value.code, caught.value.values) == ("mixed_encodings", {"first": "2", "second": "3"})


def test_a_person_can_say_the_encoding(office: Office) -> None:
    text = "Name;Wert\nŁódź;1\n".encode()
    assert office.read(text, answer={"encoding": "utf-8", "corrected": ["encoding"]}).sample[0].cells == (
        "Łódź",
        "1",
    )
    with pytest.raises(Refusal, match="undecodable"):
        office.read("ä;b\n1;2\n".encode("cp1252"), answer={"encoding": "utf-8"})


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_separators_and_line_breaks_are_found(office: Office, delimiter: str, newline: str) -> None:
    lines = [["Name", "Ort", "Zahl"], ["Anna", "Buer", "1"], ["Bert", "Horst", "2"]]
    table = office.table(newline.join(delimiter.join(line) for line in lines))
    assert table.rows == [("Anna", "Buer", 1), ("Bert", "Horst", 2)]


def test_decimal_commas_do_not_pass_for_separators(office: Office) -> None:
    reading = office.read("a;b\n1,5;2,5\n3,5;4,5\n")
    assert (reading.delimiter, reading.decimal, types(reading)) == (";", ",", ["number", "number"])


def test_excel_s_line_with_the_separator_is_taken_and_left_out(office: Office) -> None:
    assert office.table("sep=|\na|b\n1|2\n").rows == [(1, 2)]


def test_quoted_cells_keep_separators_quotes_and_line_breaks(office: Office) -> None:
    table = office.table('Name;Text\n"Meier; Anna";"sagt ""ja""\nund geht"\nBert;"x"\n')
    assert table.rows[0] == ("Meier; Anna", 'sagt "ja"\nund geht')


def test_an_open_quote_is_no_way_to_swallow_a_file(office: Office) -> None:
    with pytest.raises(Refusal, match="quote_open"):
        office.read('a;b\n"x;1\n' + "y;2\n" * 400_000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"a;b\n1;\x002\n", "nul_bytes"),
        (b"a;b\n" + b"x" * 1_100_000 + b";1\n", "line_too_long"),
        (b"x" * 9_000_000, "line_too_long"),
        (b";".join(b"c%d" % n for n in range(10_000)) + b"\n" + b";".join([b"1"] * 10_000), "too_many_columns"),
    ],
)  # fmt: skip
def test_what_is_no_table_in_lines_is_refused(office: Office, content: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        office.read(content)


def test_short_rows_end_in_missing_values_and_long_ones_are_told(office: Office) -> None:
    rows = "".join(f"{n};x\n" for n in range(300))
    table = office.table("a;b\n" + rows + "300\n301;y;zu viel\n", office.read("a;b\n" + rows))
    assert table.rows[-1] == (300, None)
    assert table.written.dropped["malformed"] == 1
    assert {one.code for one in table.written.remarks} == {"rows_malformed"}


def test_many_rows_that_do_not_fit_are_refused(office: Office) -> None:
    reading = office.read("a;b\n1;2\n")
    with pytest.raises(Refusal, match="rows_malformed"):
        office.table("a;b\n1;2\n1;2;3\n1;2;3\n", reading)


def test_a_file_above_8_mb_is_looked_at_all_over(office: Office) -> None:
    lines = [f"{n};{n % 7},5;Text" for n in range(800_000)]
    lines[500_000:] = [f"0{line}" for line in lines[500_000:]]
    reading = office.read("nr;wert;wort\n" + "\n".join(lines) + "\nQuelle: Stadtarchiv;;\n")
    assert reading.columns[0].type == "text", "leading zeros from the middle on"
    assert reading.footer_rows == 1
    assert reading.row_estimate == 800_000
    assert "sample_only" in codes(reading)
