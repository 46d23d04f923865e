"""The catalogue as it is read: an entry for each dataset that everybody may find, and what was there once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now, Reverse


class Listing(models.Model):
    """A dataset that everybody could find in the catalogue; `withdrawn_at` is set when it no longer is there.

    `title` is the one it had last, since the declaration may be gone too.
    """

    dataset = models.CharField(max_length=101, primary_key=True)
    title = models.CharField(max_length=500)
    listed_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.dataset


class CatalogueCombination(models.Model):
    """What an entry counts for in the facets. Many entries share one, so facets are counted by combination.

    `digest` is over the other columns; `licence` and `high_value` are names of the declaration's lists, `forms` keys of
    downloads.
    """

    digest = models.CharField(max_length=32, unique=True)
    theme = models.CharField(max_length=4)
    publisher = models.CharField(max_length=500)
    organisation = models.CharField(max_length=500)
    licence = models.CharField(max_length=40)
    high_value = models.CharField(max_length=40, blank=True)
    forms = ArrayField(models.CharField(max_length=40), default=list)


class CatalogueEntry(models.Model):
    """A public dataset as lists, searches and portals read it: derived, and made anew when the dataset changes.

    `mark` is over everything it was made of but the snapshot, whose number in the database is `snapshot`; `search` holds
    each word behind a sign that says where it stands (`t` title, `k` keywords, `n` description, `x` anywhere, `g` a whole
    keyword); `package` is the answer of CKAN's `package_show` as JSON.
    """

    # Each count reads these of tens of thousands of rows. PostgreSQL walks a row from its first column, so they stand first.
    combination = models.ForeignKey(CatalogueCombination, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()
    is_published = models.BooleanField()
    key = models.CharField(max_length=101, unique=True)
    name = models.CharField(max_length=101, unique=True)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=500)
    sort_title = models.TextField()
    snapshot = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    row_count = models.BigIntegerField()
    simulated_count = models.BigIntegerField()
    issued_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=64)
    description = models.TextField()
    translations = models.JSONField(default=dict)
    tags = ArrayField(models.TextField(), default=list)
    facts = models.JSONField(default=dict)
    package = models.TextField()
    plain = models.TextField()
    search = SearchVectorField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=("search",), name="entry_search", fastupdate=False),
            models.Index(fields=("sort_title", "key"), name="entry_title"),
            models.Index(fields=("-changed_at", "key"), name="entry_changed"),
            models.Index(fields=("combination", "changed_at"), name="entry_combination"),
        ]

    def __str__(self) -> str:
        return self.key


class CatalogueWord(models.Model):
    """A word of the entries: how it is written, its stem, and the stem backwards, by which endings are found."""

    word = models.TextField(primary_key=True)
    shown = models.TextField()
    stem = models.TextField()
    backwards = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(OpClass("backwards", name="text_pattern_ops"), name="word_ends"),
            models.Index(OpClass(Reverse("word"), name="text_pattern_ops"), name="word_reversed"),
        ]

    def __str__(self) -> str:
        return self.word
