"""Subscriptions by mail: ask for one, confirm it by its link, change or end it, send what is new."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.apps.dialogue import mails, queries
from stadt.apps.dialogue.models import TRANSACTION, News, Subscription
from stadt.apps.dialogue.services.texts import check_address, refuse
from stadt.apps.dialogue.topics import find_topic
from stadt.apps.dialogue.workflow import PAUSE, Rhythm
from stadt.core.audit import record
from stadt.core.errors import FieldError, NotFound
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of

UNCONFIRMED = timedelta(days=7)
MOST_OPEN = 5
"""Unconfirmed subscriptions of one address at a time: more would make the city a sender of unwanted mail."""
REMIND_AFTER = timedelta(days=1)
# A digest that leaves an hour early on one day is not a day late on the next.
SLACK = timedelta(hours=2)


@transaction.atomic
def subscribe(actor: Actor, topic: str, email: str, rhythm: str) -> None:
    """Keep the wish and send the link that confirms it. What is said is the same whether the address is known or not.

    Raises:
        Invalid: naming the field: no such topic, no such rhythm, no address.
    """
    errors = check_address(email, needed=True)
    if find_topic(topic) is None:
        errors.append(FieldError("topic", gettext("gibt es nicht")))
    if rhythm not in Rhythm.values:
        errors.append(FieldError("rhythm", gettext("gibt es nicht")))
    refuse(errors)
    address, now = email.strip().lower(), timezone.now()
    if Subscription.objects.filter(email=address, confirmed_at=None).count() >= MOST_OPEN:
        return
    nonce = secrets.token_bytes(16)
    found, is_new = Subscription.objects.select_for_update().get_or_create(
        email=address,
        topic=topic,
        defaults={
            "rhythm": rhythm,
            "language": get_language() or "de",
            "nonce": nonce,
            "secret_digest": digest_of(_secret_of(nonce)),
        },
    )
    if not is_new and found.reminded_at and found.reminded_at > now - REMIND_AFTER:
        return
    found.reminded_at = now
    found.save(update_fields=["reminded_at"])
    mails.send_subscription_link(found, secret_of(found))
    record(actor, "subscribe", f"news_subscription:{found.pk}", {"topic": topic})


@transaction.atomic
def confirm_subscription(actor: Actor, secret: str) -> None:
    """The link was followed: from now on there is mail about what is new. Raises NotFound."""
    found = _by_secret(secret)
    if found.confirmed_at is None:
        found.confirmed_at = timezone.now()
        found.told_transaction, found.told_id = queries.newest_position()
        found.save(update_fields=["confirmed_at", "told_transaction", "told_id"])
        record(actor, "confirm_subscription", f"news_subscription:{found.pk}")


@transaction.atomic
def change_rhythm(actor: Actor, secret: str, rhythm: str) -> None:
    """Get mail more or less often. Raises NotFound, Invalid."""
    refuse([] if rhythm in Rhythm.values else [FieldError("rhythm", gettext("gibt es nicht"))])
    found = _by_secret(secret)
    found.rhythm = rhythm
    found.save(update_fields=["rhythm"])
    record(actor, "change_rhythm", f"news_subscription:{found.pk}", {"rhythm": rhythm})


@transaction.atomic
def unsubscribe(actor: Actor, secret: str) -> None:
    """End it and forget the address at once. Raises NotFound."""
    found = _by_secret(secret)
    record(actor, "unsubscribe", f"news_subscription:{found.pk}")
    found.delete()


@transaction.atomic
def send_news(actor: Actor) -> int:
    """Send each due subscription what is new since its last mail; nothing where nothing is. Returns how many mails.

    Position and mail are kept in one transaction, so that news are told once however often the job runs.
    """
    now, sent = timezone.now(), 0
    # News decided for a later day get their place in the feed when that day has come.
    News.objects.filter(is_due=False, happened_at__lte=now).update(is_due=True, transaction=TRANSACTION)
    due = Q(sent_at=None)
    for rhythm, pause in PAUSE.items():
        due |= Q(rhythm=rhythm, sent_at__lt=now - pause + SLACK)
    until = _finished_transactions()
    waiting = Subscription.objects.select_for_update(skip_locked=True).exclude(confirmed_at=None)
    for found in waiting.filter(due).order_by("pk"):
        news = queries.list_news_after(found.topic, found.told_transaction, found.told_id, until)
        if not news:
            continue
        last = max(news, key=lambda item: (item.transaction, item.pk))
        found.told_transaction, found.told_id, found.sent_at = last.transaction, last.pk, now
        found.save(update_fields=["told_transaction", "told_id", "sent_at"])
        mails.send_digest(found, news, secret_of(found))
        sent += 1
    if sent:
        record(actor, "send_news", "dialogue", {"mails": sent})
    return sent


def secret_of(found: Subscription) -> str:
    """The secret of a subscription's link; nothing keeps it, each mail makes it again."""
    return _secret_of(bytes(found.nonce))


def find_by_secret(secret: str) -> Subscription | None:
    """The subscription that a link is for."""
    return Subscription.objects.filter(secret_digest=digest_of(secret)).first()


def _secret_of(nonce: bytes) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"dialogue.subscription:" + nonce, sha256).hexdigest()[:43]


def _by_secret(secret: str) -> Subscription:
    found = Subscription.objects.select_for_update().filter(secret_digest=digest_of(secret)).first()
    if found is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr. Die Adresse ist gelöscht."))
    return found


def _finished_transactions() -> int:
    """Below this number every transaction has ended, so that none of its rows appears later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
