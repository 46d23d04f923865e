"""What is kept of a file: what it is, to what it belongs, and where its bytes lie."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Kind(models.TextChoices):
    """What sort of file it is."""

    PHOTO = "photo", "Foto"
    PDF = "pdf", "PDF"
    DOCUMENT = "document", "Dokument"


class ScanState(models.TextChoices):
    """What the virus scanner said; `unscanned` where none is set up or it did not answer."""

    UNSCANNED = "unscanned", "nicht geprüft"
    CLEAN = "clean", "geprüft"
    INFECTED = "infected", "Schadsoftware"


class Role(models.TextChoices):
    """What a file is to its subject."""

    BEFORE = "before", "vorher"
    AFTER = "after", "nachher"
    ANSWER = "answer", "Antwort"
    DOCUMENT = "document", "Unterlage"


class Size(models.TextChoices):
    """The copies of a photo by their longest side in pixels; everything else has only `full`."""

    SMALL = "320", "klein"
    MEDIUM = "1280", "mittel"
    FULL = "full", "groß"


class StoredFile(models.Model):
    """A file. `key` is its address (128 random bits), `sha256` that of its full copy.

    `owner` is the key of who brought it, `subject` of what it belongs to (`case:12`); empty: of nothing yet. `revision`
    counts how often its bytes were changed. A file that was found to hold a virus keeps its row and loses its bytes.
    """

    key = models.CharField(max_length=22, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=10, choices=ScanState, default=ScanState.UNSCANNED)
    owner = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=Role, blank=True)
    is_published = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    redacted_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=("subject", "id"),
                name="civic_files_subject",
                condition=~models.Q(subject=""),
            ),
            models.Index(
                fields=("owner", "taken_at"),
                name="civic_files_waiting",
                condition=models.Q(subject=""),
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"


class StoredCopy(models.Model):
    """Bytes on the disk: `path` is their place below the folder of the files, which no other copy shares."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="copies")
    size = models.CharField(max_length=4, choices=Size)
    path = models.CharField(max_length=90, unique=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("file", "size"), name="civic_files_one_copy")
        ]

    def __str__(self) -> str:
        return self.path
