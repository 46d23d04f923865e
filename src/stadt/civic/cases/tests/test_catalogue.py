"""Case types are read from files, checked, and kept under numbers that never change their meaning."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.db import DatabaseError, transaction

from stadt.civic.cases import checking, reading, versions
from stadt.civic.cases.catalogue import CaseType, Face
from stadt.civic.cases.models import CaseTypeVersion
from stadt.core.errors import ConfigurationError, NotFound
from stadt.core.people.actor import Actor

SYSTEM = Actor.system("test")


def test_a_type_is_read_with_its_parts_and_languages(types: dict[str, CaseType]) -> None:
    hole = types["hole"]
    assert hole.translated("title", "en") == "Report a hole"
    assert hole.translated("title", "tr") == "Loch melden"
    assert hole.initial.translated("public_text", "en") == "Your report has arrived."
    assert [category.key for category in hole.categories] == ["flat", "deep", "gas", "summer"]
    assert hole.find_state("fixed").face is Face.DONE  # type: ignore[union-attr]


def test_the_types_of_the_tests_are_sound(types: dict[str, CaseType]) -> None:
    assert [fault for one in types.values() for fault in checking.check_type(one)] == []


def test_a_campaign_is_offered_on_its_days_only(types: dict[str, CaseType]) -> None:
    summer = types["hole"].find_category("summer")
    assert summer is not None
    assert [summer.is_offered(date(2026, month, 31)) for month in (5, 7, 8, 10)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("colour = 'red'\n", "colour"),
        ("title = 1\n", "title"),
        ("[state]\nkey = 'a'\n", "state"),
        ("[[state]]\nkey = 'a'\nface = 'red'\n", "face"),
        ("[[state]]\nkey = 'a'\nface = 'done'\nsize = 1\n", "size"),
        ("[[state]]\nkey = 'a'\nface = 'done'\n[state.en]\nsize = 'x'\n", "size"),
        ("= \n", "nicht lesbar"),
    ],
)
def test_a_file_that_says_something_else_is_refused_by_name(tmp_path: Path, wrong: str, named: str) -> None:
    (tmp_path / "odd.toml").write_text(wrong)
    with pytest.raises(ConfigurationError, match=named):
        reading.read_types(tmp_path)


Change = Callable[[CaseType], CaseType]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda one: _without(one, "moves", "look", "ask", "plan"), "planned"),
        (lambda one: _without(one, "states", "new"), "is_initial"),
        (lambda one: _without(one, "states", "fixed"), "fixed"),
        (lambda one: _without(one, "templates", "fixed"), "template"),
        (lambda one: msgspec.structs.replace(one, states=one.states * 2), "zweimal"),
        (lambda one: msgspec.structs.replace(one, delete_after_days=1), "delete_after_days"),
        (lambda one: msgspec.structs.replace(one, summary="weather == 'rain'"), "weather"),
        (lambda one: msgspec.structs.replace(one, summary="answers."), "summary"),
        (lambda one: _without(one, "moves", "answer", "look", "expire"), "asked"),
    ],
)
def test_a_type_that_does_not_hold_together_is_found(
    types: dict[str, CaseType], change: Change, named: str
) -> None:
    faults = list(checking.check_type(change(types["hole"])))
    assert any(named in fault for fault in faults), faults


def _without(one: CaseType, field: str, *keys: str) -> CaseType:
    left = tuple(entry for entry in getattr(one, field) if entry.key not in keys)
    return msgspec.structs.replace(one, **{field: left})


def test_a_form_and_a_code_that_do_not_fit_are_found(types: dict[str, CaseType]) -> None:
    types["wish"] = msgspec.structs.replace(
        types["wish"], form="nowhere", categories=types["hole"].categories[:1]
    )
    assert [fault for fault in checking.check_forms(types, {"somewhere"}) if "nowhere" in fault]
    assert [fault for fault in checking.check_codes(types) if "hole.flat" in fault]


@pytest.mark.django_db
class TestVersions:
    def test_the_same_content_is_kept_once(self) -> None:
        assert {one.key for one in versions.import_types(SYSTEM)} == {"hole", "wish"}
        assert versions.import_types(SYSTEM) == []

    def test_new_content_gets_the_next_number_and_the_old_stays(self, types: dict[str, CaseType]) -> None:
        versions.import_types(SYSTEM)
        types["wish"] = msgspec.structs.replace(types["wish"], title="Wünschen")
        assert [one.version for one in versions.import_types(SYSTEM)] == [2]
        assert versions.get_type("wish").title == "Wünschen"
        assert versions.get_type("wish", 1).title == "Wunsch äußern"

    def test_a_kept_type_reads_back_as_it_was(self, types: dict[str, CaseType]) -> None:
        versions.import_types(SYSTEM)
        assert versions.get_type("hole") == types["hole"].kept_as(1)
        assert [one.key for one in versions.list_types()] == ["hole", "wish"]

    def test_an_unknown_type_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            versions.get_type("nothing")

    def test_the_database_refuses_to_change_a_kept_type(self) -> None:
        versions.import_types(SYSTEM)
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            CaseTypeVersion.objects.filter(key="hole").update(sha256="")
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            CaseTypeVersion.objects.all().delete()


def test_an_address_leads_to_one_type() -> None:
    one = CaseType(key="a", slug="antrag")
    other = CaseType(key="antrag")
    assert not list(checking.check_slugs({"a": one}))
    assert "antrag" in next(iter(checking.check_slugs({"a": one, "antrag": other})))
