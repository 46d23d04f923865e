"""R-14, row 29: a question goes to those responsible, and the answer is public in the office's words."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.dialogue import checks, demo, queries
from stadt.apps.dialogue.models import News, Question
from stadt.apps.dialogue.rights import ANSWER, MODERATE
from stadt.apps.dialogue.services import news, questions
from stadt.apps.dialogue.services.questions import QuestionDraft
from stadt.apps.dialogue.workflow import MOVES, WAITING, QuestionState
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Organisation

pytestmark = pytest.mark.django_db
ANYBODY, SYSTEM = Actor.anonymous(), Actor.system("test")
Fill = Callable[..., dict[str, str]]
ASKED = "Ich bin Anna Muster. Wann wird der <b>Weg</b> gemacht?"


def holding(permission: Any, organisation_id: int = 1) -> Actor:
    return Actor("user", "7", {permission.key: frozenset({organisation_id})})


def asked(code: str = "S", email: str = "", sent: list[Any] | None = None) -> Question:
    question = questions.ask_question(ANYBODY, QuestionDraft(code, ASKED, email))
    if sent is not None:
        found = re.search(r"/frage/([^/\s]+)/", sent.pop().body)
        assert found
        questions.confirm_asker(ANYBODY, found[1])
    return question


def answered(question: Question, is_public: bool = True) -> Question:
    return questions.answer_question(
        SYSTEM, question.pk, question="Wann wird der Weg gemacht?", answer="Im Mai.", is_public=is_public
    )


def test_a_question_is_seen_by_nobody_until_it_is_answered(
    client: Client, measure: str, filled: Fill
) -> None:
    form = filled("question", code=measure, text=ASKED)
    assert client.post(f"/mitmachen/strategie/frage/?zu={measure}", form).status_code == 302
    question = Question.objects.get()
    pages = ("/mitmachen/strategie/", f"/strategie/massnahmen/{measure}/", "/mitmachen/strategie/neues.atom")
    assert all("Muster" not in client.get(page).content.decode() for page in pages)
    assert not News.objects.exists()
    answered(question)
    for page in pages[:2]:
        shown = client.get(page).content.decode()
        assert "Wann wird der Weg gemacht?" in shown
        assert "Im Mai." in shown
        assert "Muster" not in shown
    feed = client.get(f"/mitmachen/strategie/neues/{measure}.atom").content.decode()
    assert f"zu={measure}#frage-{question.pk}" in feed
    assert "Muster" not in feed


def test_the_asker_gets_the_answer_and_the_address_is_forgotten(sent: list[Any]) -> None:
    question = asked(email="Anna@example.org", sent=sent)
    answered(question)
    assert sent[0].to == ["anna@example.org"]
    assert "Im Mai." in sent[0].body
    question.refresh_from_db()
    assert (question.email, question.secret_digest) == ("", None)


def test_an_address_that_was_not_confirmed_gets_no_answer(sent: list[Any]) -> None:
    question = asked(email="stranger@example.org")
    assert len(sent) == 1
    answered(question)
    assert len(sent) == 1


def test_a_private_answer_needs_somebody_to_reach(sent: list[Any]) -> None:
    with pytest.raises(Invalid):
        answered(asked(), is_public=False)
    answered(asked(email="anna@example.org", sent=sent), is_public=False)
    assert not queries.list_answers().exists()
    assert not News.objects.exists()
    assert "Im Mai." in sent[0].body


def test_an_owner_answers_the_own_questions_and_a_moderator_all() -> None:
    office = Organisation.objects.create(key="office-29", name="Referat 29")
    other = Organisation.objects.create(key="office-30", name="Referat 30")
    question = asked()
    owner, stranger = holding(ANSWER, office.pk), holding(ANSWER, other.pk)
    assert not queries.list_waiting(owner).exists()
    questions.hand_over(holding(MODERATE), question.pk, office.key)
    assert queries.list_waiting(owner).get() == question
    assert not queries.list_waiting(stranger).exists()
    for refused in (stranger, ANYBODY, Actor("user", "8")):
        with pytest.raises((Forbidden, SignInNeeded)):
            questions.take_on(refused, question.pk)
    with pytest.raises(Forbidden):
        questions.hand_over(owner, question.pk, "")
    questions.take_on(owner, question.pk)
    questions.answer_question(owner, question.pk, question="Wann?", answer="Im Mai.", is_public=True)


@pytest.mark.parametrize("state", sorted(set(QuestionState) - set(WAITING)))
def test_a_question_that_is_settled_is_handed_over_no_more(state: QuestionState) -> None:
    question = asked()
    Question.objects.filter(pk=question.pk).update(state=state)
    with pytest.raises(Conflict):
        questions.hand_over(SYSTEM, question.pk, "")


def test_states_follow_their_moves_and_nothing_else() -> None:
    for state, moves in MOVES.items():
        for target in QuestionState:
            question = asked()
            Question.objects.filter(pk=question.pk).update(state=state)
            if target in moves or target not in {QuestionState.IN_WORK, QuestionState.DECLINED}:
                continue
            verb = questions.take_on if target is QuestionState.IN_WORK else questions.decline_question
            with pytest.raises(Conflict):
                verb(SYSTEM, question.pk)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft("S", " "), "text"),
        (QuestionDraft("S", "x" * 1501), "text"),
        (QuestionDraft("S", "a\0b"), "text"),
        (QuestionDraft("S", "a\u202eb"), "text"),
        (QuestionDraft("M-99.9.9", "Wann?"), "code"),
        (QuestionDraft("S", "Wann?", "nobody"), "email"),
    ],
)
def test_what_is_no_question_is_refused_by_name(draft: QuestionDraft, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        questions.ask_question(ANYBODY, draft)
    assert [item.field for item in refused.value.fields] == [field]
    assert not Question.objects.exists()


def test_robots_are_refused_and_what_was_typed_stays(client: Client, filled: Fill) -> None:
    for form in (
        {"code": "S", "text": ASKED},
        filled("question", code="S", text=ASKED, website="https://example.org"),
        filled("subscription", code="S", text=ASKED),
    ):
        answer = client.post("/mitmachen/strategie/frage/", form)
        assert answer.status_code == 422
        assert "Anna Muster" in answer.content.decode()
    assert not Question.objects.exists()


def test_one_household_asks_a_few_times_and_then_waits(client: Client, filled: Fill) -> None:
    answers = [
        client.post(
            "/mitmachen/strategie/frage/", filled("question", code="S", text="Wann?"), REMOTE_ADDR="192.0.2.7"
        ).status_code
        for _ in range(6)
    ]
    assert answers == [302] * 5 + [429]


def test_words_and_addresses_are_forgotten_in_time(sent: list[Any]) -> None:
    done, declined, fresh = answered(asked()), asked(), asked(email="slow@example.org")
    questions.decline_question(SYSTEM, declined.pk)
    long_ago = timezone.now() - timedelta(days=100)
    Question.objects.exclude(pk=fresh.pk).update(decided_at=long_ago)
    Question.objects.filter(pk=fresh.pk).update(asked_at=long_ago)
    news.forget_old(SYSTEM)
    done.refresh_from_db()
    fresh.refresh_from_db()
    assert (done.text, done.answer) == ("", "Im Mai.")
    assert (fresh.email, fresh.text) == ("", ASKED)
    assert not Question.objects.filter(pk=declined.pk).exists()


def test_the_inbox_answers_hands_over_and_declines(editor: Client, measure: str) -> None:
    question = asked(measure)
    address = f"/mitmachen/strategie/posteingang/{question.pk}/"
    assert measure in editor.get("/mitmachen/strategie/posteingang/").content.decode()
    page = editor.get(address).content.decode()
    assert "Anna Muster" in page
    assert "<b>Weg</b>" not in page
    assert editor.post(address, {"move": "public", "question": "", "answer": ""}).status_code == 422
    assert editor.post(address, {"move": "hand_over", "owner": "nobody"}).status_code == 422
    assert editor.post(address, {"move": "hand_over", "owner": "stadt"}).status_code == 302
    assert editor.post(address, {"move": "take_on"}).status_code == 302
    form = {"move": "public", "question": "Wann?", "answer": "Im Mai."}
    assert editor.post(address, form).status_code == 302
    question.refresh_from_db()
    assert (question.state, question.owner) == ("answered", "stadt")
    assert editor.post(address, {"move": "take_on"}).status_code == 409
    assert editor.post(address, {"move": "erase"}).status_code == 200


def test_an_overdue_question_is_told_to_whoever_runs_the_city() -> None:
    assert checks.overdue() is None
    asked()
    Question.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    assert checks.overdue() is not None


def test_links_of_strangers_lead_nowhere(client: Client) -> None:
    assert client.get("/mitmachen/strategie/frage/xyz/").status_code == 404
    with pytest.raises(NotFound):
        questions.remove_asker(ANYBODY, "xyz")


def test_no_text_stands_in_the_protocol() -> None:
    answered(asked(email="anna@example.org"))
    assert all("Muster" not in str(entry.changes) for entry in AuditEntry.objects.all())


def test_the_demo_is_marked_and_leaves_without_a_trace(client: Client) -> None:
    demo.fill(lambda text: None)
    demo.fill(lambda text: None)
    assert Question.objects.count() == len(demo.QUESTIONS)
    assert "imuliert" in client.get("/mitmachen/strategie/").content.decode()
    demo.clear()
    assert not Question.objects.exists()
    assert not News.objects.exists()
