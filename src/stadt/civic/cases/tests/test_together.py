"""Cases that belong together, people who support them, questions and answers, and filters that are kept."""

import pytest
from django.utils import timezone

from stadt.civic.cases import queries, services
from stadt.civic.cases.models import Case, Entry, Support
from stadt.civic.cases.queries import CaseQuery, duplicate_candidates
from stadt.civic.cases.services import PartyData, Spot, move_case
from stadt.civic.cases.services.supporting import MOST_VOICE_PHOTOS
from stadt.core.city import current
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")
LON, LAT = current().centre


def test_a_question_pauses_and_the_answer_goes_on(town: Town) -> None:
    anna = town.person(None)
    case = town.open(anna, party=PartyData(user_id=anna.user_id))
    services.ask_citizen(SYSTEM, case.pk, "Wie tief ist es, Frau A?")
    asked = Case.objects.get()
    assert (asked.state, asked.paused_at is not None) == ("asked", True)
    assert not Entry.objects.filter(public_text__contains="Frau A").exists()
    services.answer(anna, case.pk, "Einen Meter.")
    assert (Case.objects.get().state, Case.objects.get().paused_at) == ("looking", None)
    assert not Entry.objects.filter(public_text__contains="Meter").exists()


def test_only_who_told_it_answers_and_not_without_end(town: Town) -> None:
    anna = town.person(None)
    case = town.open(anna, party=PartyData(user_id=anna.user_id))
    with pytest.raises(NotFound):
        services.answer(town.person(None), case.pk, "Ich bin Anna.")
    with pytest.raises(NotFound):
        services.answer("made-up", case.pk, "Ich bin Anna.")
    for _ in range(20):
        services.answer(anna, case.pk, "Noch etwas.")
    with pytest.raises(TooMany):
        services.answer(anna, case.pk, "Noch etwas.")


def test_nobody_can_be_asked_when_nobody_told(town: Town) -> None:
    case = town.open(town.person(town.roads, "handle"), source="staff")
    with pytest.raises(Conflict):
        services.ask_citizen(SYSTEM, case.pk, "Wie tief?")


def test_duplicates_go_with_the_case_they_belong_to(town: Town) -> None:
    kept, other, third = town.open(), town.open(), town.open()
    services.support_case(Actor.anonymous(), other.pk, "me_too", who="b")
    services.merge_cases(SYSTEM, kept.pk, [other.pk, third.pk])
    assert Case.objects.get(pk=kept.pk).weight == 3
    move_case(SYSTEM, kept.pk, "look")
    move_case(SYSTEM, kept.pk, "fix")
    for pk in (other.pk, third.pk):
        one = Case.objects.get(pk=pk)
        assert (one.state, one.face, one.is_closed) == ("fixed", "done", True)
        assert queries.public_history(one)[-1].text == "Das Loch ist zu."
    services.unmerge(SYSTEM, third.pk)
    assert Case.objects.get(pk=kept.pk).weight == 2
    assert Case.objects.get(pk=third.pk).duplicate_of_id is None


def test_what_was_merged_before_stays_when_the_case_between_is_parted(town: Town) -> None:
    first, second, third = town.open(), town.open(), town.open()
    services.merge_cases(SYSTEM, second.pk, [first.pk])
    services.merge_cases(SYSTEM, third.pk, [second.pk])
    assert Case.objects.get(pk=third.pk).weight == 2
    services.unmerge(SYSTEM, second.pk)
    weights = dict(Case.objects.values_list("pk", "weight"))
    assert weights == {first.pk: 0, second.pk: 0, third.pk: 1}
    assert Case.objects.get(pk=first.pk).duplicate_of_id == third.pk


def test_what_cannot_be_merged(town: Town) -> None:
    kept, other = town.open(), town.open()
    wish = services.open_case(town.person(None), "wish").case
    for others in ([], [kept.pk], [wish.pk]):
        with pytest.raises(Invalid):
            services.merge_cases(SYSTEM, kept.pk, others)
    services.merge_cases(SYSTEM, kept.pk, [other.pk])
    with pytest.raises(Conflict):
        services.merge_cases(SYSTEM, other.pk, [town.open().pk])
    with pytest.raises(Forbidden):
        services.merge_cases(town.person(town.roads, "read", "handle"), kept.pk, [town.open().pk])
    with pytest.raises(Conflict):
        services.unmerge(SYSTEM, kept.pk)


