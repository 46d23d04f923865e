"""The projection follows the cases, by events, by its job, and by a look of the doctor."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import Error, connection
from django.test.utils import CaptureQueriesContext

from stadt.apps.issues.shown import listeners, projection
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.subscribing import CASE, case_key
from stadt.apps.issues.shown.tests.reports import NOON, TYPE
from stadt.civic.cases import events
from stadt.civic.cases.models import Case, CaseTypeVersion, Entry, Support
from stadt.civic.cases.versions import digest_of_type
from stadt.civic.messages.models import Subscription
from stadt.core.registry import registry
from stadt.hub.places.models import Spot, SpotKind
from stadt.hub.places.spot_words import fold_words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_type() -> None:
    """The type is kept, as the foundation keeps the city's."""
    CaseTypeVersion.objects.create(
        key=TYPE.key, version=TYPE.version, definition=msgspec.to_builtins(TYPE), sha256=digest_of_type(TYPE)
    )


def make_case(number: int = 1, **more: Any) -> Case:
    """A case with its first entry, as the verb that opens one leaves it."""
    given: dict[str, Any] = {
        "reference": f"CASE-{number:04d}",
        "type_key": TYPE.key,
        "type_version": TYPE.version,
        "category": "deep",
        "title": "intern",
        "state": "new",
        "face": "received",
        "received_at": NOON,
        "changed_at": NOON,
        "lon": 7.123456,
        "lat": 51.512345,
    }
    case = Case.objects.create(**given | more)
    tell(case, "new")
    return case


def tell(
    case: Case,
    state: str,
    move: str = "",
    text: str = "",
    days: int = 0,
    *,
    reason: str = "",
    pauses: bool = False,
    before: str = "",
) -> None:
    """Write an entry and bring the case into its state."""
    at = NOON + timedelta(days=days)
    Entry.objects.create(
        case=case,
        at=at,
        actor_kind="user",
        kind="moved",
        move=move,
        from_state=before,
        to_state=state,
        public_text=text,
        reason=reason,
        data={"pauses": pauses},
    )
    found = TYPE.find_state(state)
    assert found is not None
    Case.objects.filter(pk=case.pk).update(
        state=state, face=str(found.face), closed_at=at if found.is_final else None
    )


def row_of(case: Case) -> PublicIssue | None:
    return PublicIssue.objects.filter(pk=case.pk).first()


def test_a_report_appears_once_and_a_second_time_nothing_changes() -> None:
    case = make_case()
    assert projection.project(case.pk)
    assert not projection.project(case.pk)
    row = row_of(case)
    assert row is not None
    assert (row.reference, row.face, row.lon) == ("CASE-0001", "received", 7.1235)


@pytest.mark.parametrize("change", [{"anonymised_at": NOON}, {"category": "private"}, {"state": "spam"}])
def test_a_report_disappears_when_nobody_may_see_it_any_more(change: dict[str, Any]) -> None:
    case = make_case()
    projection.project(case.pk)
    Case.objects.filter(pk=case.pk).update(**change)
    assert projection.project(case.pk)
    assert row_of(case) is None


def test_with_a_report_that_was_hidden_before_its_followers_are_forgotten_too() -> None:
    case = make_case()
    follower = {"kind": CASE, "key": case_key(case.reference), "email": "a@example.org"}
    Subscription.objects.create(**follower, nonce=b"1" * 16, digest=b"2" * 32)
    Case.objects.filter(pk=case.pk).update(state="spam", anonymised_at=NOON)
    projection.project(case.pk)
    listeners.case_anonymised(events.CaseAnonymised(case.pk))
    assert not Subscription.objects.exists()


def test_a_deleted_case_takes_its_row_along() -> None:
    case = make_case()
    projection.project(case.pk)
    PublicIssue.objects.filter(pk=case.pk).update(case_id=987_654)  # what is left of one that was deleted
    assert projection.project(987_654)
    assert not PublicIssue.objects.exists()


def test_a_case_of_another_door_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    other = msgspec.structs.replace(TYPE, key="card", door="dienste")
    CaseTypeVersion.objects.create(
        key="card", version=1, definition=msgspec.to_builtins(other), sha256=digest_of_type(other)
    )
    case = make_case(type_key="card")
    assert not projection.project(case.pk)


def test_the_history_tells_the_offices_words_and_neither_residents_nor_questions_back() -> None:
    case = make_case()
    tell(case, "looking", "look", "Wir sehen nach.", days=1)
    tell(case, "asked", "ask", "Frau Beispiel, wo genau?", days=2)
    tell(case, "looking", "look", days=3)
    tell(case, "dry", "dry", "Trocken.", days=4)
    tell(case, "looking", "again", "Bei mir im Keller steht es noch!", days=5)
    projection.project(case.pk)
    row = row_of(case)
    assert row is not None
    assert [(step["face"], step["text"]) for step in row.history] == [
        ("received", ""),
        ("checking", "Wir sehen nach."),
        ("done", "Trocken."),
        ("checking", ""),
    ]
    assert row.changed_at == NOON + timedelta(days=5)


def test_states_that_nobody_sees_are_no_steps_of_the_history() -> None:
    case = make_case()
    tell(case, "spam", "look", "Das halten wir für Unfug.", days=1)
    tell(case, "looking", "look", "Doch nicht.", days=2)
    projection.project(case.pk)
    row = row_of(case)
    assert row is not None
    assert [(step["face"], step["text"]) for step in row.history] == [
        ("received", ""),
        ("checking", "Doch nicht."),
    ]


