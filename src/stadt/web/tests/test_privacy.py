"""What the surface tells a person about itself, and what is left after erasure."""

import json

import pytest

from stadt.core.people.models import User
from stadt.web import privacy
from stadt.web.models import DemoMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    for recipients in (
        "anna@stadt.example",
        "otto@stadt.example, anna@stadt.example",
        "susanna@stadt.example",
    ):
        DemoMessage.objects.create(sender="stadt@x", recipients=recipients, subject="Guten Tag", body="Link")
    return User.objects.create_user("anna@stadt.example")


def test_a_person_is_told_which_mails_the_demo_kept(anna: User) -> None:
    told = privacy.export(anna)
    assert [message["subject"] for message in told["messages"]] == ["Guten Tag", "Guten Tag"]
    assert json.loads(json.dumps(told)) == told


def test_erasure_removes_the_mails_to_this_person_and_no_others(anna: User) -> None:
    privacy.erase(anna)
    assert [message.recipients for message in DemoMessage.objects.all()] == ["susanna@stadt.example"]
    assert privacy.export(anna) == {"messages": []}
