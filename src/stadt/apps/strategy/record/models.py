"""Tables of the record: versions of items on two time axes, named editions, and the change requests that lead to them.

People stand in the columns `…_by` as `user:12`, as `who_is` writes them; the name is looked up when a page is shown.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from stadt.apps.strategy.record.states import EditionState, RequestState

TODAY_KNOWN = models.Q(superseded_at=None)


class ItemVersion(models.Model):
    """What is true of an item from `valid_from` until just before `valid_to`, as known from `recorded_at` on.

    Append-only: the database refuses deletion and every change but closing `superseded_at`, and two versions of one item
    that would be true and known at the same time. `body` is the item as `content.encode` writes it.
    """

    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    body = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=100)
    change_request = models.ForeignKey("ChangeRequest", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="strategy_version_valid_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_at=None) | models.Q(superseded_at__gt=models.F("recorded_at")),
                name="strategy_version_known_for_a_time",
            ),
            models.UniqueConstraint(
                fields=("code", "valid_from"), condition=TODAY_KNOWN, name="strategy_version_begins_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("code", "valid_from"), name="strategy_version_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class Edition(models.Model):
    """A named state of the strategy: what is true on `valid_on`, as it was known at `known_at` (null while it is a draft).

    The council's reference is its paper: number, date and address. `note` says what the edition is.
    """

    name = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=12, choices=EditionState, default=EditionState.DRAFT)
    valid_on = models.DateField()
    known_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    council_paper = models.CharField(max_length=100, blank=True)
    council_date = models.DateField(null=True)
    council_link = models.URLField(max_length=500, blank=True)
    drafted_by = models.CharField(max_length=100)
    drafted_at = models.DateTimeField(db_default=Now())
    adopted_by = models.CharField(max_length=100, blank=True)
    adopted_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(known_at__isnull=False),
                name="strategy_edition_pinned",
            ),
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state="adopted"), name="strategy_one_edition_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChangeRequest(models.Model):
    """A proposal to change the strategy, discussed and decided; `revision` counts its edits.

    `decision_reference` names the decision (a paper's number), `valid_from` the day the changes become true.
    """

    title = models.CharField(max_length=150)
    reason = models.CharField(max_length=2000)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    opened_by = models.CharField(max_length=100)
    opened_at = models.DateTimeField(db_default=Now())
    edited_by = models.CharField(max_length=100)
    submitted_by = models.CharField(max_length=100, blank=True)
    submitted_at = models.DateTimeField(null=True)
    cosigned_by = models.CharField(max_length=100, blank=True)
    cosigned_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reference = models.CharField(max_length=200, blank=True)
    decision_note = models.CharField(max_length=2000, blank=True)
    valid_from = models.DateField(null=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("state", "opened_at"), name="strategy_request_state")]

    def __str__(self) -> str:
        return self.title


class Change(models.Model):
    """One change of a request. `fields` are the new values, `base` those that stood there when it was put down.

    Both are objects as the item's JSON has them; of an added item `base` is empty.
    """

    request = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    fields = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)
    put_by = models.CharField(max_length=100)
    put_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("request", "kind", "code"), name="strategy_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Comment(models.Model):
    """What somebody said about a change request; never public. `said_by` is emptied when the person is forgotten."""

    request = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="comments")
    text = models.CharField(max_length=2000)
    said_by = models.CharField(max_length=100, blank=True)
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=("request", "said_at"), name="strategy_comment_order")]

    def __str__(self) -> str:
        return f"Kommentar {self.pk}"
