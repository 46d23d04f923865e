"""Numbers, dates, keys and words for missing values, column by column."""

import pytest

from stadt.hub.ingest.units import is_ucum
from stadt.hub.intake.headings import UNITS
from stadt.hub.intake.tests.files import Office, Table, codes


def column_of(office: Office, heading: str, *cells: str, beside: str = "x") -> Table:
    """A table with one column of interest and a column of words beside it."""
    rows = "".join(f'"{cell}";{beside}\n' for cell in cells)
    return office.table(f"{heading};Wort\n{rows}")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1", "22", "-3", "+4"), [1, 22, -3, 4]),
        (("1,5", "-2,25", "3"), [1.5, -2.25, 3.0]),
        (("1.5", "-2.25", "3"), [1.5, -2.25, 3.0]),
        (("1.234,50", "12", "1.234.567,8"), [1234.5, 12.0, 1234567.8]),
        (("1,234.50", "12", "1,234,567.8"), [1234.5, 12.0, 1234567.8]),
        (("1 234,5", "12", "1\u00a0234\u00a0567"), [1234.5, 12.0, 1234567.0]),
        (("1'234.5", "12"), [1234.5, 12.0]),
        (("12,5 %", "7 %"), [12.5, 7.0]),
        (("1.200,00 €", "3,50 €"), [1200.0, 3.5]),
        (("−3,5", "2,0"), [-3.5, 2.0]),
        (("1.2E3", "4.5e-1"), [1200.0, 0.45]),
        (("ja", "nein", "Ja"), [True, False, True]),
        (("WAHR", "FALSCH"), [True, False]),
    ],
)  # fmt: skip
def test_numbers_and_truths_in_the_forms_of_offices(
    office: Office, cells: tuple[str, ...], values: list[object]
) -> None:
    assert [row[0] for row in column_of(office, "Menge", *cells).rows] == values


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (("01.02.2024", "3.4.2024"), "2024-02-01"),
        (("2024-02-01", "2024-12-31"), "2024-02-01"),
        (("01.02.24", "31.12.99"), "2024-02-01"),
        (("13/02/2024", "01/03/2024"), "2024-02-13"),
        (("02/13/2024", "03/01/2024"), "2024-02-13"),
        (("20240201", "20241231"), "2024-02-01"),
        (("1. Februar 2024", "3. März 2024"), "2024-02-01"),
        (("Februar 2024", "Mai 2024"), "2024-02-01"),
        (("1. Feb. 2024", "2. Dez. 2024"), "2024-02-01"),
        (("02/2024", "12/2024"), "2024-02-01"),
    ],
)  # fmt: skip
def test_dates_in_the_forms_of_offices(office: Office, cells: tuple[str, ...], first: str) -> None:
    assert str(column_of(office, "Datum", *cells).rows[0][0]) == first


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("01.07.2024 12:30", "2024-07-01T10:30Z"),
        ("01.01.2024 12:30:15", "2024-01-01T11:30Z"),
        ("2024-07-01T12:30:00Z", "2024-07-01T12:30Z"),
        ("2024-07-01 12:30+02:00", "2024-07-01T10:30Z"),
        ("2024-07-01T12:30:00.250+0200", "2024-07-01T10:30Z"),
        ("01.07.2024, 12:30 Uhr", "2024-07-01T10:30Z"),
        ("31.12.2023 24:00", "2023-12-31T23:00Z"),
    ],
)  # fmt: skip
def test_times_are_of_berlin_unless_they_say_otherwise(office: Office, cell: str, moment: str) -> None:
    assert column_of(office, "Zeit", cell, cell).rows[0][0] == moment


def test_the_hour_that_comes_twice_follows_the_order_of_rows(office: Office) -> None:
    clock = ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]
    table = column_of(office, "Zeit", *(f"27.10.2024 {time}" for time in clock))
    assert [row[0][11:16] for row in table.rows] == ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"]
    assert [(one.code, one.values["count"]) for one in table.written.remarks] == [("ambiguous_hour", "4")]


def test_the_hour_that_never_was_is_told_and_missing(office: Office) -> None:
    table = column_of(office, "Zeit", "31.03.2024 01:30", "31.03.2024 02:30", "31.03.2024 03:30")
    assert [row[0] for row in table.rows] == ["2024-03-31T00:30Z", None, "2024-03-31T01:30Z"]
    assert [one.code for one in table.written.remarks] == ["skipped_hour"]


@pytest.mark.parametrize(
    ("heading", "cells", "role"),
    [
        ("AGS", ("05555000", "05515000"), "ags"),
        ("PLZ", ("45879", "45881"), "postcode"),
        ("Straßenschlüssel", ("00017", "00230"), "id"),
        ("Vorwahl", ("0209", "0201"), "id"),
    ],
)  # fmt: skip
def test_digits_that_are_names_stay_text(
    office: Office, heading: str, cells: tuple[str, ...], role: str
) -> None:
    reading = office.read(f"{heading};Wert\n" + "".join(f"{cell};1\n" for cell in cells))
    assert (reading.columns[0].type, reading.columns[0].role) == ("text", role)
    assert column_of(office, heading, *cells).rows[0][0] == cells[0]


def test_a_municipality_key_gets_back_its_zero(office: Office) -> None:
    table = column_of(office, "AGS", "5555000", "05515000")
    assert [row[0] for row in table.rows] == ["05555000", "05515000"]


