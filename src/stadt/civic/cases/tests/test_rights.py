"""Who may do what: each right alone, in the case's organisation, above, beside, and as its contractor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from stadt.civic.cases import queries, services
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import CaseQuery
from stadt.civic.cases.queries.listing import list_by_id, list_by_reference
from stadt.civic.cases.services import PartyData, Spot
from stadt.core.city import current
from stadt.core.errors import Forbidden, NotFound, SignInNeeded, StadtError
from stadt.core.people.actor import Actor

from .conftest import Town

Do = Callable[[Actor, Case], Any]

DOINGS: dict[str, tuple[Do, set[str]]] = {
    "see": (
        lambda actor, case: queries.get_case(actor, case.pk),
        {"read", "handle", "decide", "manage", "work"},
    ),
    "history": (
        queries.history,
        {"read", "handle", "decide", "manage", "work"},
    ),
    "contact": (queries.parties_of, {"read+see_contact"}),
    "look": (lambda actor, case: services.move_case(actor, case.pk, "look"), {"handle"}),
    "refuse": (lambda actor, case: services.move_case(actor, case.pk, "refuse", reason="Nein."), {"decide"}),
    "note": (lambda actor, case: services.note_case(actor, case.pk, "Hm."), {"handle", "work"}),
    "assign": (lambda actor, case: services.assign_case(actor, case.pk), {"handle"}),
    "hand over": (lambda actor, case: services.hand_to_contractor(actor, case.pk, None), {"handle"}),
    "ask": (lambda actor, case: services.ask_citizen(actor, case.pk, "Wie tief?"), {"handle"}),
    "category": (lambda actor, case: services.change_category(actor, case.pk, "deep"), {"handle"}),
    "place": (lambda actor, case: services.change_place(actor, case.pk, Spot(*current().centre)), {"handle"}),
    "priority": (lambda actor, case: services.set_priority(actor, case.pk, 1), {"handle"}),
    "release": (lambda actor, case: services.release_text(actor, case.pk, "Loch"), {"read+redact"}),
    "party": (lambda actor, case: services.add_party(actor, case.pk, PartyData(name="B")), {"handle"}),
}
KEYS = ("read", "handle", "decide", "manage", "work", "see_contact", "export", "bulk", "redact")


def may(do: Do, actor: Actor, case: Case) -> bool:
    try:
        do(actor, case)
    except (Forbidden, NotFound, SignInNeeded):
        return False
    return True


@pytest.mark.parametrize("doing", DOINGS)
def test_each_right_alone_allows_what_it_says_and_no_more(town: Town, doing: str) -> None:
    do, allowed = DOINGS[doing]
    could = set()
    for key in (*KEYS, "read+see_contact", "read+redact"):
        case = town.open(party=PartyData(name="Anna"))
        if key == "work":
            Case.objects.filter(pk=case.pk).update(contractor=town.firm)
            case.refresh_from_db()
        actor = town.person(town.firm if key == "work" else town.roads, *key.split("+"))
        if may(do, actor, case):
            could.add(key)
    extra = {"read+see_contact", "read+redact"} if "read" in allowed else set()
    assert could == allowed | extra


@pytest.mark.parametrize("doing", DOINGS)
def test_nobody_does_anything_with_the_case_of_another_office(town: Town, doing: str) -> None:
    do, _ = DOINGS[doing]
    case = town.open()
    Case.objects.update(contractor=town.firm)
    strangers = (
        town.person(town.parks, *KEYS), town.person(town.deep, *KEYS), town.person(town.other_firm, *KEYS),
        town.person(None), Actor.anonymous(),
    )  # fmt: skip
    assert [may(do, stranger, case) for stranger in strangers] == [False] * 5


def test_a_right_reaches_the_offices_below(town: Town) -> None:
    case = town.open(category="deep")
    assert queries.get_case(town.person(town.roads, "read"), case.pk) == case


def test_a_case_of_no_office_is_the_citys(town: Town) -> None:
    case = town.open(category="deep")
    Case.objects.update(organisation=None)
    city = town.roads.parent
    assert queries.find_case(town.person(city, "read"), case.reference) == case
    assert queries.search_cases(town.person(city, "read"), CaseQuery()).rows == [case]
    assert queries.find_case(town.person(town.roads, "read"), case.reference) is None


def test_a_token_narrowed_to_something_else_sees_no_case(town: Town) -> None:
    case = town.open()
    token = Actor("token", "1", {"cases.read": frozenset({town.roads.pk})}, subject="source:x")
    assert queries.find_case(token, case.reference) is None
    assert queries.search_cases(token, CaseQuery()).rows == []
    assert list_by_reference(token, [case.reference]) == list_by_id(token, [case.pk]) == []


def test_a_contractor_reads_no_internal_note_and_no_contact(town: Town) -> None:
    case = town.open(party=PartyData(name="Anna", email="anna@example.org"))
    officer, worker = town.person(town.roads, "read", "handle"), town.person(town.firm, "work")
    services.note_case(officer, case.pk, "Der Melder ist schwierig.")
    services.hand_to_contractor(officer, case.pk, town.firm.pk, text="Bitte bis Freitag.")
    assert [note.text for note in queries.notes_of(worker, Case.objects.get())] == ["Bitte bis Freitag."]
    with pytest.raises(Forbidden):
        queries.parties_of(worker, Case.objects.get())
    assert {entry.kind for entry in queries.history(worker, Case.objects.get())} == {"handed_over"}


def test_a_contractor_does_the_contractors_move_only(town: Town) -> None:
    case = town.open()
    worker = town.person(town.firm, "work")
    Case.objects.update(contractor=town.firm)
    services.move_case(Actor.system("t"), case.pk, "plan", planned_for=timezone.localdate())
    assert [move.key for move in queries.moves_for(worker, Case.objects.get())] == ["report_fixed"]
    with pytest.raises(Forbidden):
        services.move_case(worker, case.pk, "fix")
    services.move_case(worker, case.pk, "report_fixed", text="Fertig, Herr Meier war da.")
    assert "Meier" not in str([step.text for step in queries.public_history(Case.objects.get())])
    assert case.notes.get().for_contractor


def test_somebody_who_does_not_handle_cases_there_gets_none(town: Town) -> None:
    case, officer = town.open(), town.person(town.roads, "handle")
    other = town.person(town.parks, "handle")
    with pytest.raises(StadtError) as refused:
        services.assign_case(officer, case.pk, assignee_id=other.user_id)
    assert [error.field for error in refused.value.fields] == ["assignee"]
    moved = services.assign_case(officer, case.pk, organisation_id=town.parks.pk, assignee_id=other.user_id)
    assert (moved.organisation_id, moved.assignee_id) == (town.parks.pk, other.user_id)


def test_bulk_says_for_each_case_why_not(town: Town) -> None:
    mine, others = town.open(), town.open(category="deep")
    Case.objects.filter(pk=others.pk).update(organisation=town.parks)
    actor = town.person(town.roads, "read", "handle", "bulk")
    result = services.bulk(actor, [mine.pk, others.pk, 999_999, mine.pk], "set_priority", priority=2)
    assert result.done == (mine.pk,)
    assert set(result.refused) == {others.pk, 999_999}
    with pytest.raises(Forbidden):
        services.bulk(town.person(town.roads, "handle"), [mine.pk], "set_priority", priority=2)
    with pytest.raises(StadtError):
        services.bulk(actor, [mine.pk], "delete_case")
