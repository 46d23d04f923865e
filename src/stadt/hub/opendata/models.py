"""Which datasets the catalogue listed, so that it can say of one that is gone that it was there."""

from django.db import models
from django.db.models.functions import Now


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
