"""V-05: change requests from the first line to the decision."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from stadt.apps.strategy.public import list_measures, newest_rescheduling
from stadt.apps.strategy.record import demo, privacy, services, store
from stadt.apps.strategy.record.changes import patched
from stadt.apps.strategy.record.content import field_of
from stadt.apps.strategy.record.lifecycle import OUTCOMES, STEPS, State
from stadt.apps.strategy.record.models import ChangeRequest, Edition
from stadt.apps.strategy.record.queries import changed_by, history_of, revision, strategy_at
from stadt.apps.strategy.record.services import ChangeDraft
from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

Person = Callable[..., Actor]
DAY = date(2027, 1, 1)

pytestmark = pytest.mark.usefixtures("imported")


def first_measure() -> str:
    return next(iter(strategy_at().measures))


def request_of(officer: Actor, *drafts: ChangeDraft) -> ChangeRequest:
    request = services.open_change_request(officer, "Fortschreibung", "Der Stand hat sich geändert.")
    for draft in drafts:
        services.put_change(officer, request.pk, draft)
    return services.submit(officer, request.pk)


def test_what_is_approved_is_true_from_the_day_decided_on(person: Person) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    code = first_measure()
    before = strategy_at().measures[code]

    request = request_of(officer, ChangeDraft("change_measure", code, {"title": "Neuer Titel"}))
    services.approve(board, request.pk, DAY, "Drucksache 20-26/1")

    assert strategy_at(DAY).measures[code].title == "Neuer Titel"
    assert strategy_at(date(2026, 12, 31)).measures[code] == before
    assert strategy_at(edition="1.0").measures[code] == before
    assert [version.item.title for version in history_of(code)] == [before.title, "Neuer Titel"]


def test_what_a_request_changed_can_be_told_in_words_also_after_later_changes(person: Person) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    code = first_measure()
    moved = request_of(
        officer,
        ChangeDraft("reschedule", code, {"period": "2027 - 2028"}, reason="Das Geld kommt später."),
        ChangeDraft("change_measure", code, {"title": "Neuer Titel"}),
    )
    services.approve(board, moved.pk, timezone.localdate(), "Drucksache 1")
    later = request_of(officer, ChangeDraft("change_measure", code, {"title": "Noch neuer"}))
    services.approve(board, later.pk, timezone.localdate() + timedelta(days=90), "Drucksache 2")

    told = [change.detail for change in changed_by(moved.pk).changes]
    assert "Zeitraum jetzt „2027 - 2028“" in " ".join(told)
    assert "Titel jetzt „Neuer Titel“" in " ".join(told)
    assert [change.detail for change in changed_by(later.pk).changes] == [
        "Titel jetzt „Noch neuer“, vorher „Neuer Titel“."
    ]
    rescheduled = newest_rescheduling(code)
    assert rescheduled is not None
    assert "2027 - 2028" in rescheduled.detail


def test_the_newest_period_is_the_one_decided_last_whichever_request_was_begun_first(person: Person) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    code = first_measure()
    begun_first = services.open_change_request(officer, "Später", "Das Geld kommt später.")
    moved = ChangeDraft("reschedule", code, {"period": "2029 - 2030"}, reason="Das Geld kommt später.")
    services.approve(board, request_of(officer, moved).pk, timezone.localdate(), "Drucksache 1")
    services.put_change(officer, begun_first.pk, replace(moved, fields={"period": "2027 - 2028"}))
    services.submit(officer, begun_first.pk)
    services.approve(board, begun_first.pk, timezone.localdate(), "Drucksache 2")
    rescheduled = newest_rescheduling(code)
    assert rescheduled is not None
    assert "jetzt „2027 - 2028“" in rescheduled.detail


def test_who_worked_on_a_request_does_not_decide_on_it(person: Person) -> None:
    officer = person("strategy.propose", "strategy.approve", "strategy.see_internal")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"title": "Neu"}))

    with pytest.raises(Forbidden):
        services.approve(officer, request.pk, DAY, "Drucksache 1")


def measure_in(state: str) -> str:
    """A measure that stands in a state, as decided by others."""
    code = first_measure()
    moment = store.lock()
    store.rewrite(
        code,
        lambda item: patched(item, {"state": state}),
        date(2021, 1, 1),
        store.Mark(moment, "system:test"),
    )
    return code


def test_a_change_that_another_overtook_is_refused_with_a_sentence_and_nothing_is_applied(
    person: Person,
) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve")
    code, other = list(strategy_at().measures)[:2]
    late = request_of(
        officer,
        ChangeDraft("change_measure", other, {"title": "Auch neu"}),
        ChangeDraft("change_measure", code, {"title": "Später"}),
    )
    early = request_of(officer, ChangeDraft("change_measure", code, {"title": "Früher"}))
    services.approve(board, early.pk, DAY, "Drucksache 1")
    before = revision()

    with pytest.raises(Conflict, match="inzwischen an derselben Stelle geändert"):
        services.approve(board, late.pk, DAY, "Drucksache 2")

    assert revision() == before
    late.refresh_from_db()
    assert late.state == "submitted"


def test_changes_at_different_places_of_one_measure_go_together(person: Person) -> None:
    officer, board, code = person("strategy.propose"), person("strategy.approve"), first_measure()
    title = request_of(officer, ChangeDraft("change_measure", code, {"title": "Neu"}))
    funding = request_of(officer, ChangeDraft("change_measure", code, {"funding": "Eigenmittel, Spenden"}))

    services.approve(board, title.pk, date(2027, 6, 1), "Drucksache 1")
    services.approve(board, funding.pk, DAY, "Drucksache 2")

    assert strategy_at(DAY).measures[code].title != "Neu"
    later = strategy_at(date(2027, 6, 1)).measures[code]
    assert (later.title, later.funding.text, later.funding.items[0].source_class) == (
        "Neu",
        "Eigenmittel, Spenden",
        "own",
    )


def test_a_struck_measure_keeps_its_number_for_ever(person: Person) -> None:
    officer, board, code = person("strategy.propose"), person("strategy.approve"), first_measure()
    request = request_of(officer, ChangeDraft("strike", code, reason="Versuch gescheitert"))
    services.approve(board, request.pk, timezone.localdate(), "Drucksache 1")

    assert strategy_at().measures[code].is_struck
    assert code not in {measure.code for measure in list_measures()}
    again = services.open_change_request(officer, "Noch einmal", "Grund")
    with pytest.raises(Invalid, match="Angaben") as refused:
        services.put_change(
            officer,
            again.pk,
            ChangeDraft("add_measure", code, {"field": field_of(code), "title": "x"}, "Grund"),
        )
    assert refused.value.fields[0].field == "code"
    with pytest.raises(Invalid):
        services.put_change(officer, again.pk, ChangeDraft("change_measure", code, {"title": "Neu"}))


def test_a_new_measure_gets_the_next_number_also_beside_other_open_requests(person: Person) -> None:
    officer = person("strategy.propose")
    field = next(iter(strategy_at().fields))
    draft = ChangeDraft("add_measure", "", {"field": field, "title": "Neu", "sdgs": [11]}, "Wunsch des Rates")
    codes = []
    for _turn in range(2):
        request = services.open_change_request(officer, "Neu", "Grund")
        codes.append(services.put_change(officer, request.pk, draft).code)

    last = [code for code, item in strategy_at().measures.items() if item.field == field][-1]
    number = int(last.rpartition(".")[2])
    assert codes == [f"M-{field[3:]}.{number + 1}", f"M-{field[3:]}.{number + 2}"]


@pytest.mark.parametrize("kind", ["strike", "reschedule"])
def test_what_stands_on_its_own_needs_a_reason(person: Person, kind: str) -> None:
    officer = person("strategy.propose")
    request = services.open_change_request(officer, "F-06", "Grund")

    with pytest.raises(Invalid) as refused:
        services.put_change(
            officer,
            request.pk,
            ChangeDraft(kind, first_measure(), {"period": "2030"} if kind == "reschedule" else {}),
        )

    assert refused.value.fields[0].field == "reason"


@pytest.mark.parametrize(
    "target", ["successful", "partly", "not_successful", "struck", "evaluated", "nonsense", "\x00"]
)
def test_no_change_request_sets_an_outcome_or_skips_a_step(person: Person, target: str) -> None:
    officer, code = person("strategy.propose", "strategy.edit"), measure_in("planned")
    request = services.open_change_request(officer, "Stand", "Grund")

    with pytest.raises(Invalid) as refused:
        services.put_change(officer, request.pk, ChangeDraft("move_state", code, {"state": target}))

    assert refused.value.fields[0].field == "state"


def test_an_outcome_is_recorded_by_somebody_else_than_the_one_who_assessed(person: Person) -> None:
    officer, code = person("strategy.edit"), measure_in("implemented")
    own = services.Evidence("evaluation:1", f"user:{officer.user_id}")

    with pytest.raises(Forbidden):
        services.record_evaluation(officer, code, "successful", own)
    services.record_evaluation(officer, code, "successful", services.Evidence("evaluation:1", "user:0"))

    assert strategy_at().measures[code].state == "successful"


def test_an_outcome_needs_a_measure_that_is_implemented(person: Person) -> None:
    evidence = services.Evidence("evaluation:1", "user:0")

    with pytest.raises(Conflict):
        services.record_evaluation(person("strategy.edit"), measure_in("planned"), "successful", evidence)


def test_whether_a_request_is_to_be_co_signed_is_one_question_for_all_its_changes(
    person: Person, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    officer = person("strategy.propose")
    codes = list(strategy_at().measures)[:4]
    request = request_of(officer, *(ChangeDraft("change_measure", code, {"title": "Neu"}) for code in codes))

    with django_assert_num_queries(2):
        assert not services.needs_cosign(request)


def test_a_second_new_measure_gets_another_number_also_while_the_first_is_not_true_yet(
    person: Person,
) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    field = field_of(first_measure())
    draft = ChangeDraft("add_measure", "", {"field": field, "title": "Neu"}, "Wunsch des Rates")
    first = request_of(officer, draft)
    services.approve(board, first.pk, timezone.localdate() + timedelta(days=90), "Drucksache 20-26/1")

    second = request_of(officer, draft)

    assert second.changes.get().code != first.changes.get().code


def test_what_touches_security_is_co_signed_first(person: Person) -> None:
    officer, cio, board = person("strategy.propose"), person("strategy.cosign"), person("strategy.approve")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"tags": ["security"]}))

    with pytest.raises(Conflict, match="mitgezeichnet"):
        services.approve(board, request.pk, DAY, "Drucksache 1")
    services.cosign(cio, request.pk)
    assert services.approve(board, request.pk, DAY, "Drucksache 1").state == "approved"


def test_taking_a_request_back_voids_the_co_signature(person: Person) -> None:
    officer, cio = person("strategy.propose"), person("strategy.cosign")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"tags": ["security"]}))
    services.cosign(cio, request.pk)

    services.reopen(officer, request.pk)

    assert services.needs_cosign(ChangeRequest.objects.get(pk=request.pk))


def test_an_approval_of_what_was_not_seen_is_refused(person: Person) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"title": "Neu"}))

    with pytest.raises(Conflict):
        services.approve(board, request.pk, DAY, "Drucksache 1", revision=request.revision - 1)


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_a_request_that_ended_stays_as_it_is(person: Person, end: str) -> None:
    officer, board = person("strategy.propose"), person("strategy.approve")
    request = request_of(officer, ChangeDraft("change_measure", first_measure(), {"title": "Neu"}))
    if end == "reject":
        services.reject(board, request.pk, "Zu früh")
    else:
        services.withdraw(officer, request.pk)

    for late in (
        lambda: services.approve(board, request.pk, DAY, "Drucksache 1"),
        lambda: services.comment(officer, request.pk, "Doch"),
        lambda: services.submit(officer, request.pk),
    ):
        with pytest.raises(Conflict):
            late()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("change_measure", {"title": "a\x00b"}),
        ("change_measure", {"title": ""}),
        ("change_measure", {"title": 5}),
        ("change_measure", {"title": "x" * 301}),
        ("change_measure", {"sdgs": [18]}),
        ("change_measure", {"indicators": [{"code": "K99.9-99"}]}),
        ("change_measure", {"dependencies": [{"code": "M-99.9.9"}]}),
        ("change_measure", {"owner": "niemand"}),
        ("change_measure", {"tags": ["nonsense"]}),
        ("change_measure", {"state": "successful"}),
        ("change_measure", {"funding": {"text": "x", "items": [{"source": "x", "amount": "-1"}]}}),
        ("reschedule", {"period": {"text": "x", "start": "2030-01-01", "end": "2029-01-01"}}),
        ("nonsense", {}),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_kept(
    person: Person, kind: str, fields: dict[str, object]
) -> None:
    officer = person("strategy.propose")
    request = services.open_change_request(officer, "Falsch", "Grund")

    with pytest.raises(Invalid) as refused:
        services.put_change(officer, request.pk, ChangeDraft(kind, first_measure(), fields, "Grund"))

    assert refused.value.fields
    assert not request.changes.exists()


def test_an_adopted_edition_supersedes_the_one_before_and_stays(person: Person) -> None:
    writer, council, code = person("strategy.publish"), person("strategy.adopt"), first_measure()
    services.draft_edition(writer, "2.0", DAY)
    services.adopt_edition(council, "2.0", services.CouncilReference("20-26/99", date(2026, 12, 10)))
    fixed = strategy_at(edition="2.0")

    request = request_of(person("strategy.propose"), ChangeDraft("change_measure", code, {"title": "Neu"}))
    services.approve(person("strategy.approve"), request.pk, date(2026, 1, 1), "Drucksache 3")

    assert strategy_at(DAY).measures[code].title == "Neu"
    assert strategy_at(edition="2.0") == fixed
    assert {one.name: one.state for one in Edition.objects.all()} == {"1.0": "superseded", "2.0": "adopted"}


def test_who_drafted_an_edition_does_not_adopt_it(person: Person) -> None:
    both = person("strategy.publish", "strategy.adopt")
    services.draft_edition(both, "2.0")

    with pytest.raises(Forbidden):
        services.adopt_edition(both, "2.0", services.CouncilReference("1", DAY))


def test_a_forgotten_person_leaves_the_words_without_the_name(person: Person) -> None:
    officer = person("strategy.propose")
    user = User.objects.get(pk=officer.identifier)
    request = services.open_change_request(officer, "Antrag", "Grund")
    said = services.comment(officer, request.pk, "Meine Worte")
    assert privacy.export(user)["comments"][0]["text"] == "Meine Worte"

    privacy.erase(user)

    said.refresh_from_db()
    assert (said.text, said.said_by) == ("Meine Worte", "")
    assert privacy.export(user)["comments"] == []


@pytest.mark.parametrize("state", State.values)
def test_every_step_leads_to_a_state_and_none_to_an_outcome_or_to_struck(state: str) -> None:
    assert set(STEPS[state]) <= set(State.values) - {*OUTCOMES, State.STRUCK, State.UNKNOWN}


def test_the_demo_leaves_the_strategy_as_it_is_and_one_open_example() -> None:
    if not any(one.period.start and one.period.end for one in strategy_at().measures.values()):
        pytest.skip("this city's strategy has no measure whose period could be over")
    before = revision()
    demo.fill(lambda _line: None)
    demo.fill(lambda _line: None)

    assert revision() == before
    assert [(one.is_example, one.state) for one in ChangeRequest.objects.all()] == [(True, "open")]
    demo.clear()
    assert ChangeRequest.objects.get().state == "withdrawn"
