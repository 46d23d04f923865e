"""Tables of the bodies' work. Decisions and answers are added, never changed; the database refuses it for decisions."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from stadt.apps.governance.kinds import (
    AlignmentState,
    AnswerChoice,
    BodyKind,
    DecisionKind,
    DraftState,
    Gate,
    IdeaKind,
    IdeaState,
    ItemKind,
    MeetingState,
    RoundState,
    SeatRole,
)
from stadt.core.people.models import Organisation, User


def _codes() -> Any:
    return ArrayField(models.CharField(max_length=40), default=list)


class Body(models.Model):
    """A body as the city's folder names it. `since` and `until` are its days where they are known; a planned one has not begun."""

    key = models.SlugField(unique=True)
    kind = models.CharField(max_length=16, choices=BodyKind)
    name = models.CharField(max_length=200)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    is_planned = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet[Any]):
    """Seats from the day `since` to the day `until`, both included."""

    def in_force(self, on: date | None = None) -> Self:
        """Those that count on a local day, today when none is named."""
        day = on or timezone.localdate()
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), since__lte=day)


class Seat(models.Model):
    """Somebody in a body, for a time (R-15)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=SeatRole)
    since = models.DateField()
    until = models.DateField(null=True)
    is_example = models.BooleanField(default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="seat_ends_after_it_begins",
            ),
        ]


class Worded(models.Model):
    """What a decision says: `public_text`, `title`, kind and paper are for everybody, `reason` stays inside.

    `view` is the canonical JSON of the data shown to those who decide, `view_sha256` its checksum. `oparl_id` is the
    address of the paper in a council system that speaks OParl.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DecisionKind)
    subjects = _codes()
    title = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    public_text = models.CharField(max_length=1500, blank=True)
    paper_number = models.CharField(max_length=60, blank=True)
    paper_url = models.URLField(max_length=500, blank=True)
    oparl_id = models.URLField(max_length=500, blank=True)
    view = models.TextField(blank=True)
    view_sha256 = models.CharField(max_length=64, blank=True)
    view_taken_at = models.DateTimeField(null=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Decision(Worded):
    """A decision: added once, never changed; a correction is a decision of its own that `corrects` this one."""

    decided_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        indexes: ClassVar = [models.Index(fields=("-decided_on", "-id"), name="decision_newest")]


class Draft(Worded):
    """A decision being prepared; the `view` is frozen when it is submitted."""

    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFT)
    prepared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    return_note = models.CharField(max_length=500, blank=True)
    corrects = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    decision = models.OneToOneField(Decision, models.CASCADE, null=True, related_name="draft")


class Signature(models.Model):
    """Who decided, as what; `for_others`: as a deputy. Name and account go when the person is erased, role and moment stay."""

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="signature")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=200)
    for_others = models.BooleanField(default=False)
    with_second_factor = models.BooleanField(default=False)
    signed_at = models.DateTimeField(default=timezone.now)


class ChecklistAnswer(models.Model):
    """One answer to one question of a principle; the newest counts, older ones stay.

    `organisation` is the key of the partner that answers for itself, empty for the city's answer.
    """

    code = models.CharField(max_length=40)
    gate = models.CharField(max_length=10, choices=Gate)
    organisation = models.CharField(max_length=50, blank=True, default="")
    principle = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=500)
    answer = models.CharField(max_length=16, choices=AnswerChoice)
    reason = models.CharField(max_length=1000, blank=True)
    evidence_url = models.URLField(max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("code", "gate", "-id"), name="checklist_code")]


class GateReason(models.Model):
    """Why a measure goes on although something of the gate is missing (M-10 b); the newest counts."""

    code = models.CharField(max_length=40)
    item = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("code", "item", "-id"), name="gate_reason_code")]


class SurveyRound(models.Model):
    """A survey of indicators at a key date (M-01); `snapshot` is canonical JSON, kept for good once it is frozen."""

    key_date = models.DateField(unique=True)
    title = models.CharField(max_length=200)
    indicators = _codes()
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    collected_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    frozen_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    frozen_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    snapshot = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_example = models.BooleanField(default=False)


class Meeting(models.Model):
    """A meeting of a body; `minutes` are read by its members once they are released."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    title = models.CharField(max_length=200)
    minutes = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    released_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    is_example = models.BooleanField(default=False)


class AgendaItem(models.Model):
    """An item of an agenda; `subject` is a code or a number, `result` what the meeting found."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind)
    subject = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200)
    result = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]


class Idea(models.Model):
    """An idea or an obstacle that somebody tells, whatever the rank (R-10), and the answer."""

    kind = models.CharField(max_length=10, choices=IdeaKind)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=2000)
    code = models.CharField(max_length=40, blank=True)
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=IdeaState, default=IdeaState.NEW)
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    is_example = models.BooleanField(default=False)


class SectorStrategy(models.Model):
    """An office's own strategy, such as one for mobility or schools (R-08)."""

    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    url = models.URLField(max_length=500, blank=True)
    is_example = models.BooleanField(default=False)


class Alignment(models.Model):
    """How a sector strategy goes with one field of action or measure, and who confirmed it."""

    sector = models.ForeignKey(SectorStrategy, models.CASCADE, related_name="alignments")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=AlignmentState, default=AlignmentState.OPEN)
    note = models.CharField(max_length=1000, blank=True)
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("sector", "code"), name="alignment_once")]


class Statement(models.Model):
    """What the advisory board says about an edition of the strategy: advice, no approval (R-12)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    edition = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    text = models.TextField()
    given_on = models.DateField()
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    is_public = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
