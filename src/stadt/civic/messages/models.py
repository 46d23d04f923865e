"""Threads with their messages and deliveries, links for people without an account, subscriptions and what they tell."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class AuthorKind(models.TextChoices):
    """Who wrote a message."""

    CITIZEN = "citizen", "Bürgerin oder Bürger"
    OFFICE = "office", "Stadt"
    SYSTEM = "system", "automatisch"


class Channel(models.TextChoices):
    """How a message reaches somebody."""

    INBOX = "inbox", "Postfach"
    MAIL = "mail", "E-Mail"


class DeliveryState(models.TextChoices):
    """What became of a message on its way. `sent`: the mail server or the inbox took it."""

    QUEUED = "queued", "wird gesendet"
    SENT = "sent", "gesendet"
    FAILED = "failed", "nicht zustellbar"
    BOUNCED = "bounced", "zurückgekommen"


class Rhythm(models.TextChoices):
    """How often a subscription sends mail."""

    AT_ONCE = "at_once", "sofort"
    DAILY = "daily", "einmal am Tag"


class Thread(models.Model):
    """All messages about a subject (`case:12`). `title` and `url` are shown to its parties; `url` is where they answer."""

    subject = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.subject


class ThreadParty(models.Model):
    """A person with an account who reads a thread in the inbox; `read_to` is the newest message she has seen."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="parties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_to = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("user", "thread"), name="civic_messages_one_party")
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class Message(models.Model):
    """One message. A trigger lets nobody change or delete it but `erase_messages`, which leaves when it was erased.

    `text` is what was written, `plain_text` the same in plain language where the office has it, `files` are ids.
    """

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    at = models.DateTimeField(db_default=Now())
    author_kind = models.CharField(max_length=10, choices=AuthorKind)
    author_id = models.BigIntegerField(null=True)
    text = models.TextField()
    plain_text = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="de")
    template = models.CharField(max_length=60, blank=True)
    files = ArrayField(models.BigIntegerField(), default=list)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("thread", "id"), name="civic_messages_of_thread")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Delivery(models.Model):
    """One way of a message to one recipient. `mail_id` is the Message-ID by which the mail queue knows it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    mail_id = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=("id",), name="civic_messages_on_the_way", condition=models.Q(state="queued")
            ),
            models.Index(fields=("mail_id",), name="civic_messages_mail", condition=~models.Q(mail_id="")),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class AccessLink(models.Model):
    """Whoever holds the secret may do to the subject what the role may. Of the secret only its SHA-256 is kept.

    `holder` is a key of whom it was given to (`party:7`), `email` the address it was sent to.
    """

    subject = models.CharField(max_length=120, db_index=True)
    role = models.CharField(max_length=20)
    holder = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.pk}"


class Subscription(models.Model):
    """Mail about a case, a topic or a place, to a confirmed address or a person with an account.

    `nonce` makes the link's secret together with the city's key; the table alone makes no link.
    """

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10, default="de")
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    nonce = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("email", "kind", "key"),
                name="civic_messages_one_address",
                condition=~models.Q(email=""),
            ),
            models.UniqueConstraint(fields=("user", "kind", "key"), name="civic_messages_one_account"),
            models.CheckConstraint(
                condition=models.Q(email="", user__isnull=False)
                | ~models.Q(email="") & models.Q(user__isnull=True),
                name="civic_messages_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("kind", "key"), name="civic_messages_followed")]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Fact(models.Model):
    """Something public that subscribers are told once; `digest` tells it from all others."""

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"fact {self.pk}"


class Telling(models.Model):
    """A fact that a subscription is still to be told."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="waiting")
    fact = models.ForeignKey(Fact, models.CASCADE, related_name="waiting")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("subscription", "fact"), name="civic_messages_told_once")
        ]

    def __str__(self) -> str:
        return f"telling {self.pk}"
