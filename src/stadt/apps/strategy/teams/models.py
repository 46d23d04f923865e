"""Who works on a measure, for whom, from when until when. Rows are not deleted: a membership ends by its date."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from stadt.apps.strategy.teams.kinds import Consultation, MemberKind, PartnerRole
from stadt.core.people.models import Organisation, User


class DaysQuerySet(models.QuerySet[Any]):
    """Rows that count from the day `since` to the day `until`, both included; without `until` they do not end."""

    def in_force(self, on: date | None = None) -> Self:
        """Those that count on a local day, today when none is named."""
        day = on or timezone.localdate()
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), since__lte=day)

    def not_over(self) -> Self:
        """Those that count today or will."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=timezone.localdate()))


class Lasting(models.Model):
    """What counts for a measure (`code`) in days. `is_example`: made up for the demo."""

    code = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    is_example = models.BooleanField(default=False)

    objects = DaysQuerySet.as_manager()

    class Meta:
        abstract = True


class TeamMember(Lasting):
    """A person in a measure's team; `organisation` is the one she works there for."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=MemberKind)

    class Meta:
        app_label = "strategy"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="team_member_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=("user", "code"), name="team_member_user"),
            models.Index(fields=("code",), name="team_member_code"),
        ]


class TeamPartner(Lasting):
    """An organisation that has a part in a measure."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=PartnerRole)

    class Meta:
        app_label = "strategy"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="team_partner_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=("code",), name="team_partner_code")]


class StaffCouncil(models.Model):
    """Whether the staff council is to be asked about a measure, and whether it was."""

    code = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=12, choices=Consultation, default=Consultation.NOT_SAID, blank=True)
    on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "strategy"
