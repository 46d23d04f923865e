"""Which reports came in: so that one sent twice is one, and the same text again and again is noticed."""

from typing import ClassVar

from django.db import models


class ReceivedReport(models.Model):
    """A report that was taken. It holds digests, no text and nobody's name, and is forgotten after some weeks.

    `key` is the SHA-256 of the key that the sender's device chose; `text` a keyed digest of what was written, empty for
    texts too short to compare. `case_id` is empty only while the case is being opened.
    """

    key = models.BinaryField(max_length=32, unique=True)
    case_id = models.BigIntegerField(null=True)
    text = models.BinaryField(max_length=32, default=b"")
    at = models.DateTimeField()

    class Meta:
        app_label = "issues"
        indexes: ClassVar = [
            models.Index(fields=("text", "at"), name="issues_received_text", condition=~models.Q(text=b"")),
            models.Index(fields=("at",), name="issues_received_at"),
        ]
