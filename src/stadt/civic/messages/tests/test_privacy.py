"""What a person gets and what is left of her."""

import pytest

from stadt.civic.messages import privacy, services
from stadt.civic.messages.models import AccessLink, Message, Subscription, ThreadParty
from stadt.civic.messages.services import Recipient, write_message
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    found = User.objects.create_user("erika@example.org", "x")
    write_message(
        Actor(kind="user", identifier=str(found.pk)), "case:1", "Bitte helfen", author_kind="citizen"
    )
    write_message(Actor.system("command:test"), "case:1", "Gern", recipients=[Recipient(user_id=found.pk)])
    write_message(Actor.system("command:test"), "case:2", "Für andere")
    services.subscribe("topic", "trees", email="erika@example.org")
    services.subscribe("place", "north", user_id=found.pk)
    services.subscribe("topic", "trees", email="max@example.org")
    services.make_link("case:1", "reporter", "erika@example.org")
    return found


def test_a_person_gets_her_letters_subscriptions_and_links(person: User) -> None:
    found = privacy.export(person)
    assert [item["text"] for item in found["threads"][0]["messages"]] == ["Bitte helfen", "Gern"]
    assert [item["key"] for item in found["followed"]] == ["trees", "north"]
    assert [item["subject"] for item in found["links"]] == ["case:1"]
    assert "andere" not in str(found)


def test_erasure_leaves_the_letters_to_their_subject_without_the_person(person: User) -> None:
    privacy.erase(person)
    assert not ThreadParty.objects.exists()
    assert Subscription.objects.get().email == "max@example.org"
    assert AccessLink.objects.get().email == ""
    assert not Message.objects.exclude(author_id=None).exists()
    assert Message.objects.filter(text="Bitte helfen").exists()
    assert privacy.export(person) == {"threads": [], "followed": [], "links": []}
