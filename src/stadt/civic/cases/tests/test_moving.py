"""A case changes its state only as its type says, by whom it says, and says so in its history."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from stadt.civic.cases import queries
from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.services import PartyData, anonymise_case, bulk, move_case, write_citizen
from stadt.civic.messages.queries import thread_of
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")


def test_an_officer_moves_a_case_along(town: Town) -> None:
    officer, case = town.person(town.roads, "read", "handle"), town.open()
    tomorrow = timezone.localdate() + timedelta(days=1)
    move_case(officer, case.pk, "look")
    moved = move_case(officer, case.pk, "plan", planned_for=tomorrow, text="Wir kommen morgen.")
    assert (moved.state, moved.face, moved.planned_for) == ("planned", "planned", tomorrow)
    done = move_case(officer, case.pk, "fix")
    assert done.closed_at is not None
    assert [step.text for step in queries.public_history(done)] == [
        "Ihre Meldung ist da.", "", "Wir kommen morgen.", "Das Loch ist zu.",
    ]  # fmt: skip


def test_a_move_that_the_state_does_not_allow_is_a_conflict(town: Town) -> None:
    case = town.open()
    with pytest.raises(Conflict):
        move_case(SYSTEM, case.pk, "fix")
    with pytest.raises(Conflict):
        move_case(SYSTEM, case.pk, "nothing")
    assert Entry.objects.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("move", "more", "field"),
    [
        ("ask", {"text": " "}, "text"),
        ("refuse", {}, "reason"),
        ("plan", {}, "planned_for"),
        ("plan", {"planned_for": date(2001, 1, 1)}, "planned_for"),
        ("plan", {"planned_for": date(2999, 1, 1)}, "planned_for"),
        ("look", {"text": "\x00"}, "text"),
    ],
)
def test_what_a_move_asks_for_is_named(town: Town, move: str, more: dict[str, object], field: str) -> None:
    case = town.open()
    with pytest.raises(Invalid) as refused:
        move_case(SYSTEM, case.pk, move, **more)  # type: ignore[arg-type]
    assert [error.field for error in refused.value.fields] == [field]
    assert Case.objects.get().state == "new"


def test_two_officers_at_once_do_not_overwrite_each_other(town: Town) -> None:
    case = town.open()
    seen = case.revision
    move_case(SYSTEM, case.pk, "look", revision=seen)
    with pytest.raises(Conflict):
        move_case(SYSTEM, case.pk, "refuse", reason="Nein.", revision=seen)
    assert Case.objects.get().state == "looking"


def test_the_clock_stands_still_while_the_citizen_is_asked(town: Town) -> None:
    case = town.open()
    due = case.due_at
    asked = move_case(SYSTEM, case.pk, "ask", text="Wie tief?")
    assert (asked.due_at, asked.paused_at is not None) == (None, True)
    back = move_case(SYSTEM, case.pk, "look")
    assert (back.due_at, back.paused_at) == (due, None)


def test_a_question_is_told_to_whoever_is_asked_and_to_nobody_else(town: Town) -> None:
    officer, told = town.person(town.roads, "read", "handle"), town.person(None)
    case = town.open(told, party=PartyData(user_id=told.user_id))
    move_case(officer, case.pk, "ask", text="Frau B, wie tief ist {title}?")
    assert thread_of(case.subject)[-1].message.text == f"Frau B, wie tief ist {case.title}?"
    assert not Entry.objects.filter(public_text__contains="Frau B").exists()


def test_a_question_that_nobody_reads_is_not_asked(town: Town) -> None:
    officer = town.person(town.roads, "read", "handle")
    case = town.open(officer, source="staff")
    with pytest.raises(Conflict, match="niemand"):
        move_case(officer, case.pk, "ask", text="Wie tief?")


def test_a_placeholder_that_there_is_not_is_refused_and_nothing_sent(town: Town) -> None:
    officer, case = town.person(town.roads, "read", "handle", "bulk"), town.open()
    for write in (
        lambda: move_case(officer, case.pk, "look", text="Hallo {name}"),
        lambda: write_citizen(officer, case.pk, "Hallo {name}"),
        lambda: bulk(officer, [case.pk], "move_case", move_key="look", text="Hallo {name}"),
    ):
        with pytest.raises(Invalid) as refused:
            write()
        assert [error.field for error in refused.value.fields] == ["text"]
    assert Case.objects.get().state == "new"


def test_a_text_for_many_is_filled_for_each(town: Town) -> None:
    officer, cases = town.person(town.roads, "read", "handle", "bulk"), [town.open(), town.open()]
    result = bulk(
        officer, [case.pk for case in cases], "move_case", move_key="look", text="Zu {reference}: {Klammer}"
    )
    assert result.done == tuple(case.pk for case in cases)
    for case in cases:
        assert Entry.objects.get(case=case, kind="moved").public_text == f"Zu {case.reference}: {{Klammer}}"


def test_a_case_opened_again_gets_its_time_anew_and_counts_it(town: Town) -> None:
    case = town.open()
    Case.objects.update(received_at=timezone.now() - timedelta(days=100))
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    again = move_case(SYSTEM, case.pk, "reopen")
    assert (again.state, again.reopened, again.closed_at) == ("looking", 1, None)
    assert again.due_at is not None
    assert again.due_at > timezone.now()


def test_an_anonymised_case_is_never_opened_again(town: Town) -> None:
    case = town.open()
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    anonymise_case(SYSTEM, case.pk)
    with pytest.raises(Conflict, match="anonymisiert"):
        move_case(SYSTEM, case.pk, "reopen")


def test_the_reporter_may_say_not_fixed_for_some_days_and_nobody_reads_it(town: Town) -> None:
    anna = town.person(None)
    case = town.open(anna, party=PartyData(user_id=anna.user_id))
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    with pytest.raises(NotFound):
        move_case(town.person(None), case.pk, "not_fixed", text="Doch nicht.")
    with pytest.raises(Forbidden):
        move_case(town.person(town.roads, "handle"), case.pk, "not_fixed", text="Doch nicht.")
    Case.objects.update(closed_at=timezone.now() - timedelta(days=15))
    with pytest.raises(Forbidden):
        move_case(anna, case.pk, "not_fixed", text="Doch nicht.")
    Case.objects.update(closed_at=timezone.now() - timedelta(days=13))
    move_case(anna, case.pk, "not_fixed", text="Geheim")
    assert not Entry.objects.filter(public_text__contains="Geheim").exists()


def test_a_task_of_the_case_comes_first(town: Town) -> None:
    case = town.open(category="deep")
    move_case(SYSTEM, case.pk, "look")
    with pytest.raises(Conflict, match="Foto gemacht"):
        move_case(SYSTEM, case.pk, "fix")


def test_who_may_not_see_a_case_is_told_that_there_is_none(town: Town) -> None:
    case = town.open()
    with pytest.raises(SignInNeeded):
        move_case(Actor.anonymous(), case.pk, "look")
    for stranger in (town.person(None), town.person(town.parks, "read", "handle")):
        with pytest.raises(NotFound):
            move_case(stranger, case.pk, "look")


def test_the_database_keeps_the_history(town: Town) -> None:
    town.open()
    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Entry.objects.update(public_text="anders")
    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Entry.objects.all().delete()
