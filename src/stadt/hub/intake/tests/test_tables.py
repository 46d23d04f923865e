"""Where in a sheet the table is: titles, headings, footnotes, sums, years as columns."""

from stadt.hub.intake.tests.files import Office, codes


def test_titles_above_and_sources_below_are_left_out(office: Office) -> None:
    text = (
        "Einwohner nach Stadtteilen;;\nStand: 31.12.2023;;\n;;\nStadtteil;Einwohner;Fläche [ha]\n"
        "Buer;32.100;1.234,5\nHorst;20.500;700,1\n;;\nQuelle: Einwohnermeldeamt;;\n* vorläufig;;\n"
    )
    reading = office.read(text)
    assert (reading.skipped_rows, reading.header_rows, reading.footer_rows) == (3, 1, 3)
    assert {"titles_skipped", "footer_skipped"} <= codes(reading)
    assert office.table(text).rows == [("Buer", 32100, 1234.5), ("Horst", 20500, 700.1)]


def test_two_rows_of_headings_with_merged_cells_are_joined(office: Office) -> None:
    text = ";Einwohner;;Haushalte;\nStadtteil;männlich;weiblich;gesamt;mit Kindern\nBuer;10;12;8;3\nHorst;7;6;5;2\n"
    reading = office.read(text)
    assert reading.header_rows == 2
    assert [column.source for column in reading.columns] == [
        "Stadtteil", "Einwohner männlich", "Einwohner weiblich", "Haushalte gesamt", "Haushalte mit Kindern",
    ]  # fmt: skip


def test_a_row_of_units_belongs_to_the_headings(office: Office) -> None:
    reading = office.read("Ort;Menge;Fläche\n;in t;in ha\nBuer;1,5;20\nHorst;2,5;30\n")
    assert [(c.title, c.unit) for c in reading.columns] == [("Ort", ""), ("Menge", "t"), ("Fläche", "har")]


def test_a_file_without_headings_gets_counted_columns(office: Office) -> None:
    reading = office.read("1;2,5;01.01.2024\n2;3,5;02.01.2024\n3;4,5;03.01.2024\n")
    assert reading.header_rows == 0
    assert [column.name for column in reading.columns] == ["spalte_1", "spalte_2", "spalte_3"]
    assert "no_header" in codes(reading)


def test_a_table_of_words_has_headings_too(office: Office) -> None:
    assert office.table("Name;Ort\nAnna;Buer\nBert;Horst\n").rows == [("Anna", "Buer"), ("Bert", "Horst")]


def test_sums_are_left_out_and_told(office: Office) -> None:
    text = "Stadtteil;Einwohner\nBuer;10\nHorst;20\nErle;5\nInsgesamt;35\n"
    reading = office.read(text)
    assert reading.totals == (5,)
    assert "totals_differ" not in codes(reading)
    assert len(office.table(text).rows) == 3


def test_a_sum_that_does_not_add_up_is_told(office: Office) -> None:
    assert "totals_differ" in codes(office.read("Ort;Zahl\nBuer;10\nHorst;20\nSumme;99\n"))


def test_a_category_called_gesamt_is_no_sum(office: Office) -> None:
    text = "Ort;Geschlecht;Zahl\n" + "".join(
        f"O{n};{sex};{n}\n" for n in range(20) for sex in ("männlich", "weiblich", "gesamt")
    )
    reading = office.read(text)
    assert reading.totals == ()
    assert "totals_kept" in codes(reading)


def test_sums_can_be_kept(office: Office) -> None:
    text = "Ort;Zahl\nBuer;10\nHorst;20\nSumme;30\n"
    assert len(office.table(text, office.read(text, answer={"keep_totals": True})).rows) == 3


def test_years_as_columns_become_rows(office: Office) -> None:
    text = "Stadtteil;2021;2022;2023\nBuer;1;2;3\nHorst;4;;6\n"
    table = office.table(text)
    assert table.names == ["stadtteil", "jahr", "wert"]
    assert table.rows[:4] == [("Buer", 2021, 1), ("Buer", 2022, 2), ("Buer", 2023, 3), ("Horst", 2021, 4)]
    assert table.rows[4] == ("Horst", 2022, None)


def test_years_in_headings_of_different_meaning_are_only_told(office: Office) -> None:
    reading = office.read("Teilplan;Ergebnis 2010;Plan 2011;Plan 2012;Plan 2013\nA;1;2;3;4\nB;5;6;7;8\n")
    assert reading.years_as_columns is None
    assert "years_possible" in codes(reading)


def test_equal_headings_get_numbers_and_void_columns_go(office: Office) -> None:
    text = "Wert;Wert;;Ort\n1;2;;Buer\n3;4;;Horst\n"
    reading = office.read(text)
    assert [column.name for column in reading.columns] == ["wert", "wert_2", "spalte_3", "ort"]
    assert {"duplicate_heading", "empty_columns"} <= codes(reading)
    assert office.table(text).names == ["wert", "wert_2", "ort"]


def test_blank_rows_in_between_are_left_out(office: Office) -> None:
    table = office.table("a;b\n1;2\n;\n3;4\n")
    assert table.rows == [(1, 2), (3, 4)]
    assert table.written.dropped["empty"] == 1
