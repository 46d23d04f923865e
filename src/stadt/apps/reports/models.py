"""Snapshots that never change, reports made from them with their files, and the calendar."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from stadt.apps.reports.workflow import State


class KeptSnapshot(models.Model):
    """The canonical JSON that reports are made from, by its SHA-256; the database refuses to change or delete it."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=20)
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.digest


class Report(models.Model):
    """A report from its order to its release. `ordered_by` and `released_by` are actors such as `user:5`, no names.

    `paper` is the number of the council's paper and `asks` the decisions asked of it, one a line; both enter the snapshot.
    `step` is how far the making is, `problem` why it failed.
    """

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.PRODUCING)
    language = models.CharField(max_length=5, default="de")
    paper = models.CharField(max_length=60, blank=True)
    asks = models.TextField(blank=True)
    author = models.CharField(max_length=300, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    snapshot = models.ForeignKey(KeptSnapshot, models.PROTECT, null=True, related_name="reports")
    is_example = models.BooleanField(default=False)
    ordered_by = models.CharField(max_length=80)
    ordered_at = models.DateTimeField(db_default=Now())
    made_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("state", "-released_at"), name="reports_report_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=(State.PRODUCING, State.FAILED, State.DISCARDED))
                | models.Q(snapshot__isnull=False),
                name="reports_made_from_a_snapshot",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.RELEASED) | ~models.Q(released_by=models.F("ordered_by")),
                name="reports_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ReportFile(models.Model):
    """One file of a report: `form` is `pdf`, `docx` or `csv`, `digest` the SHA-256 of its bytes."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    form = models.CharField(max_length=5)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "form"), name="reports_file_once_per_form")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.form}"


class Sheet(models.Model):
    """The newest one-page sheet of a measure, made when somebody asked; it can be made again from its snapshot."""

    code = models.CharField(max_length=20, primary_key=True)
    snapshot = models.ForeignKey(KeptSnapshot, models.PROTECT, related_name="sheets")
    pdf = models.BinaryField()
    docx = models.BinaryField()
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Calendar(models.Model):
    """How often a kind of report is due and when next; without a row nobody has settled it."""

    kind = models.CharField(max_length=20, primary_key=True)
    months = models.PositiveSmallIntegerField()
    next_due = models.DateField()

    def __str__(self) -> str:
        return self.kind
