"""Tables of cases. What happened is only ever added to; internal notes are a table that no public query touches."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Now, Upper

from stadt.civic.cases.catalogue import Face
from stadt.core.people.models import Organisation, User

FACES = [(str(face), face.name) for face in Face]
CLOSED = (str(Face.DONE), str(Face.NOT_POSSIBLE))


class Source(models.TextChoices):
    """The way a case came in."""

    WEB = "web", "Internet"
    PHONE = "phone", "Telefon"
    VISIT = "visit", "persönlich"
    MAIL = "mail", "Brief oder E-Mail"
    STAFF = "staff", "eigene Feststellung"
    OPEN311 = "open311", "Open311"
    API = "api", "Schnittstelle"


class PartyRole(models.TextChoices):
    """In which role somebody stands in a case."""

    REPORTER = "reporter", "meldet"
    APPLICANT = "applicant", "stellt den Antrag"
    GUARDIAN = "guardian", "sorgeberechtigt"
    FOLLOWER = "follower", "verfolgt"


class CaseTypeVersion(models.Model):
    """A case type as it was when cases were opened with it; a trigger keeps its rows as they are.

    `definition` is the type as JSON; `sha256` is over its canonical form.
    """

    key = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("key", "version"), name="cases_type_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Case(models.Model):
    """Something a person asked for or told the city.

    `text` is what was told, for officers; `published_text` is what everybody may read of it, empty until it is released.
    `lon`/`lat` are WGS 84 degrees. `organisation` owns it, none stands for the city; `contractor` does the work.
    `due_at` is empty while the clock stands still or without a deadline; `paused_days` are the days it stood still.
    `weight` counts those who said „me too“. `revision` rises with each write and guards against lost updates.
    """

    reference = models.CharField(max_length=9, unique=True)
    type_key = models.SlugField(max_length=80)
    type_version = models.PositiveIntegerField()
    category = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    published_text = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=80)
    face = models.CharField(max_length=16, choices=FACES)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    district_id = models.BigIntegerField(null=True)
    quarter_id = models.BigIntegerField(null=True)
    asset = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    contractor = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    priority = models.SmallIntegerField(default=0)
    source = models.CharField(max_length=10, choices=Source, default=Source.WEB)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_days = models.PositiveIntegerField(default=0)
    planned_for = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="duplicates")
    submission_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10, default="de")
    is_example = models.BooleanField(default=False)
    anonymised_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    search = models.GeneratedField(
        expression=SearchVector("reference", "title", "text", "address", "asset", config="german"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(lon=None, lat=None)
                | models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
                name="cases_place_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(face__in=[str(face) for face in Face]), name="cases_known_face"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")) & ~models.Q(duplicate_of=models.F("id")),
                name="cases_not_its_own_relative",
            ),
            models.UniqueConstraint(fields=("submission_id",), name="cases_one_of_a_submission"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("organisation", "-received_at", "-id"), name="cases_org_newest"),
            models.Index(fields=("-changed_at", "-id"), name="cases_changed"),
            models.Index(fields=("-priority", "received_at", "id"), name="cases_priority"),
            models.Index(fields=("due_at", "id"), condition=models.Q(closed_at=None), name="cases_due_open"),
            models.Index(
                fields=("category", "-received_at"),
                condition=models.Q(closed_at=None),
                name="cases_category_open",
            ),
            models.Index(fields=("-received_at", "-id"), name="cases_newest"),
            models.Index(
                fields=("organisation", "due_at", "id"),
                condition=models.Q(closed_at=None),
                name="cases_org_due_open",
            ),
            models.Index(
                fields=("organisation", "state"),
                condition=models.Q(closed_at=None),
                name="cases_org_state_open",
            ),
            models.Index(
                fields=("assignee", "-received_at"),
                condition=~models.Q(assignee=None),
                name="cases_of_assignee",
            ),
            models.Index(
                fields=("contractor", "-received_at"),
                condition=~models.Q(contractor=None),
                name="cases_of_contractor",
            ),
            models.Index(fields=("type_key", "category", "-received_at"), name="cases_of_category"),
            models.Index(fields=("closed_at",), condition=~models.Q(closed_at=None), name="cases_closed"),
            models.Index(
                fields=("type_key", "category", "-closed_at"),
                condition=~models.Q(closed_at=None),
                name="cases_closed_of_category",
            ),
            models.Index(
                fields=("duplicate_of",), condition=~models.Q(duplicate_of=None), name="cases_duplicates"
            ),
            models.Index(fields=("parent",), condition=~models.Q(parent=None), name="cases_children"),
            GinIndex(fields=("search",), name="cases_search"),
            GinIndex(OpClass("reference", name="gin_trgm_ops"), name="cases_reference_trgm"),
            GinIndex(OpClass(Upper("address"), name="gin_trgm_ops"), name="cases_address_upper"),
            GistIndex(
                models.Func("lon", "lat", function="point", output_field=models.TextField()),
                name="cases_place",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """What others call it: `case:12`."""
        return f"case:{self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Party(models.Model):
    """Somebody who stands in a case. All of it is personal; only who may see contact data sees it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=10, choices=PartyRole, default=PartyRole.REPORTER)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    wants_mail = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="de")
    consents = ArrayField(models.CharField(max_length=80), default=list)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("email",), condition=~models.Q(email=""), name="cases_party_email"),
            models.Index(fields=("user",), condition=~models.Q(user=None), name="cases_party_user"),
        ]


class Entry(models.Model):
    """One thing that happened to a case. A trigger keeps it; only erasure empties the text and the data of it.

    `kind` is the verb in the past (`opened`, `moved`, `assigned`, …). `public_text` and `reason` may be read by whoever
    sees the case from outside; `data` holds ids, keys, days and states for officers, never personal text.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20)
    move = models.CharField(max_length=80, blank=True)
    from_state = models.CharField(max_length=80, blank=True)
    to_state = models.CharField(max_length=80, blank=True)
    public_text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("case", "id"), name="cases_entry_of_case")]


class Note(models.Model):
    """An internal note. It never leaves the office; `for_contractor` lets the contractor of the case read it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    at = models.DateTimeField(db_default=Now())
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    for_contractor = models.BooleanField(default=False)


class TaskDone(models.Model):
    """A task of the type that was ticked off."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks_done")
    key = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("case", "key"), name="cases_task_once")]


class SupportKind(models.TextChoices):
    """What others say about somebody's case."""

    ME_TOO = "me_too", "betrifft mich auch"
    NOT_FIXED = "not_fixed", "nicht behoben"


class Support(models.Model):
    """Somebody else says „me too“ or „not fixed“. `actor_hash` keeps the same person from being counted twice."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supports")
    kind = models.CharField(max_length=10, choices=SupportKind)
    text = models.TextField(blank=True)
    photo_id = models.BigIntegerField(null=True)
    actor_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "kind", "actor_hash"), name="cases_support_once"),
        ]


class SavedFilter(models.Model):
    """A search that somebody keeps; with an organisation it is everybody's who reads cases there."""

    name = models.CharField(max_length=80)
    query = models.JSONField()
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "name"), name="cases_filter_name_once")
        ]
