"""Small facts that all web processes share for a few minutes: how often somebody tried to sign in, which code was used."""

from typing import Any, ClassVar

from django.db import connection, models


class SharedValue(models.Model):
    """One entry of the cache `stadt.core.shared_cache`. The table is unlogged: after a crash of the database it is empty."""

    key = models.TextField(primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
        indexes: ClassVar[list[Any]] = [models.Index(fields=("expires_at",), name="shared_value_expiry")]


def forget_expired() -> None:
    """The job that removes what nobody reads any more."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_sharedvalue WHERE expires_at <= clock_timestamp()")
