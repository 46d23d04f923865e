"""Tables of people: accounts, organisations, roles held in an organisation, deputies, invitations, tokens, audit, settings."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account. Without a password nobody can sign in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person with an account. Rights come from roles only; there is no superuser flag."""

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=150, blank=True)
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    is_active = models.BooleanField(_("aktiv"), default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        app_label = "core"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.split("@", 1)[0]


class Organisation(models.Model):
    """An office, municipal company or partner; owns things, datasets and cases."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        app_label = "core"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="organisation_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of permission keys; `*` means every permission there is."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    permissions = ArrayField(models.TextField(), default=list)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.title


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that count from `since` until just before `until`; without `until` they do not end."""

    def in_force(self, at: datetime | None = None) -> Self:
        """Those that count at a moment, now when none is named."""
        moment = at or timezone.now()
        return self.filter(models.Q(until=None) | models.Q(until__gt=moment), since__lte=moment)

    def not_over(self) -> Self:
        """Those that count now or will."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=timezone.now()))


def _ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name=name
    )


class Membership(models.Model):
    """A role that a person holds in an organisation and in all below it, for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, models.CASCADE, related_name="memberships")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        app_label = "core"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=("user", "organisation", "role"), name="membership_once"),
            _ends_after_it_begins("membership_ends_after_it_begins"),
        ]


class Deputyship(models.Model):
    """`deputy` acts for `represented` in an organisation and in all below it, for a time that always ends."""

    represented = models.ForeignKey(User, models.CASCADE, related_name="deputyships_given")
    deputy = models.ForeignKey(User, models.CASCADE, related_name="deputyships_held")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        app_label = "core"
        constraints: ClassVar[list[Any]] = [
            _ends_after_it_begins("deputyship_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~models.Q(represented=models.F("deputy")), name="deputyship_of_somebody_else"
            ),
        ]


class Invitation(models.Model):
    """A role offered to whoever has an e-mail address; only the SHA-256 of the link's secret is kept."""

    email = models.EmailField()
    role = models.ForeignKey(Role, models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role_until = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations_sent")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        app_label = "core"

    @property
    def is_open(self) -> bool:
        return self.expires_at > timezone.now()


class ApiToken(models.Model):
    """A secret that lets a machine act: only its SHA-256 is kept.

    `scopes` are permission keys; `subject` narrows the token to one thing, such as `source:rathaus`.
    """

    title = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    scopes = ArrayField(models.TextField(), default=list)
    subject = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="tokens")
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="issued_tokens")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class AuditEntry(models.Model):
    """One write: who, when, through which verb and door, on what; ids only, never personal text.

    `origin` is the request's id, `door` one of `core.doors.Door` (empty in rows from before it was kept), `network` the
    client's network. Every index ends with the id: whoever filters reads the newest rows first.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    origin = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=16, blank=True, default="", db_default="")
    network = models.CharField(max_length=43, blank=True, default="", db_default="")
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    class Meta:
        app_label = "core"
        indexes: ClassVar[list[models.Index]] = [
            models.Index("actor_kind", "actor_id", "id", name="audit_actor"),
            models.Index("actor_kind", "actor_id", "verb", "id", name="audit_actor_verb"),
            models.Index("actor_kind", "actor_id", "door", "id", name="audit_actor_door"),
            models.Index("verb", "id", name="audit_verb"),
            models.Index("verb", "door", "id", name="audit_verb_door"),
            models.Index("door", "id", name="audit_door"),
            models.Index("subject", "id", name="audit_subject"),
            models.Index("origin", "id", name="audit_origin"),
        ]


class AuditSeal(models.Model):
    """A link of the hash chain over the audit rows; see `core.sealing`.

    `entry` has no foreign key in the database: a removed row must leave its seal behind, so that it is missed.
    """

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, db_constraint=False, related_name="seal")
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "core"


class Setting(models.Model):
    """A small fact the installation remembers about itself, such as that the demo was filled."""

    key = models.CharField(max_length=100, primary_key=True)
    value = models.JSONField()

    class Meta:
        app_label = "core"
