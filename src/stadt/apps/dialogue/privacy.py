"""Personal data: the addresses of subscribers and askers, and what was asked."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from stadt.apps.dialogue.models import Question, Subscription
from stadt.core.people.models import User

PERSONAL = {"Subscription": ("email",), "Question": ("email",)}

WORDS = {
    "subscriptions": _("Abos zur Strategie"),
    "questions": _("Fragen zur Strategie"),
    "topic": _("Thema"),
    "rhythm": _("Rhythmus"),
    "confirmed_at": _("bestätigt"),
    "about": _("Frage zu"),
    "text": _("Text"),
    "asked_at": _("gefragt"),
}


def export(user: User) -> dict[str, Any]:
    """What was subscribed to and asked with the person's address."""
    return {
        "subscriptions": [
            {
                "topic": item.topic,
                "rhythm": item.rhythm,
                "confirmed_at": item.confirmed_at.isoformat() if item.confirmed_at else None,
            }
            for item in _of(Subscription, user)
        ],
        "questions": [
            {"about": item.code, "text": item.text, "asked_at": item.asked_at.isoformat()}
            for item in _of(Question, user)
        ],
    }


def erase(user: User) -> None:
    """End the subscriptions; forget address and words of the questions. Answers stay, in the city's words."""
    _of(Subscription, user).delete()
    _of(Question, user).update(email="", text="", secret_digest=None, email_confirmed_at=None)


def _of(model: Any, user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(email=user.email.lower())
    return found.exclude(email="").order_by("pk")
