"""Tables of the surface: only the demo's mailbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DemoMessage(models.Model):
    """A mail that the demo did not send. Exists only while STADT_DEMO is on and no mail server is configured."""

    sent_at = models.DateTimeField(auto_now_add=True)
    sender = models.TextField()
    recipients = models.TextField()
    subject = models.TextField()
    body = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} ({self.recipients})"
