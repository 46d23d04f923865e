"""Personal data: the addresses and names people left with what they told."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from stadt.apps.reuse.models import Application, DataRequest
from stadt.core.people.models import User

PERSONAL = {"Told": ("email",), "Application": ("maker",)}

WORDS = {
    "applications": _("Vorgeschlagene Anwendungen"),
    "requests": _("Datenwünsche"),
    "name": _("Name"),
    "maker": _("gemacht von"),
    "title": _("Titel"),
    "text": _("Text"),
    "told_at": _("mitgeteilt"),
}


def export(user: User) -> dict[str, Any]:
    """What was told with the person's confirmed address."""
    return {
        "applications": [
            {"name": item.name, "maker": item.maker, "told_at": item.told_at.isoformat()}
            for item in _of(Application, user)
        ],
        "requests": [
            {"title": item.title, "text": item.text, "told_at": item.told_at.isoformat()}
            for item in _of(DataRequest, user)
        ],
    }


def erase(user: User) -> None:
    """Remove address and name; the facts about the application or the data stay without them."""
    gone = {"email": "", "secret_digest": None, "email_confirmed_at": None}
    _of(Application, user).update(maker="", **gone)
    _of(DataRequest, user).update(**gone)


def _of(model: Any, user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(email=user.email.lower())
    return found.exclude(email="").order_by("pk")
