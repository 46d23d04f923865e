"""The demo's bodies: filled once, marked as examples, and cleared again."""

import pytest
from django.test import Client

from stadt.apps.governance import demo, public, strategy
from stadt.apps.governance.models import Decision, Idea, Seat, SurveyRound
from stadt.core.people.models import User
from stadt.core.people.services import ensure_foundations

pytestmark = pytest.mark.django_db


def test_the_demo_is_filled_once_and_everything_is_marked_and_goes_again(client: Client) -> None:
    ensure_foundations()
    for _again in range(2):
        demo.fill(lambda told: None)
    assert Decision.objects.count() == Idea.objects.count() == SurveyRound.objects.count() == 1
    assert not Seat.objects.filter(is_example=False).exists()
    [decision] = public.list_decisions()
    assert decision.is_example
    assert "erfunden" in client.get(f"/gremien/beschluesse/{decision.number}/").content.decode()
    assert (
        "Beispiel"
        in client.get(f"/strategie/massnahmen/{strategy.list_measures()[0].code}/").content.decode()
    )
    assert (
        not User.objects.filter(email__endswith=demo.DOMAIN, is_active=True)
        .exclude(password__startswith="!")
        .exists()
    )
    demo.clear()
    assert not User.objects.filter(email__endswith=demo.DOMAIN).exists()
    assert not Decision.objects.exists()
