"""Versions of forms, unfinished drafts, and what was sent for good."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from stadt.core.people.models import User


class FormVersion(models.Model):
    """One version of a form, never changed. `digest` is the SHA-256 of the definition as canonical JSON without its number."""

    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    definition = models.JSONField()
    digest = models.BinaryField(max_length=32)
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("key", "number"), name="civic_forms_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Submission(models.Model):
    """What was sent, frozen by the database. `digest` is the SHA-256 over form, version, answers and `salt`.

    Erasing takes answers and salt: the digest stays and tells nothing about them. `answers` is by field key.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answers = models.JSONField()
    prefilled = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="de")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    submitted_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)
    erased_reason = models.CharField(max_length=40, blank=True)
    is_example = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"submission:{self.pk}"


class Draft(models.Model):
    """A form that somebody fills in. Whoever has the secret may go on; only its SHA-256 is kept.

    `prefilled` holds answers by field key that come from a trusted source; `seal` is a signature over them. After sending
    the answers are gone from here and `submission` says what became of them.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    names = models.JSONField(default=dict)
    prefilled = models.JSONField(default=dict)
    seal = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="de")
    started_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    mails = models.PositiveSmallIntegerField(default=0)
    submission = models.OneToOneField(Submission, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=("expires_at",), name="civic_forms_draft_expiry")]

    def __str__(self) -> str:
        return f"draft:{self.pk}"