def test_a_case_never_stands_below_itself(town: Town) -> None:
    one, two, three = town.open(), town.open(), town.open()
    services.add_child(SYSTEM, one.pk, two.pk)
    services.add_child(SYSTEM, two.pk, three.pk)
    for parent, child in ((three.pk, one.pk), (two.pk, one.pk), (one.pk, one.pk)):
        with pytest.raises(Conflict):
            services.add_child(SYSTEM, parent, child)
    services.remove_child(SYSTEM, three.pk)
    assert Case.objects.get(pk=three.pk).parent_id is None


def test_the_same_person_counts_once(town: Town) -> None:
    case = town.open()
    for who in ("a", "a", "b"):
        services.support_case(Actor.anonymous(), case.pk, "me_too", who=who)
    assert Case.objects.get().weight == 2
    assert b"a" not in {bytes(one.actor_hash) for one in Support.objects.all()}
    with pytest.raises(Conflict):
        services.support_case(Actor.anonymous(), case.pk, "not_fixed", who="a")
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    services.support_case(Actor.anonymous(), case.pk, "not_fixed", who="a", text="Noch da.")
    with pytest.raises(Conflict):
        services.support_case(Actor.anonymous(), case.pk, "me_too", who="c")
    with pytest.raises(Invalid):
        services.support_case(Actor.anonymous(), case.pk, "like", who="c")


def test_a_corrected_category_takes_the_case_to_its_office(town: Town) -> None:
    case = town.open()
    changed = services.change_category(town.person(town.roads, "handle"), case.pk, "deep")
    assert (changed.organisation_id, changed.title) == (town.deep.pk, "Tiefes Loch")
    assert Entry.objects.get(kind="recategorised").data == {"from": "flat", "to": "deep"}
    with pytest.raises(Invalid):
        services.change_category(SYSTEM, case.pk, "gas")


def test_text_is_public_only_once_released(town: Town) -> None:
    case = town.open(text="Vor Frau Müllers Haus")
    assert case.published_text == ""
    services.release_text(SYSTEM, case.pk, "Vor einem Haus")
    assert Case.objects.get().published_text == "Vor einem Haus"


def test_likely_duplicates_come_with_reasons(town: Town) -> None:
    near = town.open(place=Spot(LON, LAT), text="Loch vor der Bäckerei am Markt")
    town.open(place=Spot(LON, LAT + 0.01), text="Loch vor der Bäckerei am Markt")
    town.open(place=Spot(LON, LAT), category="deep")
    found = duplicate_candidates("hole", "flat", LON, LAT + 0.0001, "Ein Loch vor der Bäckerei")
    assert [one.case_id for one in found] == [near.pk]
    assert found[0].reasons == ("11 Meter entfernt", "heute gemeldet", "ähnlicher Text")
    assert duplicate_candidates("hole", "flat", None, None, "Loch") == []


def test_the_same_thing_is_a_duplicate_wherever_the_point_lies(town: Town) -> None:
    case = town.open(place=Spot(LON, LAT + 0.01, asset="L-17"))
    (found,) = duplicate_candidates("hole", "flat", LON, LAT, asset="L-17")
    assert (found.case_id, found.reasons[0]) == (case.pk, "dieselbe Sache: L-17")


def test_a_kept_search_is_found_again_and_shared_where_it_may(town: Town) -> None:
    officer, chief = town.person(town.roads, "read"), town.person(town.roads, "read", "manage")
    query = CaseQuery(words="Loch", overdue=True, near=(LON, LAT, 100.0), since=timezone.now())
    services.save_filter(officer, "Meine", query)
    shared = services.save_filter(chief, "Alle", CaseQuery(is_open=True), organisation_id=town.roads.pk)
    assert [one.name for one in queries.list_filters(officer)] == ["Alle", "Meine"]
    assert queries.query_of(queries.list_filters(officer)[1]) == query
    with pytest.raises(NotFound):
        services.remove_filter(officer, shared.pk)
    with pytest.raises(Forbidden):
        services.save_filter(officer, "Alle", query, organisation_id=town.roads.pk)
    services.remove_filter(chief, shared.pk)
    assert [one.name for one in queries.list_filters(officer)] == ["Meine"]


def test_a_voice_brings_one_photo_and_a_case_keeps_room_for_its_own(town: Town) -> None:
    case = town.open()
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    for number in range(MOST_VOICE_PHOTOS):
        assert services.takes_photo_of(case.pk, "not_fixed", f"voice {number}")
        services.support_case(
            Actor.anonymous(), case.pk, "not_fixed", who=f"voice {number}", photo_id=900 + number
        )
    assert not services.takes_photo_of(case.pk, "not_fixed", "voice 1")
    with pytest.raises(Invalid) as refused:
        services.takes_photo_of(case.pk, "not_fixed", "somebody else")
    assert [error.field for error in refused.value.fields] == ["photo"]
