"""Tables of operations: what checks say, when that turned, and samples for the charts."""

from typing import Any, ClassVar

from django.db import models


class CheckState(models.Model):
    """What a watched check said last. `told` is its sentence by language, empty while all is well.

    Until `silenced_until` it stands on the pages and in no banner; that ends when all is well again.
    """

    key = models.CharField(max_length=100, primary_key=True)
    is_bad = models.BooleanField(default=False)
    told = models.JSONField(default=dict)
    since = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    silenced_until = models.DateTimeField(null=True)
    silenced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class CheckChange(models.Model):
    """That the answer of a check turned."""

    key = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)
    is_bad = models.BooleanField()
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.key


class Sample(models.Model):
    """How things stood at a time that is a whole five minutes. Bytes; `readings` and `refused` count since ever.

    `refused` has the refused messages of each source by its id, so that a day's are a difference.
    """

    at = models.DateTimeField(primary_key=True)
    database_bytes = models.BigIntegerField()
    disk_free = models.BigIntegerField()
    disk_total = models.BigIntegerField()
    readings = models.BigIntegerField()
    jobs_waiting = models.IntegerField()
    jobs_failed = models.IntegerField()
    refused = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[Any]] = ["at"]


class Fact(models.Model):
    """Something that takes long to find out, as it was found last: the largest tables, the costliest statements."""

    key = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    value = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.key
