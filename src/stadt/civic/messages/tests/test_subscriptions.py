"""Subscriptions are confirmed by mail, told each fact once, and ended by one click."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from stadt.civic.messages import services
from stadt.civic.messages.models import Fact, Rhythm, Subscription, Telling
from stadt.civic.messages.services.subscriptions import MOST_OPEN, secret_of
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

pytestmark = pytest.mark.django_db
JOB = Actor.system("job:messages.send")
ADDRESS = "erika@example.org"


@pytest.fixture(autouse=True)
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    return mail.outbox


def follow(**more: Any) -> None:
    services.subscribe(
        "case", "case:1", **{"email": ADDRESS, "title": "Straßenlampe", "url": "/melden/A/", **more}
    )


def confirmed(**more: Any) -> Subscription:
    follow(**more)
    found = Subscription.objects.latest("pk")
    services.confirm(secret_of(found))
    mail.outbox.clear()
    return found


def tell(title: str = "Die Lampe leuchtet", **more: Any) -> int:
    return services.tell("case", "case:1", title, "Sie wurde ersetzt.", "/melden/A/", **more)


def path_in(body: str) -> str:
    found = re.search(rf"{re.escape(settings.STADT.url)}(/postfach/abo/\S+)", body)
    assert found
    return found[1]


def test_the_mail_leads_to_a_page_that_confirms(client: Client, outbox: list[Any]) -> None:
    follow()
    path = path_in(outbox[0].body)
    assert "Möchten Sie eine E-Mail" in client.get(path).content.decode()
    assert Subscription.objects.get().confirmed_at is None  # programs that follow links confirm nothing
    assert client.post(path).status_code == 302
    shown = client.get(path)
    assert "Sie bekommen eine E-Mail" in shown.content.decode()
    assert (shown["Referrer-Policy"], shown["Cache-Control"]) == ("same-origin", "private, no-store")


def test_nobody_is_told_before_confirming(outbox: list[Any]) -> None:
    follow()
    outbox.clear()
    assert tell() == 0
    assert services.send_due(JOB) == 0
    assert outbox == []


def test_a_fact_is_told_once_however_often_it_is_told(outbox: list[Any]) -> None:
    confirmed()
    assert [tell(), tell(), tell("Anderes", fact="moved:1"), tell("Wieder anders", fact="moved:1")] == [
        1,
        0,
        1,
        0,
    ]
    assert services.send_due(JOB) == 1
    assert services.send_due(JOB) == 0
    assert "Die Lampe leuchtet" in outbox[0].body
    assert "Anderes" in outbox[0].body
    assert not Telling.objects.exists()


def test_a_daily_subscription_gathers_a_day(outbox: list[Any]) -> None:
    found = confirmed(rhythm=Rhythm.DAILY)
    tell("Eins")
    assert services.send_due(JOB) == 1
    tell("Zwei")
    tell("Drei")
    assert services.send_due(JOB) == 0
    Subscription.objects.filter(pk=found.pk).update(sent_at=timezone.now() - timedelta(days=1))
    assert services.send_due(JOB) == 1
    assert outbox[-1].subject == "Straßenlampe: 2 Neuigkeiten"


def test_a_mail_program_ends_it_with_one_click(client: Client, outbox: list[Any]) -> None:
    confirmed()
    tell()
    services.send_due(JOB)
    headers = outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.STADT.url)
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(url).status_code == 302  # programs that follow links end nothing
    assert Subscription.objects.exists()
    for _ in range(2):
        assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()


def test_the_page_ends_it_only_with_a_form_of_ours(client: Client) -> None:
    path = f"/postfach/abo/{secret_of(confirmed())}/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"beenden": "1"}).status_code == 403
    assert "beendet" in client.post(path, {"beenden": "1"}).content.decode()
    assert not Subscription.objects.exists()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 43, "ä" * 43, "x" * 3000])
def test_wrong_secrets_open_nothing(client: Client, secret: str) -> None:
    assert client.get(f"/postfach/abo/{secret}/").status_code == 404
    assert client.post(f"/postfach/abo/{secret}/").status_code in {400, 404}


def test_the_city_is_no_sender_of_unwanted_mail(outbox: list[Any]) -> None:
    for number in range(MOST_OPEN + 3):
        services.subscribe("case", f"case:{number}", email=ADDRESS)
        services.subscribe("case", f"case:{number}", email=ADDRESS)
    assert len(outbox) == MOST_OPEN


def test_a_known_address_gets_the_same_answer_and_no_mail(outbox: list[Any]) -> None:
    confirmed()
    follow()
    assert outbox == []
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": "kein"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"rhythm": "hourly"}, "rhythm"),
        ({"email": ""}, "email"),
    ],
)
def test_a_wish_that_cannot_be_kept_names_its_field(more: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        follow(**more)
    assert [error.field for error in refused.value.fields] == [field]
    with pytest.raises(Invalid):
        services.subscribe("person", "x", email=ADDRESS)


def test_an_account_follows_without_a_link_and_ends_its_own_only(client: Client, outbox: list[Any]) -> None:
    user, other = (User.objects.create_user(f"{name}@example.org", "x") for name in ("a", "b"))
    follow(email="", user_id=user.pk)
    tell()
    services.send_due(JOB)
    assert outbox[0].recipients() == ["a@example.org"]
    pk = Subscription.objects.get().pk
    with pytest.raises(NotFound):
        services.leave_own(Actor(kind="user", identifier=str(other.pk)), pk)
    with pytest.raises(NotFound):
        services.leave_own(Actor.anonymous(), pk)
    client.force_login(user)
    assert "Straßenlampe" in client.get("/postfach/").content.decode()
    client.post(f"/postfach/abos/{pk}/")
    assert not Subscription.objects.exists()


def test_what_is_not_confirmed_is_forgotten_after_a_week() -> None:
    follow()
    confirmed(email="b@example.org")
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert services.forget_due(JOB) == 1
    assert Subscription.objects.get().email == "b@example.org"


def test_with_a_subject_its_subscriptions_and_facts_are_forgotten() -> None:
    confirmed()
    tell()
    assert services.forget_subject("case", "case:1") == 1
    assert not Fact.objects.exists()


def test_no_fact_begins_another_header(outbox: list[Any]) -> None:
    confirmed(title="Lampe\r\nBcc: a@evil.example")
    tell("Neu\r\nBcc: a@evil.example")
    services.send_due(JOB)
    assert "\n" not in outbox[0].subject
    assert outbox[0].recipients() == [ADDRESS]