@pytest.mark.parametrize("word", ["-", ".", "k. A.", "x", "/", "…", "#NV", "n/a"])
def test_words_for_missing_values_are_missing_among_numbers(office: Office, word: str) -> None:
    table = column_of(office, "Wert", *map(str, range(12)), word)
    assert table.types[0] == "integer"
    assert table.rows[-1][0] is None
    assert table.written.refused_count == 0


def test_a_word_that_only_numbers_use_stays_among_words(office: Office) -> None:
    assert [row[0] for row in column_of(office, "Klasse", "x", "y", "/").rows] == ["x", "y", "/"]


def test_cells_that_do_not_fit_are_told_with_their_row(office: Office) -> None:
    table = column_of(office, "Wert", *("1,5",) * 40, "ca. 3", *("2,5",) * 5)
    assert [(cell.row, cell.column, cell.text) for cell in table.written.refused] == [(42, "wert", "ca. 3")]
    assert table.rows[40][0] is None


def test_a_few_words_among_numbers_keep_them_text_and_are_told(office: Office) -> None:
    reading = office.read("Wert;b\n" + "1,5;x\n" * 9 + "viele;x\n")
    assert reading.columns[0].type == "text"
    assert reading.columns[0].certainty < 1
    assert "nearly" in codes(reading)


def test_thousands_or_decimals_are_decided_by_the_other_columns(office: Office) -> None:
    german = office.table("a;b\n1.234;1,5\n5.678;2,5\n")
    english = office.table("a;b\n1.234;1.52\n5.678;2.51\n")
    assert german.rows[0] == (1234, 1.5)
    assert english.rows[0] == (1.234, 1.52)


def test_thousands_or_decimals_alone_are_told_with_both_meanings(office: Office) -> None:
    reading = office.read("a;b\n1.234;x\n5.678;y\n")
    assert reading.columns[0].certainty < 0.7
    note = reading.columns[0].remark
    assert note is not None
    assert {note.values["first"], note.values["second"]} == {"1234", "1,234"}


@pytest.mark.parametrize(
    ("heading", "title", "unit"),
    [
        ("Menge [t]", "Menge", "t"),
        ("PM10 (µg/m³)", "PM10", "ug/m3"),
        ("Anteil in %", "Anteil", "%"),
        ("Betrag (in €)", "Betrag", "{EUR}"),
        ("Aufwand in Mio. €", "Aufwand", "10*6.{EUR}"),
        ("Temperatur in °C", "Temperatur", "Cel"),
        ("Schallpegel [dB(A)]", "Schallpegel", "dB[SPL]"),
        ("Einwohner (Stand 2023)", "Einwohner (Stand 2023)", ""),
    ],
)  # fmt: skip
def test_units_in_headings_become_ucum(office: Office, heading: str, title: str, unit: str) -> None:
    column = office.read(f"{heading};b\n1,5;x\n2,5;y\n").columns[0]
    assert (column.title, column.unit) == (title, unit)


def test_every_unit_that_is_known_is_ucum() -> None:
    assert [code for code in UNITS.values() if code and not is_ucum(code)] == []


def test_districts_of_the_city_are_recognised(office: Office) -> None:
    text = "Gebiet;Wert\nBuer;1\nMusterstadt-Horst;2\nErle;3\n"
    reading = office.read(text, districts=("Buer", "Horst", "Erle", "Altstadt"))
    assert reading.columns[0].role == "district"


@pytest.mark.parametrize(
    ("east", "north", "cells", "crs"),
    [
        ("lon", "lat", ("7,1", "51,5"), "EPSG:4326"),
        ("Längengrad", "Breitengrad", ("7.1", "51.5"), "EPSG:4326"),
        ("X", "Y", ("368203,1", "5707011,6"), "EPSG:25832"),
        ("Ostwert", "Nordwert", ("32368203,1", "5707011,6"), "EPSG:4647"),
        ("Rechtswert", "Hochwert", ("2576440", "5707600"), "EPSG:31466"),
    ],
)  # fmt: skip
def test_coordinates_become_places_in_the_ruhr_area(
    office: Office, east: str, north: str, cells: tuple[str, str], crs: str
) -> None:
    text = f"Name;{east};{north}\n" + f"Rathaus;{cells[0]};{cells[1]}\n" * 2
    reading = office.read(text)
    assert reading.position is not None
    assert reading.position.crs == crs
    table = office.table(text, reading)
    assert table.types[-1] == "geometry"
    west, south, _, _ = table.written.bbox or (0, 0, 0, 0)
    assert west == pytest.approx(7.1, abs=0.01)
    assert south == pytest.approx(51.5, abs=0.01)


def test_a_column_of_wkt_is_geometry_and_what_is_broken_is_told(office: Office) -> None:
    shapes = ["POINT (7.1 51.5)", "SRID=4326;POINT(7.2 51.6)"] * 15 + ["POINT (7.1"]
    table = office.table("Name|geom\n" + "".join(f"n{n}|{shape}\n" for n, shape in enumerate(shapes)))
    assert table.rows[0][1] == "POINT (7.1 51.5)"
    assert [(cell.row, cell.column) for cell in table.written.refused] == [(32, "geom")]
