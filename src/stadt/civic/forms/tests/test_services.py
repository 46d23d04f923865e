"""Drafts are filled in step by step and sent once; what was sent stays as it is, kept by the database itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.models import Draft, FormVersion, Submission
from stadt.civic.forms.prefill import Prefill
from stadt.civic.forms.queries import find_draft, get_definition, is_untouched, list_drafts, list_forms
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.services import (
    discard_draft,
    erase_answers,
    forget_old_drafts,
    keep_form,
    save_step,
    send_resume_link,
    start_draft,
    submit,
)
from stadt.civic.forms.tests.card import ADULT, CARD, CHILD
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, User

SYSTEM = Actor.system("command:test")
PERSON = {"name.given_name": "Ada", "name.family_name": "Beispiel", "born.day": "17", "born.month": "5"}


def fill_in(secret: str, **answers: Any) -> None:
    """Store answers as if all steps had been sent."""
    draft = find_draft(secret)
    assert draft is not None
    Draft.objects.filter(pk=draft.pk).update(answers=answers)


def sent(**answers: Any) -> Submission:
    """A card that was sent."""
    _, secret = start_draft(None, "card")
    fill_in(secret, **(answers or ADULT))
    return submit(secret)


def test_a_form_is_kept_again_only_when_it_says_something_else(
    kept: FormVersion, card: FormDefinition
) -> None:
    assert keep_form(SYSTEM, card) is None
    changed = keep_form(SYSTEM, read_definition({**CARD, "title": "Anders"}))
    assert changed is not None
    assert (changed.number, [form.number for form in list_forms() if form.key == "card"]) == (2, [2])
    assert get_definition("card", 1).title == "Ausweis beantragen"


def test_only_who_may_keeps_forms(db: None, card: FormDefinition) -> None:
    with pytest.raises(Forbidden):
        keep_form(Actor(kind="user", identifier="1"), card)


def test_a_child_goes_through_the_parents_step_and_an_adult_does_not(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card")
    assert save_step(secret, "person", {**PERSON, "born.year": "2015"}).next_step == "guardian"
    assert save_step(secret, "person", {**PERSON, "born.year": "1990"}).next_step == "card"
    assert save_step(secret, "card", {"kind": "year"}).next_step is None
    submission = submit(secret)
    assert submission.answers == {**ADULT, "fee": 25.5}
    assert is_untouched(submission)


def test_wrong_input_leaves_the_draft_as_it_was(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card")
    result = save_step(secret, "person", {**PERSON, "born.year": "90"})
    assert [error.field for error in result.errors] == ["born.year"]
    assert result.next_step == "person"
    draft.refresh_from_db()
    assert draft.answers == {}


def test_who_pauses_keeps_what_is_right(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card")
    save_step(
        secret, "person", {"name.given_name": "Ada", "name.family_name": "B", "born.day": "x"}, pause=True
    )
    draft.refresh_from_db()
    assert draft.answers == {"name": {"given_name": "Ada", "family_name": "B"}}


def test_a_question_that_an_answer_brings_up_is_asked_before_going_on(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card", answers={"name": ADULT["name"], "born": "1990-05-17"})
    result = save_step(secret, "card", {"kind": "day", "_shown": "kind fee"})
    assert (result.errors, result.next_step, result.revealed) == ([], "card", ["days"])
    assert [
        e.field for e in save_step(secret, "card", {"kind": "day", "_shown": "kind days fee"}).errors
    ] == ["days"]


def test_a_choice_that_stops_the_form_is_neither_stored_nor_sent(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card", answers={"name": ADULT["name"], "born": "1990-05-17"})
    assert save_step(secret, "card", {"kind": "lost"}).stops == ["Bitte rufen Sie an."]
    fill_in(secret, **{**ADULT, "kind": "lost"})
    with pytest.raises(Invalid):
        submit(secret)


def test_a_step_that_is_not_visible_cannot_be_sent(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card", answers={"born": "1990-05-17"})
    for step in ("guardian", "nothing"):
        with pytest.raises(NotFound):
            save_step(secret, step, {})


@pytest.mark.parametrize("secret", ["", "x" * 43, "' OR 1=1 --", "\u0131"])
def test_a_guessed_secret_opens_nothing(kept: FormVersion, secret: str) -> None:
    start_draft(None, "card")
    for attempt in (
        lambda: save_step(secret, "person", {}),
        lambda: submit(secret),
        lambda: discard_draft(secret),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_only_the_digest_of_the_secret_is_kept(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card")
    assert secret.encode() not in bytes(draft.digest)
    assert len(bytes(draft.digest)) == 32


def test_a_prefilled_answer_cannot_be_changed_by_whoever_fills_in(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card", prefill=Prefill({"user.email": "ada@beispiel.de", "user.other": 1}))
    forged = save_step(secret, "person", {**PERSON, "born.year": "1990", "email": "eve@beispiel.de"})
    assert [error.field for error in forged.errors] == ["email"]
    fill_in(secret, **ADULT, email="eve@beispiel.de")
    with pytest.raises(Invalid):
        submit(secret)
    fill_in(secret, **ADULT)
    submission = submit(secret)
    assert (submission.answers["email"], submission.prefilled) == ("ada@beispiel.de", ["email"])


def test_prefilled_answers_that_were_changed_in_the_database_are_refused(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card", prefill=Prefill({"user.email": "ada@beispiel.de"}))
    other, _ = start_draft(None, "card", prefill=Prefill({"user.email": "eve@beispiel.de"}))
    Draft.objects.filter(pk=draft.pk).update(prefilled=other.prefilled, seal=other.seal, answers=ADULT)
    with pytest.raises(Conflict):
        submit(secret)


def test_what_is_not_visible_any_more_is_not_sent(kept: FormVersion) -> None:
    submission = sent(**{**CHILD, "born": "1990-05-17", "days": 4})
    assert submission.answers == {**ADULT, "fee": 25.5}


def test_sending_twice_gives_one_submission_and_empties_the_draft(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card")
    fill_in(secret, **ADULT)
    assert submit(secret) == submit(secret)
    draft.refresh_from_db()
    assert (draft.answers, Submission.objects.count()) == ({}, 1)
    with pytest.raises(Conflict):
        save_step(secret, "person", {})


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_give_one_submission(card: FormDefinition) -> None:
    keep_form(SYSTEM, card)
    _, secret = start_draft(None, "card")
    fill_in(secret, **ADULT)

    def send(_: int) -> int:
        try:
            return submit(secret).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(send, range(8)))) == 1
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE civic_forms_submission SET answers = '{}'",
        "UPDATE civic_forms_submission SET answers = '{\"a\": 1}', erased_at = now(), erased_reason = 'x', salt = ''",
        "UPDATE civic_forms_submission SET digest = 'x'",
        "UPDATE civic_forms_submission SET erased_at = now()",
        "UPDATE civic_forms_submission SET submitted_at = now()",
        "DELETE FROM civic_forms_submission",
        "UPDATE civic_forms_formversion SET title = 'x'",
        "DELETE FROM civic_forms_formversion",
    ],
)
def test_the_database_refuses_to_change_what_was_sent(kept: FormVersion, statement: str) -> None:
    sent()
    with (
        pytest.raises(ProgrammingError, match="civic_forms"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_erasing_takes_the_answers_and_leaves_when_and_why(kept: FormVersion) -> None:
    person = User.objects.create_user(email="ada@example.org")
    _, secret = start_draft(Actor(kind="user", identifier=str(person.pk)), "card")
    fill_in(secret, **ADULT)
    submission = submit(secret)
    assert submission.user == person
    before = bytes(submission.digest)
    with pytest.raises(Forbidden):
        erase_answers(Actor(kind="user", identifier="1"), submission.pk)
    erase_answers(SYSTEM, submission.pk, reason="request")
    erase_answers(SYSTEM, submission.pk, reason="again")
    submission.refresh_from_db()
    assert (submission.user_id, Draft.objects.filter(user=person).count()) == (None, 0)
    assert (submission.answers, bytes(submission.salt), submission.erased_reason) == ({}, b"", "request")
    assert bytes(submission.digest) == before
    assert submission.erased_at is not None
    assert not is_untouched(submission)


def test_equal_answers_have_different_digests(kept: FormVersion) -> None:
    assert bytes(sent().digest) != bytes(sent().digest)


def test_drafts_are_forgotten_after_their_time(kept: FormVersion) -> None:
    draft, secret = start_draft(None, "card")
    start_draft(None, "card")
    Draft.objects.filter(pk=draft.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert find_draft(secret) is None
    with pytest.raises(NotFound):
        submit(secret)
    assert (forget_old_drafts(SYSTEM), Draft.objects.count()) == (1, 1)


def test_a_draft_can_be_thrown_away(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card")
    discard_draft(secret)
    assert find_draft(secret) is None


def test_nobody_unknown_has_drafts_in_an_account(kept: FormVersion) -> None:
    start_draft(None, "card")
    assert list_drafts(Actor.anonymous()) == []


def test_the_audit_says_what_was_done_and_nothing_about_the_person(kept: FormVersion) -> None:
    _, secret = start_draft(None, "card")
    save_step(secret, "person", {**PERSON, "born.year": "1990"})
    save_step(secret, "card", {"kind": "year"})
    submit(secret)
    rows = list(AuditEntry.objects.order_by("pk"))
    assert [row.verb for row in rows] == ["keep_form", "start_draft", "save_step", "save_step", "submit"]
    assert "Ada" not in str([row.changes for row in rows])


def test_the_link_to_go_on_is_mailed_three_times_and_its_address_is_not_kept(
    kept: FormVersion, mailoutbox: Any
) -> None:
    draft, secret = start_draft(None, "card")
    for _ in range(3):
        send_resume_link(secret, "Ada@Beispiel.de", f"https://stadt.example/{secret}/")
    with pytest.raises(TooMany):
        send_resume_link(secret, "ada@beispiel.de", "https://stadt.example/")
    with pytest.raises(Invalid):
        send_resume_link(secret, "ada", "https://stadt.example/")
    assert [mail.to for mail in mailoutbox] == [["ada@beispiel.de"]] * 3
    assert secret in mailoutbox[0].body
    draft.refresh_from_db()
    assert "ada@" not in str(vars(draft))
