"""Rules are evaluated before answers are checked, and what is not visible is never kept."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.tests.card import ADULT, CARD, CHILD
from stadt.civic.forms.validation import clean

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)
DATE_PARTS = st.sampled_from(["", "0", "1", "2", "12", "29", "30", "31", "99", "1990", "2015", "x", "²", "١"])


def one(kind: str, **more: Any) -> FormDefinition:
    """A form with one field `it`."""
    field = {"key": "it", "kind": kind, "title": "Feld", **more}
    return read_definition({"key": "one", "title": "Eins", "steps": [{"key": "a", "fields": [field]}]})


def answer(kind: str, sent: Any, **more: Any) -> Any:
    """The answer to one field, or the list of what is wrong with it."""
    raw = sent if isinstance(sent, dict) and any("." in key for key in sent) else {"it": sent}
    found = clean(one(kind, **more), raw)
    return [f"{error.field}: {error.message}" for error in found.errors] or found.answers.get("it")


def test_a_child_is_asked_for_a_parent_and_an_adult_is_not(card: FormDefinition) -> None:
    child, adult = clean(card, {**CHILD, "parent": None}), clean(card, ADULT)
    assert [error.field for error in child.errors] == ["parent"]
    assert child.steps == ["person", "guardian", "card"]
    assert (adult.errors, adult.steps) == ([], ["person", "card"])


def test_an_answer_that_is_not_visible_is_dropped(card: FormDefinition) -> None:
    found = clean(card, {**CHILD, "born": "1990-05-17", "days": 3})
    assert found.answers.keys() == {"name", "born", "kind", "fee"}


def test_a_computed_answer_cannot_be_entered(card: FormDefinition) -> None:
    assert clean(card, {**ADULT, "fee": 0}).answers["fee"] == 25.5
    assert clean(card, CHILD).answers["fee"] == 0


def test_a_choice_may_stop_the_form(card: FormDefinition) -> None:
    assert clean(card, {**ADULT, "kind": "lost"}).stops == ["Bitte rufen Sie an."]


def test_one_step_complains_about_itself_only(card: FormDefinition) -> None:
    found = clean(card, {"kind": ""}, known={"born": "1990-05-17"}, step="card")
    assert [error.field for error in found.errors] == ["kind"]
    assert found.answers["born"] == "1990-05-17"


def test_a_browser_and_a_program_are_understood_alike(card: FormDefinition) -> None:
    browser = QueryDict(
        "name.given_name=Ada&name.family_name=Beispiel&born.day=17&born.month=5&born.year=1990&kind=year&email="
    )
    assert clean(card, browser) == clean(card, ADULT)


def test_a_prefilled_answer_cannot_be_changed(card: FormDefinition) -> None:
    fixed = {"name": ADULT["name"]}
    changed = {**ADULT, "name": {"given_name": "Eve", "family_name": "Beispiel"}}
    assert [error.field for error in clean(card, changed, fixed=fixed).errors] == ["name"]
    assert clean(card, {**ADULT, "name": None}, fixed=fixed).answers["name"] == ADULT["name"]


NO_SHAPE = "it.geometry: ist kein GeoJSON und keine Liste von Koordinaten"


@pytest.mark.parametrize(
    ("kind", "sent", "more", "kept"),
    [
        ("text", "  Ein Satz ", {}, "Ein Satz"),
        ("text", "a\nb", {}, ["it: darf nur eine Zeile haben"]),
        ("text", "12a", {"pattern": r"\d+"}, ["it: hat nicht die verlangte Form"]),
        ("text", "\x00", {}, ["it: enthält Zeichen, die kein Text sind"]),
        ("text", "ab\u202ecd", {}, ["it: enthält Zeichen, die kein Text sind"]),
        ("text", "x" * 301, {}, ["it: hat mehr als 300 Zeichen"]),
        ("long_text", "a\r\nb", {}, "a\nb"),
        ("number", "1.234", {}, 1234),
        ("number", "12,5", {}, ["it: ist keine ganze Zahl"]),
        ("number", "12,5", {"decimals": 1}, 12.5),
        ("number", "zwölf", {}, ["it: ist keine Zahl wie 12,5"]),
        ("number", "7", {"maximum": 6}, ["it: ist mehr als 6"]),
        ("number", "9" * 30, {}, ["it: ist zu groß"]),
        ("number", True, {}, ["it: ist keine Zahl"]),
        ("amount", "1.234,50 €", {}, 1234.5),
        ("amount", "0,005", {}, ["it: hat mehr als 2 Stellen nach dem Komma"]),
        ("date", {"it.day": "29", "it.month": "2", "it.year": "2024"}, {}, "2024-02-29"),
        ("date", {"it.day": "29", "it.month": "2", "it.year": "2023"}, {},
         ["it.day: nennt einen Tag, den es in diesem Monat nicht gibt"]),
        ("date", {"it.day": "1", "it.month": "", "it.year": "2023"}, {}, ["it.month: braucht einen Monat als Zahl"]),
        ("date", {"it.day": "", "it.month": "", "it.year": ""}, {}, None),
        ("date", "1.2.2023", {}, "2023-02-01"),
        ("date", "2023-02-01", {"minimum": "2023-03-01"}, ["it: liegt vor dem 01.03.2023"]),
        ("yes_no", "no", {}, False),
        ("consent", "no", {"required": True}, ["it: Ohne Ihre Zustimmung geht es nicht weiter"]),
        ("email", "Ada@Beispiel.DE", {}, "ada@beispiel.de"),
        ("email", "ada", {}, ["it: ist keine E-Mail-Adresse wie name@beispiel.de"]),
        ("phone", "0209 / 1 69-0", {}, "0209 / 1 69-0"),
        ("phone", "javascript:1", {}, ["it: ist keine Telefonnummer wie 0209 123456"]),
        ("address", {"it.street": "Weg", "it.house_number": "1", "it.postal_code": "123", "it.town": "Ort"}, {},
         ["it.postal_code: braucht eine Postleitzahl mit fünf Ziffern"]),
        ("person", {"it.given_name": "Ada"}, {}, ["it.family_name: ist nicht vollständig"]),
        ("photo", [3], {}, ["it: nennt eine Datei, die nicht dazugehört"]),
        ("file", "3", {}, ["it: ist falsch aufgebaut"]),
        ("area", {"type": "Point", "coordinates": [10**400, 51]}, {}, [NO_SHAPE]),
        ("area", {"type": ["Point"], "coordinates": [7, 51]}, {}, [NO_SHAPE]),
        ("info", "etwas", {}, None),
    ],
)  # fmt: skip
def test_each_kind_takes_what_it_should(kind: str, sent: Any, more: dict[str, Any], kept: Any) -> None:
    assert answer(kind, sent, **more) == kept


@given(
    st.dictionaries(
        st.sampled_from(["name", "born", "email", "parent", "agrees", "kind", "days", "fee", "?"]), JSON
    )
)
def test_whatever_is_sent_is_refused_or_kept_and_kept_answers_read_the_same_again(
    raw: dict[str, Any],
) -> None:
    card = read_definition(CARD)
    found = clean(card, raw)
    again = clean(card, found.answers)
    assert again.answers == found.answers
    assert found.answers.keys() <= found.visible


@given(DATE_PARTS, DATE_PARTS, DATE_PARTS)
def test_day_month_and_year_are_a_date_or_a_refusal(day: str, month: str, year: str) -> None:
    found = clean(one("date"), {"it.day": day, "it.month": month, "it.year": year})
    assert bool(found.errors) != ("it" in found.answers) or not (day or month or year)