def test_a_report_that_was_held_back_is_told_as_a_new_one_when_everybody_may_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new: list[str] = []
    monkeypatch.setattr(listeners, "tell_new", lambda issue: new.append(issue.reference))
    case = make_case()
    Case.objects.filter(pk=case.pk).update(state="spam")
    listeners.case_opened(events.CaseOpened(case.pk))
    assert new == []
    for before, state in (("spam", "looking"), ("looking", "planned")):
        tell(case, state, "look", before=before)
        entry = Entry.objects.filter(case=case).latest("pk")
        listeners.case_moved(events.CaseMoved(case.pk, entry.pk, "look", state))
    assert new == [case.reference]


def test_days_are_working_days_without_those_on_which_the_city_waited() -> None:
    case = make_case()  # a Monday
    for state, move, days, pauses in (
        ("asked", "ask", 1, True),
        ("looking", "look", 3, False),
        ("dry", "dry", 8, False),
    ):
        tell(case, state, move, days=days, pauses=pauses)
    projection.project(case.pk)
    row = row_of(case)
    assert row is not None
    assert row.working_days == 4  # six working days to Tuesday of the next week, two of them waited


def test_the_reason_of_a_refusal_is_the_offices() -> None:
    case = make_case()
    tell(case, "refused", "refuse", "Das geht nicht.", days=1, reason="Privatgrund")
    projection.project(case.pk)
    row = row_of(case)
    assert row is not None
    assert (row.reason, row.history[-1]["text"]) == ("Privatgrund", "Das geht nicht.")


def test_a_street_is_told_by_the_citys_own_name_and_what_is_none_not_at_all() -> None:
    folded = fold_words("Ringstraße")
    Spot.objects.create(
        kind=SpotKind.STREET,
        name="Ringstraße",
        street="Ringstraße",
        folded=folded,
        lon=7.1,
        lat=51.5,
        external_id="1",
    )
    known, typed = (
        make_case(1, address="ringstr. 12a, 12345 Ort"),
        make_case(2, address="hinten bei Familie Beispiel 3"),
    )
    projection.rebuild_projection()
    assert [row_of(case).street for case in (known, typed)] == ["Ringstraße", ""]  # type: ignore[union-attr]


def test_votes_and_the_report_that_goes_on_are_told() -> None:
    kept, other = make_case(1, weight=3), make_case(2)
    Support.objects.create(case=kept, kind="not_fixed", text="Frau Beispiel sagt nein", actor_hash=b"1" * 32)
    Case.objects.filter(pk=other.pk).update(duplicate_of=kept)
    projection.rebuild_projection()
    first, second = row_of(kept), row_of(other)
    assert first is not None
    assert second is not None
    assert (first.weight, first.not_fixed, second.merged_into) == (3, 1, kept.reference)


def test_the_job_makes_wrong_rows_right_and_removes_those_without_a_case() -> None:
    right, wrong = make_case(1), make_case(2)
    projection.project(right.pk)
    projection.project(wrong.pk)
    PublicIssue.objects.filter(pk=wrong.pk).update(text="falsch")
    PublicIssue.objects.filter(pk=right.pk).update(case_id=987_654)
    assert sorted(projection.find_drift()) == ["CASE-0001", "CASE-0001", "CASE-0002"]
    assert "CASE-000" in (projection.check_drift() or "")
    PublicIssue.objects.filter(pk=987_654).delete()
    PublicIssue.objects.create(
        case_id=987_655, reference="GONE-0001", type_key=TYPE.key, category="deep", face="done", is_closed=True,
        received_on=NOON.date(), received_at=NOON, changed_at=NOON,
    )  # fmt: skip
    assert projection.rebuild_projection() == 3
    assert projection.find_drift() == []
    assert projection.check_drift() is None
    assert set(PublicIssue.objects.values_list("pk", flat=True)) == {right.pk, wrong.pk}


def test_many_cases_cost_no_more_statements_than_one() -> None:
    make_case(1)
    projection.rebuild_projection()
    PublicIssue.objects.all().delete()
    with CaptureQueriesContext(connection) as one:
        projection.rebuild_projection()
    for number in range(2, 30):
        make_case(number)
    PublicIssue.objects.all().delete()
    with CaptureQueriesContext(connection) as many:
        projection.rebuild_projection()
    assert len(many) == len(one)


def test_every_fact_about_a_case_is_listened_to_at_once_and_by_a_job() -> None:
    for event in events.ALL:
        kinds = [
            one.durable for one in registry.listeners if one.event is event and "issues" in one.run.__module__
        ]
        assert set(kinds) == {False, True}, event


def test_a_merge_makes_both_rows_again() -> None:
    kept, other = make_case(1), make_case(2)
    Case.objects.filter(pk=other.pk).update(duplicate_of=kept)
    listeners.case_merged(events.CaseMerged(other.pk, kept.pk))
    assert PublicIssue.objects.count() == 2


def test_a_projection_that_fails_does_no_harm_to_who_told_the_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_number: int) -> bool:
        raise Error("away")

    def fail_too(*_keys: str) -> None:
        raise Error("away")

    monkeypatch.setattr(listeners, "project", fail)
    monkeypatch.setattr(listeners, "compute_soon", fail_too)
    immediate = [run for run in listeners.LISTENS if run.event is events.CaseMoved and not run.durable]
    assert len(immediate) == 2  # the row, and what is counted
    for one in immediate:
        one.run(events.CaseMoved(1, 1, "look", "looking"))
    durable = next(run for run in listeners.LISTENS if run.event is events.CaseMoved and run.durable)
    with pytest.raises(Error):
        durable.run(events.CaseMoved(1, 1, "look", "looking"))
