"""What is kept: targets, evaluations with their influence checks, warnings with their answers, and mails that wait."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from stadt.apps.steering.states import (
    AnswerKind,
    EvaluationState,
    Level,
    Outcome,
    Rule,
    TargetState,
    WarningState,
)
from stadt.apps.steering.targets import Measuring
from stadt.core.people.models import User
from stadt.hub.places.models import Place


def _two_people(first: str, second: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(**{first: F(second)}), name=name)


class Target(models.Model):
    """A SOLL of an indicator. Rows are never changed but in their state: a revision is a new row (the database refuses more).

    What belongs together is the line (`code`, `measure`, `figure`, `series`, `place`, `frame`): of the decided rows of a
    line the one with the latest `valid_from` counts, and of several of one day the one decided last. `ends` means that
    from `valid_from` on there is no SOLL any more.

    `measure` is empty for a target of the whole strategy. `figure` is the key of the platform's indicator, empty for the
    main one of the code. `frame` says whose target it is, such as a funder's; empty for the city's own. `path` holds
    `{"on", "low", "high"}`. `definition` is the version of the figure's definition that the numbers were chosen for.
    `proposed_for` are the ids of those as whose deputy it was proposed.
    """

    code = models.CharField(max_length=40)
    measure = models.CharField(max_length=40, blank=True)
    figure = models.CharField(max_length=101, blank=True)
    series = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    frame = models.CharField(max_length=60, blank=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    tolerance = models.FloatField(default=0)
    measuring = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Measuring], default=Measuring.VALUE.value
    )
    due = models.DateField(null=True)
    base_value = models.FloatField(null=True)
    base_on = models.DateField(null=True)
    path = models.JSONField(default=list)
    definition = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    ends = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000)
    is_example = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TargetState, default=TargetState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_for = models.JSONField(default=list)
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reference = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends=True) | Q(low__isnull=False) | Q(high__isnull=False),
                name="steering_target_range",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (Q(decided_at__isnull=False) & ~Q(decision_reference="")),
                name="steering_target_decision",
            ),
            _two_people("proposed_by", "decided_by", "steering_target_two_people"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("state", "code", "valid_from"), name="steering_target_line"),
            models.Index(fields=("measure",), name="steering_target_measure"),
        ]


class EvaluationRule(models.Model):
    """How a measure's success is told from its indicators; the newest row of a measure counts.

    `main` are the codes that count as main indicators, empty: those that the strategy marks. `weights` are by code, 1
    where none is given; `needed` is the share of the weight that must be in range, above 0 and at most 1.
    `accepts_probable`: "probably in range" is enough, as for a target of 0 whose interval never lies inside wholly.
    """

    measure = models.CharField(max_length=40)
    rule = models.CharField(max_length=10, choices=Rule, default=Rule.ALL_MAIN)
    main = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    needed = models.FloatField(default=1)
    accepts_probable = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000)
    is_example = models.BooleanField(default=False)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=("measure", "-id"), name="steering_rule_measure")]


class InfluenceCheck(models.Model):
    """What else may have moved a measure's indicators (M-14); never changed.

    `influences` holds `{"side", "what", "effect", "evidence"}`; `talked_with` names organisations, not people.
    """

    measure = models.CharField(max_length=40)
    summary = models.CharField(max_length=1500)
    influences = models.JSONField(default=list)
    talked_with = models.CharField(max_length=300)
    is_example = models.BooleanField(default=False)
    checked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=("measure", "-id"), name="steering_check_measure")]


class Evaluation(models.Model):
    """How a measure turned out on a day, as proposed by one person and confirmed by another (M-13).

    `evidence` is what the proposer was shown: conditions and verdicts, with `digest` as its SHA-256.
    """

    measure = models.CharField(max_length=40)
    evaluated_on = models.DateField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.CharField(max_length=1500)
    check_made = models.ForeignKey(InfluenceCheck, models.PROTECT, null=True, related_name="evaluations")
    evidence = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    is_example = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=EvaluationState, default=EvaluationState.PROVISIONAL)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_for = models.JSONField(default=list)
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=1500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("measure",), condition=Q(state="provisional"), name="steering_one_provisional"
            ),
            _two_people("proposed_by", "decided_by", "steering_evaluation_two_people"),
        ]
        indexes: ClassVar = [models.Index(fields=("measure", "-id"), name="steering_evaluation_measure")]


class EarlyWarning(models.Model):
    """That something goes wrong: one at a time for each rule and object, until its cause is gone.

    `subject` is the object, such as `target:12` or `M-2.1.3`; `measure` and `code` say what it is about. `facts` are the
    numbers and days that its sentence is made of. `answer_by` is the last day to answer on the present `level`.
    """

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    measure = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.OWNER)
    state = models.CharField(max_length=10, choices=WarningState, default=WarningState.OPEN)
    answer_by = models.DateField()
    raised_at = models.DateTimeField(db_default=Now())
    climbed_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("rule", "subject"), condition=Q(cleared_at=None), name="steering_one_warning"
            ),
            models.CheckConstraint(
                condition=Q(state="cleared", cleared_at__isnull=False)
                | (~Q(state="cleared") & Q(cleared_at=None)),
                name="steering_warning_cleared",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("state", "answer_by"), name="steering_warning_state")]


class Answer(models.Model):
    """What is done about a warning (M-17); never changed. `public_text` is what everybody reads, empty: nothing.

    After the day `until` the answer is used up: while the cause is still there, another is due.
    """

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=AnswerKind)
    text = models.CharField(max_length=1500)
    public_text = models.CharField(max_length=600, blank=True)
    until = models.DateField(null=True)
    is_example = models.BooleanField(default=False)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())


class Notice(models.Model):
    """That a person has to hear of a warning, until the next mail; on each level once."""

    warning = models.ForeignKey(EarlyWarning, models.CASCADE, related_name="notices")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level)
    noted_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("warning", "user", "level"), name="steering_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=("user",), condition=Q(sent_at=None), name="steering_notice_waits")
        ]
