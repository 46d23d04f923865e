"""What people left with a subscription or question: told on export, gone after erasure."""

import pytest

from stadt.apps.dialogue import privacy
from stadt.apps.dialogue.models import Question, Subscription
from stadt.apps.dialogue.services import questions, subscriptions
from stadt.apps.dialogue.services.questions import QuestionDraft
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    for email in ("Anna@example.org", "susanna@example.org"):
        subscriptions.subscribe(Actor.anonymous(), "S", email, "weekly")
        questions.ask_question(Actor.anonymous(), QuestionDraft("S", "Wann?", email))
    questions.ask_question(Actor.anonymous(), QuestionDraft("S", "Wo?"))
    return User.objects.create(email="anna@example.org", name="Anna")


def test_export_tells_what_was_left_with_the_own_address(anna: User) -> None:
    told = privacy.export(anna)
    assert [item["topic"] for item in told["subscriptions"]] == ["S"]
    assert [item["text"] for item in told["questions"]] == ["Wann?"]


def test_erasure_ends_the_own_subscriptions_and_forgets_the_own_words(anna: User) -> None:
    privacy.erase(anna)
    assert Subscription.objects.get().email == "susanna@example.org"
    assert sorted(Question.objects.values_list("email", "text")) == [
        ("", ""),
        ("", "Wo?"),
        ("susanna@example.org", "Wann?"),
    ]
    assert privacy.export(anna) == {"subscriptions": [], "questions": []}
