"""The verb: what is taken, what is refused, and that nothing is doubled or half kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stadt.apps.issues.reporting import services
from stadt.apps.issues.reporting.limits import KEPT, LONGEST_TEXT
from stadt.apps.issues.reporting.models import ReceivedReport
from stadt.apps.issues.reporting.offers import get_offer
from stadt.apps.issues.reporting.services import report_issue
from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.queries import Promise, case_of_link
from stadt.core.errors import Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor

pytestmark = pytest.mark.usefixtures("catalogue", "areas")
Tell = Callable[..., Any]
LONG = "An der Ecke liegt seit Tagen ein altes Sofa"


def fields_of(told: Any) -> list[str]:
    """The fields that a refusal names."""
    with pytest.raises(Invalid) as caught:
        report_issue(None, told)
    assert not Case.objects.exists()
    assert not ReceivedReport.objects.exists()
    return [item.field for item in caught.value.fields]


def test_a_thing_whose_name_is_longer_than_a_case_keeps_can_be_reported(told: Tell) -> None:
    report_issue(None, told(asset="T" * 163))  # a container with a long title, and its number
    assert Case.objects.get().asset == "T" * 120


def test_a_report_opens_a_case_and_gives_a_link(told: Tell) -> None:
    receipt = report_issue(None, told(text=" Dunkel\0 hier ", email="a@example.org"))
    case = Case.objects.get()
    assert (case.reference, case.category, case.text, case.source) == (
        receipt.reference,
        "lamp",
        "Dunkel hier",
        "web",
    )
    assert case.answers == {"problem": "off"}
    assert receipt.is_new
    assert not receipt.is_held
    assert receipt.secret
    found = case_of_link(receipt.secret)
    assert found is not None
    assert found.pk == case.pk


def test_without_any_contact_there_is_a_link_too(told: Tell) -> None:
    assert report_issue(None, told()).secret


def test_sent_again_it_is_the_same_report(told: Tell) -> None:
    first = report_issue(None, told(text="eins"))
    again = report_issue(None, told(text="zwei", category="bench"))
    assert (again.reference, again.is_new) == (first.reference, False)
    assert Case.objects.count() == 1
    assert again.secret
    assert case_of_link(again.secret) is not None


def test_the_same_key_through_another_door_gets_nobody_elses_receipt(told: Tell) -> None:
    first = report_issue(None, told(source="open311", key="open311-7-laterne-vor-haus-3"))
    second = report_issue(None, told(source="web", key="open311-7-laterne-vor-haus-3"))
    assert (second.is_new, second.reference != first.reference) == (True, True)


def test_a_key_whose_case_is_gone_opens_no_second_one(told: Tell) -> None:
    report_issue(None, told())
    ReceivedReport.objects.update(case_id=987_654)
    with pytest.raises(Invalid, match="gelöscht"):
        report_issue(None, told())


def test_the_key_itself_is_not_kept(told: Tell) -> None:
    report_issue(None, told(key="geheim-geheim-geheim"))
    assert b"geheim" not in bytes(ReceivedReport.objects.get().key)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"key": "kurz"}, ["key"]),
        ({"key": "x" * 129}, ["key"]),
        ({"category": "nothing"}, ["category"]),
        ({"category": "card"}, ["category"]),
        ({"category": "gas"}, ["category"]),
        ({"category": "test_alarm"}, ["category"]),
        ({"lon": None, "lat": None}, ["place"]),
        ({"lon": None}, ["place"]),
        ({"lon": 0.0, "lat": 0.0}, ["place"]),
        ({"lon": float("nan")}, ["place"]),
        ({"text": "x" * (LONGEST_TEXT + 1)}, ["text"]),
        ({"email": "keine Adresse"}, ["email"]),
        ({"answers": {}}, ["answers.problem"]),
        ({"answers": {"problem": "on fire"}}, ["answers.problem"]),
        ({"category": "wall"}, ["photo"]),
        ({"answers": {}, "email": "x", "lon": 0.0, "lat": 0.0}, ["place", "email", "answers.problem"]),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(
    told: Tell, changes: dict[str, Any], fields: list[str]
) -> None:
    assert fields_of(told(**changes)) == fields


def test_what_needs_no_place_goes_without(told: Tell) -> None:
    assert report_issue(None, told(category="word", lon=None, lat=None, text="Danke")).is_new


def test_a_photo_of_somebody_else_is_not_taken(told: Tell) -> None:
    with pytest.raises(NotFound):
        report_issue(None, told(files=(4711,)))
    assert not Case.objects.exists()
    assert not ReceivedReport.objects.exists()


def test_strangers_cannot_say_that_an_officer_noticed_it(told: Tell) -> None:
    with pytest.raises(SignInNeeded):
        report_issue(None, told(source="staff"))
    assert not ReceivedReport.objects.exists()


def test_officers_report_for_themselves_without_a_link(told: Tell) -> None:
    receipt = report_issue(Actor.system("test"), told(source="staff"))
    assert receipt.secret is None
    assert not Case.objects.get().parties.exists()


def test_the_same_text_again_and_again_waits_for_a_person(told: Tell) -> None:
    for number in range(3):
        assert not report_issue(None, told(key=f"{number}" * 20, text=LONG)).is_held
    receipt = report_issue(None, told(key="9" * 20, text=LONG.upper() + "!"))
    assert receipt.is_held
    case = Case.objects.get(pk=receipt.case_id)
    assert case.state == "held"
    assert Entry.objects.filter(case=case, to_state="held").exists()


def test_officers_may_write_the_same_text_again_and_again(told: Tell) -> None:
    for number in range(5):
        receipt = report_issue(Actor.system("test"), told(key=f"{number}" * 20, text=LONG, source="staff"))
        assert not receipt.is_held
    assert not Case.objects.filter(state="held").exists()


def test_other_texts_and_old_ones_do_not_count(told: Tell) -> None:
    for number in range(4):
        report_issue(None, told(key=f"{number}" * 20, text=LONG))
    assert not report_issue(None, told(key="a" * 20, text=LONG + " und ein Schrank")).is_held
    ReceivedReport.objects.update(at=timezone.now() - timedelta(days=8))
    assert not report_issue(None, told(key="b" * 20, text=LONG)).is_held


def test_what_is_done_on_the_same_day_is_promised_within_one_working_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "promise", lambda *_asked: Promise(0, 12))
    assert services.promise_for(get_offer("lamp"), None) == Promise(1, 12)
    monkeypatch.setattr(services, "promise", lambda *_asked: None)
    assert services.promise_for(get_offer("lamp"), None) is None


def test_what_shows_repetition_is_forgotten(told: Tell) -> None:
    report_issue(None, told())
    assert services.forget_old_reports(Actor.system("test")) == 0
    ReceivedReport.objects.update(at=timezone.now() - KEPT - timedelta(days=1))
    assert services.forget_old_reports(Actor.system("test")) == 1
    assert not ReceivedReport.objects.exists()
    assert Case.objects.exists()
