"""What people left with a proposal or a request: told on export, gone after erasure."""

import pytest

from stadt.apps.reuse import privacy, services
from stadt.apps.reuse.models import Application, DataRequest
from stadt.apps.reuse.services import ApplicationDraft, RequestDraft
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    for email in ("Anna@example.org", "susanna@example.org", ""):
        services.propose_application(
            Actor.anonymous(), ApplicationDraft("Karte", "Zeigt.", "https://example.org", "Anna", (), email)
        )
        services.request_data(Actor.anonymous(), RequestDraft("Brunnen", "Wo?", email))
    return User.objects.create(email="anna@example.org", name="Anna")


def test_export_tells_what_was_told_with_the_own_address(anna: User) -> None:
    told = privacy.export(anna)
    assert [item["maker"] for item in told["applications"]] == ["Anna"]
    assert [item["text"] for item in told["requests"]] == ["Wo?"]


def test_erasure_takes_address_and_name_and_nobody_elses(anna: User) -> None:
    privacy.erase(anna)
    assert not Application.objects.filter(email="anna@example.org").exists()
    assert not DataRequest.objects.filter(email="anna@example.org").exists()
    assert Application.objects.filter(maker="").count() == 1
    assert Application.objects.filter(email="susanna@example.org", maker="Anna").count() == 1
    assert DataRequest.objects.count() == 3
    assert privacy.export(anna) == {"applications": [], "requests": []}
