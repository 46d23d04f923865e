"""Personal data: what people wrote and were written, what they follow, and to which addresses links were sent."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from stadt.civic.messages.models import AccessLink, Message, Subscription, ThreadParty
from stadt.civic.messages.services import forget_author
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

PERSONAL = {"AccessLink": ("email",), "Subscription": ("email", "user"), "ThreadParty": ("user",)}

WORDS = {
    "threads": _("Nachrichten"),
    "followed": _("Abos"),
    "links": _("Links, die an Ihre Adresse gingen"),
    "subject": _("Gegenstand"),
    "title": _("Titel"),
    "messages": _("Nachrichten"),
    "at": _("am"),
    "author": _("von"),
    "text": _("Text"),
    "plain_text": _("in einfacher Sprache"),
    "kind": _("Art"),
    "key": _("Kennung"),
    "rhythm": _("Rhythmus"),
    "confirmed_at": _("bestätigt"),
    "role": _("Rolle"),
    "made_at": _("ausgestellt"),
    "expires_at": _("gültig bis"),
}


def export(user: User) -> dict[str, Any]:
    """The person's threads with all they say, her subscriptions, and links sent to her address."""
    parties = ThreadParty.objects.filter(user=user).select_related("thread").order_by("pk")
    return {
        "threads": [
            {
                "subject": party.thread.subject,
                "title": party.thread.title,
                "messages": [
                    {
                        "at": message.at.isoformat(),
                        "author": message.author_kind,
                        "text": message.text,
                        "plain_text": message.plain_text,
                    }
                    for message in Message.objects.filter(thread=party.thread).order_by("pk")
                ],
            }
            for party in parties
        ],
        "followed": [
            {
                "kind": item.kind,
                "key": item.key,
                "title": item.title,
                "rhythm": item.rhythm,
                "confirmed_at": item.confirmed_at.isoformat() if item.confirmed_at else None,
            }
            for item in Subscription.objects.filter(_of(user)).order_by("pk")
        ],
        "links": [
            {
                "subject": link.subject,
                "role": link.role,
                "made_at": link.made_at.isoformat(),
                "expires_at": link.expires_at.isoformat(),
            }
            for link in AccessLink.objects.filter(email=user.email.lower()).order_by("pk")
        ],
    }


def erase(user: User) -> None:
    """End what the person follows and take her from her threads; links go on without her address.

    What was written belongs to its subject and goes with it, by the time limits of the type of case.
    """
    Subscription.objects.filter(_of(user)).delete()
    ThreadParty.objects.filter(user=user).delete()
    AccessLink.objects.filter(email=user.email.lower()).update(email="")
    forget_author(Actor.system("privacy"), user.pk)


def _of(user: User) -> Q:
    return Q(user=user) | Q(email=user.email.lower())
