"""M-18, R-14: news by mail, confirmed by the address's owner, ended without signing in, and told once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.dialogue.models import News, Subscription
from stadt.apps.dialogue.services import news, subscriptions
from stadt.apps.dialogue.services.news import NewsDraft, keep_news
from stadt.apps.dialogue.tests.conftest import measures
from stadt.apps.dialogue.workflow import NewsKind
from stadt.apps.strategy.public import codes_below
from stadt.core.errors import Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry

pytestmark = pytest.mark.django_db
ANYBODY, SYSTEM = Actor.anonymous(), Actor.system("test")
Fill = Callable[..., dict[str, str]]
ADDRESS = "anna@example.org"


@pytest.fixture(autouse=True)
def _committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction; what it keeps counts as committed."""
    monkeypatch.setattr(subscriptions, "_finished_transactions", lambda: 2**62)


def secret_in(message: Any) -> str:
    found = re.search(r"/mitmachen/strategie/abo/([^/\s]+)/", message.body)
    assert found
    return found[1]


def happened(key: str, *codes: str, kind: NewsKind = NewsKind.DECISION) -> None:
    keep_news(NewsDraft(key, kind, codes, "/strategie/"))


def subscribed(sent: list[Any], topic: str = "S", rhythm: str = "daily", email: str = ADDRESS) -> str:
    """A confirmed subscription; returns the secret of its link."""
    subscriptions.subscribe(ANYBODY, topic, email, rhythm)
    secret = secret_in(sent.pop())
    subscriptions.confirm_subscription(ANYBODY, secret)
    return secret


def test_nothing_is_sent_before_the_address_is_confirmed(sent: list[Any]) -> None:
    subscriptions.subscribe(ANYBODY, "S", ADDRESS, "daily")
    assert len(sent) == 1
    happened("a", "S")
    assert subscriptions.send_news(SYSTEM) == 0


def test_opening_the_link_changes_nothing_and_its_buttons_do(
    client: Client, sent: list[Any], filled: Fill
) -> None:
    form = filled("subscription", topic="S", rhythm="weekly", email=ADDRESS.upper())
    assert client.post("/mitmachen/strategie/abo/", form).status_code == 302
    address = f"/mitmachen/strategie/abo/{secret_in(sent[0])}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert Subscription.objects.get().confirmed_at is None
    client.post(address)
    found = Subscription.objects.get()
    assert found.confirmed_at is not None
    assert found.email == ADDRESS
    client.post(address, {"rhythm": "daily"})
    assert Subscription.objects.get().rhythm == "daily"
    client.post(address, {"beenden": "1"})
    assert not Subscription.objects.exists()
    assert client.get(address).status_code == 404


def test_a_mail_tells_what_is_new_once_and_how_to_end_it(sent: list[Any], measure: str) -> None:
    happened("before", measure)
    secret = subscribed(sent)
    happened("after", measure)
    assert subscriptions.send_news(SYSTEM) == 1
    assert measure in sent[0].body
    assert sent[0].body.count("/strategie/\n") == 1
    assert secret_in(sent[0]) == secret
    assert secret in sent[0].extra_headers["List-Unsubscribe"]
    Subscription.objects.update(sent_at=timezone.now() - timedelta(days=3))
    assert subscriptions.send_news(SYSTEM) == 0


def test_a_weekly_subscriber_waits_a_week_and_then_gets_all_of_it(sent: list[Any]) -> None:
    subscribed(sent, rhythm="weekly")
    happened("a", "S")
    assert subscriptions.send_news(SYSTEM) == 1
    happened("b", "S")
    assert subscriptions.send_news(SYSTEM) == 0
    Subscription.objects.update(sent_at=timezone.now() - timedelta(days=7))
    assert subscriptions.send_news(SYSTEM) == 1


def test_a_subscriber_of_a_measure_hears_of_it_and_its_indicators_alone(
    sent: list[Any], measure: str
) -> None:
    mine = codes_below(measure)[0]
    other = next(code for code in measures() if code != measure)
    subscribed(sent, topic=measure)
    happened("other", other)
    assert subscriptions.send_news(SYSTEM) == 0
    happened("mine", mine)
    assert subscriptions.send_news(SYSTEM) == 1
    assert mine in sent[0].body


def test_news_of_a_transaction_that_still_runs_waits_for_the_next_mail(
    sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(sent)
    happened("a", "S")
    running = News.objects.get().transaction
    monkeypatch.setattr(subscriptions, "_finished_transactions", lambda: running)
    assert subscriptions.send_news(SYSTEM) == 0
    monkeypatch.setattr(subscriptions, "_finished_transactions", lambda: running + 1)
    assert subscriptions.send_news(SYSTEM) == 1


def test_the_answer_is_the_same_whether_an_address_is_known(
    client: Client, sent: list[Any], filled: Fill
) -> None:
    subscribed(sent)
    Subscription.objects.update(reminded_at=timezone.now() - timedelta(days=2))
    answers = []
    for email in (ADDRESS, "new@example.org"):
        form = filled("subscription", topic="S", rhythm="daily", email=email)
        answer = client.post("/mitmachen/strategie/abo/", form)
        answers.append((answer.status_code, answer["Location"]))
    assert answers[0] == answers[1]
    assert len(sent) == 2


def test_one_address_is_not_flooded_with_links(sent: list[Any], measure: str) -> None:
    for code in [measure, *measures()[:20]]:
        subscriptions.subscribe(ANYBODY, code, ADDRESS, "daily")
    subscriptions.subscribe(ANYBODY, measure, ADDRESS, "daily")
    assert len(sent) == subscriptions.MOST_OPEN


def test_the_table_alone_makes_no_link(sent: list[Any], settings: Any) -> None:
    secret = subscribed(sent)
    found = Subscription.objects.get()
    assert secret.encode() not in (bytes(found.secret_digest), bytes(found.nonce))
    settings.SECRET_KEY = "another city's"
    assert subscriptions.secret_of(found) != secret


def test_unconfirmed_addresses_are_forgotten_after_a_week(sent: list[Any]) -> None:
    subscribed(sent)
    subscriptions.subscribe(ANYBODY, "S", "other@example.org", "daily")
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert news.forget_old(SYSTEM) == 1
    assert Subscription.objects.get().email == ADDRESS


def test_no_address_stands_in_the_protocol(sent: list[Any]) -> None:
    secret = subscribed(sent)
    subscriptions.unsubscribe(ANYBODY, secret)
    entries = list(AuditEntry.objects.filter(verb__in=("subscribe", "confirm_subscription", "unsubscribe")))
    assert len(entries) == 3
    assert all("example" not in str((entry.changes, entry.subject)) for entry in entries)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("M-99.9.9", ADDRESS, "daily"), "topic"),
        (("S", "", "daily"), "email"),
        (("S", "nobody", "daily"), "email"),
        (("S", f"{'a' * 250}@example.org", "daily"), "email"),
        (("S", "a@example.org\nBcc: all@example.org", "daily"), "email"),
        (("S", ADDRESS, "hourly"), "rhythm"),
    ],
)
def test_what_cannot_be_subscribed_is_refused_by_name(values: tuple[str, str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        subscriptions.subscribe(ANYBODY, *values)
    assert [item.field for item in refused.value.fields] == [field]
    assert not Subscription.objects.exists()


def test_the_same_fact_is_kept_once() -> None:
    assert keep_news(NewsDraft("k", NewsKind.REPORT, ("S",), "/"))
    assert not keep_news(NewsDraft("k", NewsKind.REPORT, ("S",), "/"))
    assert News.objects.count() == 1
