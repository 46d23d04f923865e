"""What is kept: news for everybody, subscriptions by mail, and questions with their answers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from stadt.apps.dialogue.workflow import NewsKind, QuestionState, Rhythm

TRANSACTION = RawSQL("(pg_current_xact_id()::text::bigint)", ())


class News(models.Model):
    """A public fact about the strategy. `key` tells it from all others, so that what is told twice is kept once.

    `codes` are the items it is about (`S`: the strategy as a whole), `facts` what its sentence is made of in `wording`,
    `path` the page that shows more. `happened_at` may lie ahead: then it is shown from that moment on. `transaction` is
    PostgreSQL's number of the transaction that wrote it, or of the one in which its moment had come (`is_due`).
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=NewsKind)
    codes = ArrayField(models.CharField(max_length=20))
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    happened_at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=TRANSACTION)
    is_due = models.BooleanField(default=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=("codes",), name="dialogue_news_codes"),
            models.Index(fields=("-happened_at", "-id"), name="dialogue_news_newest"),
            models.Index(fields=("transaction", "id"), name="dialogue_news_feed"),
        ]

    def __str__(self) -> str:
        return self.key


class Subscription(models.Model):
    """Mail about one topic (`S`, a theme's, measure's or indicator's code) to an address that confirmed it.

    `secret_digest` is the SHA-256 of the link's secret, `nonce` what the secret is made of together with the city's key:
    who reads the table alone can make no link. `told_transaction` and `told_id` are the newest news that was sent.
    """

    topic = models.CharField(max_length=20)
    email = models.EmailField()
    language = models.CharField(max_length=10, default="de")
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.WEEKLY)
    nonce = models.BinaryField(max_length=16)
    secret_digest = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    told_transaction = models.BigIntegerField(default=0)
    told_id = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("email", "topic"), name="dialogue_subscription_once")
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Question(models.Model):
    """What somebody asked about an item of the strategy. `text` is private and forgotten some time after the answer.

    What everybody reads is `public_question` and `answer`, both in the words of those who answer. `owner` is the key of
    the organisation that answers; empty: those who look after all questions.
    """

    code = models.CharField(max_length=20)
    text = models.CharField(max_length=1500, blank=True)
    public_question = models.CharField(max_length=600, blank=True)
    answer = models.CharField(max_length=3000, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.RECEIVED)
    email = models.EmailField(blank=True)
    secret_digest = models.BinaryField(max_length=32, null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, default="de")
    asked_at = models.DateTimeField(db_default=Now())
    answer_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("state", "answer_by"), name="dialogue_question_state"),
            models.Index(fields=("code", "state"), name="dialogue_question_code"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"
