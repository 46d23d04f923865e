"""Subscriptions by mail: ask for one, confirm it by its link, end it, and tell what is new once."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.civic.messages import mails
from stadt.civic.messages.models import AccessLink, Fact, Rhythm, Subscription, Telling
from stadt.civic.messages.wording import LONGEST_TEXT, cleaned, one_line
from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of

KINDS = ("case", "topic", "place")
SEND_JOB = "messages.send"
UNCONFIRMED = timedelta(days=7)
REMIND_AFTER = timedelta(days=1)
MOST_OPEN = 5
"""Unconfirmed subscriptions of one address: more would make the city a sender of unwanted mail."""
DAY = timedelta(hours=22)
"""A digest that leaves an hour early on one day is not a day late on the next."""
KEPT_FACTS = timedelta(days=90)
SENT_AT_ONCE = 500


@transaction.atomic
def subscribe(
    kind: str,
    key: str,
    *,
    email: str = "",
    user_id: int | None = None,
    title: str = "",
    url: str = "",
    rhythm: str = Rhythm.AT_ONCE,
    language: str = "",
    actor: Actor | None = None,
) -> None:
    """Keep the wish; an address gets the link that confirms it, an account is confirmed already.

    What is said is the same whether the address is known or not. `title` and `url` name the subject in mails and pages:
    only what everybody may know.

    Raises:
        Invalid: naming the field: no such kind or rhythm, no address.
    """
    address = email.strip().lower()
    _check(kind, key, address, user_id, rhythm)
    whose = {"user_id": user_id, "email": ""} if user_id is not None else {"user": None, "email": address}
    if user_id is None and Subscription.objects.filter(email=address, confirmed_at=None).count() >= MOST_OPEN:
        return
    now, nonce = timezone.now(), secrets.token_bytes(16)
    found, is_new = Subscription.objects.select_for_update().get_or_create(
        kind=kind,
        key=key,
        **whose,
        defaults={
            "title": one_line(title),
            "url": url[:300],
            "rhythm": rhythm,
            "language": language or get_language() or "de",
            "nonce": nonce,
            "digest": digest_of(_secret_of(nonce)),
            "confirmed_at": now if user_id is not None else None,
        },
    )
    if user_id is None and not _may_remind(found):
        return
    if user_id is None:
        found.reminded_at = now
        found.save(update_fields=["reminded_at"])
        mails.send_confirmation(found, secret_of(found))
    if is_new:
        record(actor or Actor.anonymous(), "follow", f"subscription:{found.pk}", {"kind": kind})


def _may_remind(found: Subscription) -> bool:
    """A confirmed address gets no second mail, and no address more than one a day."""
    if found.confirmed_at is not None:
        return False
    return found.reminded_at is None or found.reminded_at < timezone.now() - REMIND_AFTER


@transaction.atomic
def confirm(secret: str, *, actor: Actor | None = None) -> Subscription:
    """The link was followed: from now on there is mail. Raises NotFound."""
    found = _by_secret(secret)
    if found.confirmed_at is None:
        found.confirmed_at = timezone.now()
        found.save(update_fields=["confirmed_at"])
        record(actor or Actor.anonymous(), "confirm_following", f"subscription:{found.pk}")
    return found


@transaction.atomic
def leave(secret: str, *, actor: Actor | None = None) -> None:
    """End a subscription and forget its address at once. Raises NotFound."""
    found = _by_secret(secret)
    record(actor or Actor.anonymous(), "unfollow", f"subscription:{found.pk}")
    found.delete()


@transaction.atomic
def leave_own(actor: Actor, pk: int) -> None:
    """End a subscription of the account that asks. Raises NotFound."""
    mine = actor.user_id
    found = Subscription.objects.filter(pk=pk, user_id=mine).first() if mine is not None else None
    if found is None:
        raise NotFound(gettext("Dieses Abo gibt es nicht."))
    record(actor, "unfollow", f"subscription:{found.pk}")
    found.delete()


@transaction.atomic
def tell(
    kind: str, key: str, title: str, text: str, url: str, *, fact: str = "", actor: Actor | None = None
) -> int:
    """Tell subscribers a public fact, once however often it is told. Returns how many will get mail about it.

    Args:
        fact: what tells this fact from others (`moved:17`); without it its words do.
    """
    words = "\0".join((kind, key, fact or f"{title}\0{text}\0{url}"))
    known, is_new = Fact.objects.get_or_create(
        digest=sha256(words.encode()).digest(),
        defaults={
            "kind": kind,
            "key": key,
            "title": one_line(title),
            "text": cleaned(text)[:LONGEST_TEXT],
            "url": url[:300],
        },
    )
    if not is_new:
        return 0
    followers = Subscription.objects.filter(kind=kind, key=key).exclude(confirmed_at=None)
    waiting = [Telling(subscription=found, fact=known) for found in followers]
    Telling.objects.bulk_create(waiting, ignore_conflicts=True)
    record(actor or Actor.system("messages"), "tell_followers", f"{kind}:{key}", {"count": len(waiting)})
    if waiting:
        defer(SEND_JOB)
    return len(waiting)


@transaction.atomic
def send_due(actor: Actor) -> int:
    """Send each due subscription what it is still to be told. Returns how many mails.

    Mail and memory are one transaction, so that a fact is told once however often the job runs.
    """
    now = timezone.now()
    due = Q(rhythm=Rhythm.AT_ONCE) | Q(sent_at=None) | Q(sent_at__lt=now - DAY)
    ids = Telling.objects.values("subscription_id")
    waiting = Subscription.objects.select_for_update(skip_locked=True, of=("self",)).filter(due, pk__in=ids)
    sent = 0
    for found in waiting.select_related("user").order_by("pk")[:SENT_AT_ONCE]:
        tellings = list(found.waiting.select_related("fact").order_by("fact_id"))
        email = found.email or (found.user.email if found.user and found.user.is_active else "")
        if tellings and email:
            mails.send_news(found, [telling.fact for telling in tellings], secret_of(found), email)
            sent += 1
        Telling.objects.filter(pk__in=[telling.pk for telling in tellings]).delete()
        found.sent_at = now
        found.save(update_fields=["sent_at"])
    if sent:
        record(actor, "send_following", "messages", {"mails": sent})
    return sent


@transaction.atomic
def forget_due(actor: Actor) -> int:
    """Delete addresses that were not confirmed for a week, links whose time is over, and old facts. Returns how many rows."""
    now = timezone.now()
    count, _ = Subscription.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED).delete()
    old, _ = Fact.objects.filter(at__lt=now - KEPT_FACTS).delete()
    ended, _ = AccessLink.objects.filter(expires_at__lt=now).delete()
    forgotten = count + old + ended
    if forgotten:
        record(actor, "forget_followers", "messages", {"count": forgotten})
    return forgotten


@transaction.atomic
def forget_subject(kind: str, key: str, *, actor: Actor | None = None) -> int:
    """End all subscriptions to something that was anonymised, and forget what they were told. Returns how many."""
    Fact.objects.filter(kind=kind, key=key).delete()
    count = Subscription.objects.filter(kind=kind, key=key).count()
    Subscription.objects.filter(kind=kind, key=key).delete()
    if count:
        record(actor or Actor.system("messages"), "forget_followers", f"{kind}:{key}", {"count": count})
    return count


def secret_of(found: Subscription) -> str:
    """The secret of a subscription's link; nothing keeps it, each mail makes it again."""
    return _secret_of(bytes(found.nonce))


def find_by_secret(secret: str) -> Subscription | None:
    """The subscription that a link is for."""
    return Subscription.objects.filter(digest=digest_of(secret)).first()


def _by_secret(secret: str) -> Subscription:
    found = Subscription.objects.select_for_update().filter(digest=digest_of(secret)).first()
    if found is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr. Die Adresse ist gelöscht."))
    return found


def _secret_of(nonce: bytes) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"civic.messages.subscription:" + nonce, sha256).hexdigest()[:43]


def _check(kind: str, key: str, address: str, user_id: int | None, rhythm: str) -> None:
    errors = []
    if kind not in KINDS or not key or len(key) > 120:
        errors.append(FieldError("key", gettext("gibt es nicht")))
    if rhythm not in Rhythm.values:
        errors.append(FieldError("rhythm", gettext("gibt es nicht")))
    if user_id is None:
        try:
            validate_email(address)
        except ValidationError:
            errors.append(FieldError("email", gettext("ist keine E-Mail-Adresse")))
    if errors:
        raise Invalid(gettext("Das Abo kann so nicht angelegt werden."), fields=tuple(errors))
