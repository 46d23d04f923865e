"""Personal data of the surface: the mails a demo kept instead of sending them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from stadt.core.people.models import User
from stadt.web.models import DemoMessage

PERSONAL = {"DemoMessage": ("recipients", "subject", "body")}

WORDS = {
    "messages": gettext_noop("E-Mails der Vorführung"),
    "subject": gettext_noop("Betreff"),
    "sent_at": gettext_noop("Zeit"),
}


def export(user: User) -> dict[str, Any]:
    """The mails to this person that a demo kept; a city with a mail server keeps none."""
    return {
        "messages": [
            {"subject": message.subject, "sent_at": message.sent_at.isoformat()}
            for message in _messages_to(user)
        ]
    }


def erase(user: User) -> None:
    """Remove them."""
    DemoMessage.objects.filter(pk__in=[message.pk for message in _messages_to(user)]).delete()


def _messages_to(user: User) -> list[DemoMessage]:
    """Whole addresses: anna@… is not in susanna@…."""
    found = DemoMessage.objects.filter(recipients__icontains=user.email).order_by("pk")
    return [message for message in found if user.email in message.recipients.lower().split(", ")]
