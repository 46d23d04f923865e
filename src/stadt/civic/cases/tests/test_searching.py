"""Officers find cases by words, facts and nearness, page by page, and only their own."""

import pytest
from django.utils import timezone

from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import ORDERS, CaseQuery, search_cases
from stadt.civic.cases.services import Spot
from stadt.core.city import current
from stadt.core.errors import Forbidden, Invalid, SignInNeeded
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")


def found(words: str) -> int:
    return len(search_cases(SYSTEM, CaseQuery(words=words)).rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Große Löcher in der Straße", "loch strasse"),
        ("Die Bäume stürzen um", "Baum"),
        ("Ein Baum ist umgefallen", "Bäume"),
        ("Müllsäcke am Wegrand", "müllsack"),
        ("kaputt", "kleiner weg"),
        ("kaputt", "KLEINER W"),
    ],
)
def test_words_are_found_in_their_german_forms(town: Town, text: str, words: str) -> None:
    town.open(text=text)
    town.open(text="Etwas ganz anderes", place=Spot(*current().centre, "Woanders 9"))
    assert found(words) == 1


def test_a_reference_is_found_whole_and_in_part(town: Town) -> None:
    reference = town.open().reference
    assert found(reference) == found(reference[:4].lower()) == 1


@pytest.mark.parametrize("words", ["'; DROP", "%", "_", "a & | !", "((", '"', "x" * 200])
def test_odd_words_are_only_words(town: Town, words: str) -> None:
    town.open()
    assert found(words) == 0


@pytest.mark.parametrize("order", ORDERS)
def test_pages_lose_and_repeat_nothing(town: Town, order: str) -> None:
    for _number in range(11):
        town.open()
    same = timezone.now()
    for number, case in enumerate(Case.objects.order_by("pk")):
        due = None if number % 3 == 0 else same
        Case.objects.filter(pk=case.pk).update(received_at=same, due_at=due, priority=number % 2)
    seen: list[int] = []
    cursor = ""
    while True:
        page = search_cases(SYSTEM, CaseQuery(order=order, cursor=cursor), limit=3)
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 11
    assert page.total_bounded == 11


DEEP = "W1tb" * 2000  # „[[[…“


@pytest.mark.parametrize(
    "cursor",
    ["x", "bnVsbA", "W10", "WyJuZXdlc3QiLCAxLCAyXQ", "é", "\x00", "WyJvbGRlc3QiLCBudWxsLCAxXQ", DEEP],
)
def test_a_made_up_cursor_is_refused(town: Town, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        search_cases(SYSTEM, CaseQuery(cursor=cursor))
    assert refused.value.fields[0].field == "cursor"


def test_near_is_a_square_around_the_point(town: Town) -> None:
    lon, lat = current().centre
    town.open()
    town.open(place=Spot(lon, lat + 0.002))
    assert len(search_cases(SYSTEM, CaseQuery(near=(lon, lat, 100))).rows) == 1
    assert len(search_cases(SYSTEM, CaseQuery(near=(lon, lat, 400))).rows) == 2


def test_an_officer_finds_the_cases_of_the_own_office_and_below(town: Town) -> None:
    town.open()
    town.open(category="deep")
    numbers = {
        name: len(search_cases(town.person(getattr(town, name), "read"), CaseQuery()).rows)
        for name in ("roads", "deep", "parks")
    }
    assert numbers == {"roads": 2, "deep": 1, "parks": 0}


def test_a_contractor_finds_what_was_handed_over(town: Town) -> None:
    case = town.open()
    town.open()
    Case.objects.filter(pk=case.pk).update(contractor=town.firm)
    assert [row.pk for row in search_cases(town.person(town.firm, "work"), CaseQuery()).rows] == [case.pk]
    assert search_cases(town.person(town.other_firm, "work"), CaseQuery()).rows == []


def test_who_has_no_right_is_refused(town: Town) -> None:
    with pytest.raises(SignInNeeded):
        search_cases(Actor.anonymous(), CaseQuery())
    with pytest.raises(Forbidden):
        search_cases(town.person(None), CaseQuery())
