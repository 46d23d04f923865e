"""What the bodies' work keeps about a person: told on export, gone after erasure; the city's record stays."""

from datetime import date

import pytest

from stadt.apps.governance import privacy
from stadt.apps.governance.kinds import BodyKind
from stadt.apps.governance.models import Body, Decision, Draft, Idea, Meeting, Seat, Signature
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    user = User.objects.create(email="anna@example.org", name="Anna")
    body = Body.objects.create(key="rund", kind=BodyKind.BOARD, name="Runde")
    Seat.objects.create(body=body, user=user, role="chair", since=date(2026, 1, 1))
    decision = Decision.objects.create(body=body, kind="other", title="T", decided_on=date(2026, 2, 1))
    Signature.objects.create(decision=decision, user=user, name="Anna", role="Vorstand")
    Draft.objects.create(body=body, kind="other", title="T", prepared_by=user)
    Idea.objects.create(kind="idea", title="Licht", text="Mehr Licht", told_by=user)
    Meeting.objects.create(body=body, held_on=date(2026, 1, 1), title="S", released_by=user)
    return user


def test_export_tells_seats_signatures_ideas_and_contributions(anna: User) -> None:
    told = privacy.export(anna)
    assert [one["body"] for one in told["seats"]] == ["Runde"]
    assert [one["role"] for one in told["signatures"]] == ["Vorstand"]
    assert [one["text"] for one in told["ideas"]] == ["Mehr Licht"]
    assert [one["kind"] for one in told["contributions"]] == ["draft", "minutes_released"]


def test_erasure_takes_the_person_and_keeps_the_record(anna: User) -> None:
    privacy.erase(anna)
    assert not Seat.objects.exists()
    signature = Signature.objects.get()
    assert (signature.user_id, signature.name, signature.role) == (None, "", "Vorstand")
    assert Idea.objects.get().told_by_id is None
    assert Decision.objects.count() == Draft.objects.count() == Meeting.objects.count() == 1
    assert not any(privacy.export(anna).values())
    anna.delete()
    assert Decision.objects.count() == 1
