"""What a person may ask for: everything the city knows about her (GDPR Art. 15, 20), and being forgotten (Art. 17)."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core import city
from stadt.core.audit import record
from stadt.core.errors import Conflict
from stadt.core.people.actor import Actor
from stadt.core.people.first_start import is_last_administrator
from stadt.core.people.models import User
from stadt.core.people.reach import require_in_city
from stadt.core.people.rights import ANSWER_FOR_PERSONS
from stadt.core.people.services.accounts import lock_administrators
from stadt.core.people.sessions import forget_sessions
from stadt.core.registry import registry

FORMAT = "vernetzte-stadt.person/1"
LAST = "core"  # its erasure removes the account that the others refer to


def export_person(actor: Actor, user: User) -> dict[str, Any]:
    """Everything all apps keep about a person, as one JSON document; times are ISO 8601.

    Raises:
        Forbidden: it is somebody else, and the right to answer for others is missing.
    """
    _require(actor, user)
    told = {
        label: dict(app.manifest.privacy.export(user))
        for label, app in registry.apps.items()
        if app.manifest.privacy is not None
    }
    record(actor, "export_person", f"user:{user.pk}")
    return {
        "format": FORMAT,
        "city": city.current().name,
        "created_at": timezone.now().isoformat(),
        "data": told,
    }


@transaction.atomic
def erase_person(actor: Actor, user: User) -> None:
    """Remove a person from all apps, all of them or none; sessions end, audit rows keep the account's number only.

    Raises:
        Forbidden: it is somebody else, and the right to answer for others is missing.
        Conflict: nobody would be left who administers the city.
    """
    _require(actor, user)
    lock_administrators()
    User.objects.select_for_update().get(pk=user.pk)
    if is_last_administrator(user):
        raise Conflict(
            gettext(
                "Sonst verwaltet niemand mehr die Stadt. Geben Sie erst jemand anderem die Rolle Administration."
            )
        )
    pk = user.pk
    forget_sessions(user)
    keepers = [app for app in reversed(registry.apps.values()) if app.manifest.privacy is not None]
    for app in sorted(keepers, key=lambda app: app.label == LAST):
        if app.manifest.privacy is not None:
            app.manifest.privacy.erase(user)
    record(actor, "erase_person", f"user:{pk}", {"apps": [app.label for app in keepers]})


def _require(actor: Actor, user: User) -> None:
    if actor.user_id != user.pk:
        require_in_city(actor, ANSWER_FOR_PERSONS)
