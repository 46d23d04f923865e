"""V-04: the difference between two states in plain sentences, and as data."""

from datetime import date

from django.utils import translation

from stadt.apps.strategy.record.content import (
    ActionField,
    Content,
    Funding,
    Item,
    Measure,
    Period,
    PrintedIndicator,
    Theme,
)
from stadt.apps.strategy.record.difference import Difference, difference, difference_json

OLD: tuple[Item, ...] = (
    Theme("LT-1", "Sauberes Dorf"),
    ActionField("HF-1.1", "Abfall", "LT-1"),
    Measure(
        "M-1.1.1",
        "Volle Tonnen",
        "HF-1.1",
        period=Period("2025-2026"),
        funding=Funding("offen"),
        state="planned",
    ),
    Measure("M-1.1.2", "Bänke", "HF-1.1", period=Period("ab 2025")),
    Measure("M-1.1.3", "Wege", "HF-1.1", period=Period("laufend")),
    PrintedIndicator("K1.1-01", "Tonnen mit Sensor", "HF-1.1", unit="Anzahl"),
)
NEW: tuple[Item, ...] = (
    Theme("LT-1", "Sauberes Dorf"),
    ActionField("HF-1.1", "Abfall", "LT-1"),
    Measure(
        "M-1.1.1", "Volle Tonnen", "HF-1.1", period=Period("2027-2028"), funding=Funding("Eigenmittel"),
        state="in_implementation", evaluate_on=date(2028, 12, 31),
    ),
    Measure("M-1.1.2", "Bänke", "HF-1.1", period=Period("ab 2025"), state="struck"),
    Measure("M-1.1.3", "Wege", "HF-1.1", period=Period("laufend")),
    Measure("M-1.1.4", "Brunnen", "HF-1.1"),
    PrintedIndicator("K1.1-01", "Tonnen mit Sensor", "HF-1.1", unit="%"),
)  # fmt: skip


def found() -> Difference:
    return difference(Content(OLD), Content(NEW))


def test_the_count_line_says_how_much_of_what() -> None:
    assert found().count_line == (
        "1 neu, 1 gestrichen, 1 verschoben, 1 im Stand fortgeschrieben, 1 Kennzahl neu bestimmt, 1 geändert"
    )


def test_each_change_is_one_plain_sentence() -> None:
    assert found().sentences == (
        "Neu: M-1.1.4 „Brunnen“.",
        "Gestrichen: M-1.1.2 „Bänke“. Die Nummer bleibt vergeben.",
        "Verschoben: M-1.1.1 „Volle Tonnen“ von „2025-2026“ auf „2027-2028“.",
        "Stand: M-1.1.1 „Volle Tonnen“ ist jetzt „in Umsetzung“, vorher „geplant“.",
        "Neu bestimmt: K1.1-01 „Tonnen mit Sensor“: Einheit jetzt „%“, vorher „Anzahl“.",
        (
            "Geändert: M-1.1.1 „Volle Tonnen“: Finanzierung jetzt „Eigenmittel“, vorher „offen“; Auswertung am jetzt "
            "„31. Dezember 2028“, vorher „nicht festgelegt“."
        ),
    )


def test_the_same_is_told_in_english() -> None:
    with translation.override("en"):
        assert found().count_line.startswith("1 new, 1 struck, 1 rescheduled")
        assert found().sentences[0] == "New: M-1.1.4 „Brunnen“."
        assert found().sentences[2].startswith("Rescheduled: M-1.1.1")


def test_as_data_the_values_stand_beside_each_other() -> None:
    document = difference_json(found())

    assert document["counts"] == {
        "added": 1,
        "struck": 1,
        "rescheduled": 1,
        "state": 1,
        "redefined": 1,
        "changed": 1,
    }
    rescheduled = next(change for change in document["changes"] if change["kind"] == "rescheduled")
    assert (rescheduled["code"], rescheduled["item"]) == ("M-1.1.1", "measure")
    assert [(one["field"], one["old"]["text"], one["new"]["text"]) for one in rescheduled["fields"]] == [
        ("period", "2025-2026", "2027-2028")
    ]


def test_what_the_newer_state_does_not_have_is_dropped() -> None:
    assert difference(Content(NEW), Content(OLD)).counts["dropped"] == 1


def test_equal_states_do_not_differ() -> None:
    nothing = difference(Content(OLD), Content(OLD))

    assert (nothing.count_line, nothing.sentences) == ("Kein Unterschied", ())
