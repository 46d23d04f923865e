"""Files of figures: kept as they came, mapped once, read again to the same numbers, confirmed as a whole by another."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from stadt.core.people.actor import Actor
from stadt.hub.indicators import queries
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.mapping import cells_of, guess_header, headings_of, read_number
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.kept.tests.office import AIDED, SHARE, Office, districts, person
from stadt.hub.indicators.models import Entry, FigureFile
from stadt.hub.indicators.services import recompute
from stadt.hub.indicators.states import ValueState
from stadt.hub.intake.tests.workbooks import xlsx

pytestmark = pytest.mark.django_db
KEY = "city.green"
CSV = """Bericht der Stadtwerke;;
;;
Jahr;erneuerbar (MWh);gesamt;Hinweis
2022;1.200,5;4.802;
2023;1500;5000;vorläufig
2024;k. A.;;
""".encode("cp1252")
MAPPING = {
    "header": 3,
    "columns": {
        "period": "Jahr",
        "numerator": "erneuerbar (MWh)",
        "denominator": "gesamt",
        "note": "Hinweis",
    },
}


@pytest.fixture
def green(office: Office) -> Office:
    office.define(SHARE, KEY)
    return office


def take(
    office: Office, content: bytes = CSV, name: str = "strom.csv", actor: Actor | None = None
) -> FigureFile:
    return services.take_file(actor or office.enterer, KEY, name, [content], "Stadtwerke, Abfrage vom 3. Mai")


def fields_of(refused: Any) -> set[str]:
    return {error.field for error in refused.value.fields}


def test_a_file_becomes_values_that_cite_it_and_are_read_again_from_the_frozen_copy(green: Office) -> None:
    """Notes §6 row 7: a frozen copy; row 6: recomputing gives the stored value."""
    file = take(green)
    assert (guess_header(cells_of(file)), headings_of(cells_of(file), 3)[0]) == (3, "Jahr")
    services.map_file(green.enterer, file.pk, MAPPING)
    assert queries.history(KEY) == []
    rows = services.confirm_file(green.confirmer, file.pk)
    values = queries.history(KEY)
    assert [value.value for value in values] == [pytest.approx(25.0), pytest.approx(30.0), None]
    assert values[2].state is ValueState.NOT_AVAILABLE
    assert values[1].note == "vorläufig"
    [cited] = values[0].inputs
    assert (cited["kind"], cited["sha256"], cited["row"]) == ("file", file.sha256, 4)
    assert [recompute(row.pk).value for row in rows] == [row.value for row in rows]
    FigureFile.objects.filter(pk=file.pk).update(content=CSV.replace(b"1500", b"1501"))
    with pytest.raises(NotFound, match="nicht mehr die"):
        recompute(rows[0].pk)


def test_a_workbook_is_read_with_its_sheet_and_true_numbers(green: Office) -> None:
    book = xlsx(
        [["Jahr", "Anteil (%)"], [2023, 12.5], [2024, None]],
        name="Deckblatt",
        more=[("Werte", [["Jahr", "Anteil (%)"], [2023, 12.5]])],
    )
    file = take(green, book, "strom.xlsx")
    assert cells_of(file, "Werte").sheets == ("Deckblatt", "Werte")
    mapping = {"header": 1, "sheet": "Werte", "columns": {"period": "Jahr", "value": "Anteil (%)"}}
    services.map_file(green.enterer, file.pk, mapping)
    [row] = services.confirm_file(green.confirmer, file.pk)
    assert (row.value, row.inputs[0]["sheet"], row.inputs[0]["row"]) == (12.5, "Werte", 2)
    assert recompute(row.pk).value == 12.5


def test_a_unit_in_the_heading_that_is_not_the_indicators_is_refused(green: Office) -> None:
    """Wrong units are refused, never converted silently."""
    file = take(green, b"Jahr;Anteil (MWh)\n2024;5\n")
    with pytest.raises(Invalid) as refused:
        services.map_file(
            green.enterer, file.pk, {"header": 1, "columns": {"period": "Jahr", "value": "Anteil (MWh)"}}
        )
    assert fields_of(refused) == {"row[2].unit"}
    assert not Entry.objects.exists()


def test_who_delivered_or_mapped_a_file_cannot_confirm_it(green: Office) -> None:
    file = take(green, actor=green.head)
    second = person(401, green.organisation, ENTER, CONFIRM)
    services.map_file(second, file.pk, MAPPING)
    for actor in (green.head, second):
        with pytest.raises(Forbidden, match="jemand anderes"):
            services.confirm_file(actor, file.pk)
    with pytest.raises(Forbidden, match="nur ein Mensch"):
        services.confirm_file(green.machine, file.pk)
    with pytest.raises(NotFound):
        services.confirm_file(green.stranger, file.pk)
    with pytest.raises(Conflict, match="als Ganzes"):
        services.confirm_value(green.confirmer, Entry.objects.first().pk)  # type: ignore[union-attr]
    assert len(services.confirm_file(green.confirmer, file.pk)) == 3
    for verb in (services.confirm_file, services.refuse_file):
        with pytest.raises(Conflict):
            verb(green.confirmer, file.pk, "Noch einmal.")


def test_the_next_file_needs_no_mapping_and_only_what_differs_is_a_revision(green: Office) -> None:
    first = take(green)
    services.map_file(green.enterer, first.pk, MAPPING)
    services.confirm_file(green.confirmer, first.pk)
    second = take(green, CSV.replace(b"1500;5000", b"1600;5000") + b"2025;2.000;5.000;\n")
    second.kept.refresh_from_db()
    assert second.kept.mapping["columns"] == MAPPING["columns"]
    services.map_file(green.enterer, second.pk, second.kept.mapping)
    assert Entry.objects.filter(file=second).count() == 2
    services.confirm_file(green.confirmer, second.pk)
    values = queries.history(KEY)
    assert [(value.numerator, value.revision) for value in values] == [
        (1200.5, 1),
        (1600, 2),
        (None, 1),
        (2000, 1),
    ]
    assert values[1].revision_reason == "Die Datei 2 nennt einen anderen Wert."
    third = take(green, CSV.replace(b"1500;5000", b"1600;5000"))
    with pytest.raises(Invalid, match="keinen neuen Wert"):
        services.map_file(green.enterer, third.pk, MAPPING)


def test_rows_that_cannot_be_taken_are_named_and_nothing_is_half_written(green: Office) -> None:
    file = take(green, b"Jahr;erneuerbar;gesamt\n2022;1;10\nMai;2;10\n2024;viel;10\n2023;;10\n")
    with pytest.raises(Invalid) as refused:
        services.map_file(
            green.enterer,
            file.pk,
            {"header": 1, "columns": {"period": "Jahr", "numerator": "erneuerbar", "denominator": "gesamt"}},
        )
    assert fields_of(refused) == {"row[3].period", "row[4].numerator", "row[5].value"}
    assert not Entry.objects.exists()
    file.refresh_from_db()
    assert file.state == "received"


def test_a_row_that_stands_twice_is_refused(green: Office) -> None:
    file = take(green, b"Jahr;Anteil\n2022;1\n2022;2\n")
    with pytest.raises(Conflict):
        services.map_file(
            green.enterer, file.pk, {"header": 1, "columns": {"period": "Jahr", "value": "Anteil"}}
        )
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("plain", "field"),
    [
        ({}, "header"),
        ({"header": True, "columns": {}}, "header"),
        ({"header": 1, "columns": {"period": "Jahr"}}, "value"),
        ({"header": 1, "columns": {"value": "gesamt"}}, "period"),
        ({"header": 1, "columns": ["period"]}, "period"),
        ({**MAPPING, "header": 2}, "period"),
        ({**MAPPING, "header": 999}, "period"),
        ({**MAPPING, "decimal": ";"}, "decimal"),
        ({**MAPPING, "quality_class": "gut"}, "quality_class"),
        ({**MAPPING, "columns": {**MAPPING["columns"], "weight": "gesamt"}}, "columns"),  # type: ignore[dict-item]
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(green: Office, plain: dict[str, Any], field: str) -> None:
    file = take(green)
    with pytest.raises(Invalid) as refused:
        services.map_file(green.enterer, file.pk, plain)
    assert field in fields_of(refused)


def test_hostile_large_and_empty_files_are_refused(green: Office) -> None:
    with pytest.raises(Invalid, match="leer"):
        take(green, b"")
    with pytest.raises(TooLarge):
        services.take_file(green.enterer, KEY, "a.csv", [b"x" * 1024**2] * 6)
    assert not FigureFile.objects.exists()
    file = take(green, b"%PDF-1.7 \x00\x01", "../../etc/strom.pdf")
    assert file.filename == "strom.pdf"
    with pytest.raises(Invalid):
        services.map_file(green.enterer, file.pk, MAPPING)


def test_only_who_may_enter_delivers_and_strangers_do_not_see_it(green: Office) -> None:
    for actor in (green.definer, green.confirmer, green.stranger):
        with pytest.raises(Forbidden):
            take(green, actor=actor)
    file = take(green)
    with pytest.raises(NotFound):
        services.map_file(green.stranger, file.pk, MAPPING)
    with pytest.raises(Forbidden):
        services.map_file(green.confirmer, file.pk, MAPPING)
    services.refuse_file(green.enterer, file.pk, "Falsche Datei.")
    with pytest.raises(Conflict):
        services.map_file(green.enterer, file.pk, MAPPING)


def test_places_are_named_as_people_name_them_and_small_cells_are_hidden_together(office: Office) -> None:
    office.define(AIDED, KEY)
    areas = districts()
    text = "Bezirk;Jahr;Fälle\n" + "".join(
        f"{area.name};2024;{n}\n" for area, n in zip(areas, (2, 40, 9, 30), strict=True)
    )
    file = take(office, text.encode())
    columns = {"period": "Jahr", "place": "Bezirk", "value": "Fälle"}
    services.map_file(office.enterer, file.pk, {"header": 1, "columns": columns})
    rows = services.confirm_file(office.confirmer, file.pk)
    stored = [queries.history(KEY, place_id=area.pk)[0] for area in areas]
    assert [value.value for value in stored] == [None, 40, None, 30]
    assert [recompute(value.id).value for value in stored] == [None, 40, None, 30]
    assert len(rows) == 4


def test_findings_of_a_file_are_answered_once(green: Office) -> None:
    green.store(KEY, period="2021", numerator=1, denominator=100)
    file = take(green)
    services.map_file(green.enterer, file.pk, MAPPING)
    with pytest.raises(Invalid) as refused:
        services.confirm_file(green.confirmer, file.pk)
    assert fields_of(refused) == {"answer"}
    assert len(queries.history(KEY)) == 1
    services.confirm_file(green.confirmer, file.pk, "Neue Anlage seit 2022.")
    assert {entry.decision_note for entry in file.entries.all() if entry.findings} == {
        "Neue Anlage seit 2022."
    }


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234,5", ",", 1234.5), ("1 234,5", ",", 1234.5), ("1234.5", ".", 1234.5), ("12,5 %", ",", 12.5), ("−3", ",", -3.0),
        ("0.125", ",", None), ("-0.125", ",", None), ("0.125", ".", 0.125), ("000.125", ",", None),
        ("1.5", ",", None), ("12.34", ",", None), ("1,234", ".", 1234.0), ("١٢", ",", None), ("1e5", ".", 100000.0), ("inf", ".", None), ("", ",", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written_and_never_guessed(
    text: str, decimal: str, number: float | None
) -> None:
    assert read_number(text, decimal) == number


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4)))
def test_a_number_written_with_comma_or_point_is_read_again(value: float) -> None:
    plain = f"{value:.4f}"
    assert read_number(plain, ".") == value
    assert read_number(plain.replace(".", ","), ",") == value
    assert read_number(f"{value:,.4f}", ".") == value


def test_an_indicator_marked_as_example_has_simulated_values(office: Office) -> None:
    office.define(replace(SHARE, title="Beispiel"), KEY, is_example=True)
    file = take(office)
    services.map_file(office.enterer, file.pk, MAPPING)
    assert all(row.simulated for row in services.confirm_file(office.confirmer, file.pk))
