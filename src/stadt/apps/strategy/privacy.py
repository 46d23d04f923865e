"""Personal data of the strategy: who works in which team, and who said what about change requests."""

from typing import Any

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.record import privacy as record_privacy
from stadt.apps.strategy.teams.models import TeamMember
from stadt.core.people.models import User

PERSONAL = {"TeamMember": ("user",), "Comment": ("said_by",), "ChangeRequest": ("opened_by",)}

WORDS = {
    "teams": _("Teams von Maßnahmen"),
    "measure": _("Maßnahme"),
    "task": _("Aufgabe im Team"),
    "organisation": _("Organisation"),
    "since": _("seit"),
    "until": _("bis"),
    "comments": _("Beiträge zu Änderungsanträgen"),
    "change_requests": _("Begonnene Änderungsanträge"),
    "request": _("Antrag"),
    "text": _("Text"),
    "title": _("Titel"),
    "reason": _("Begründung"),
    "said_at": _("gesagt am"),
    "opened_at": _("begonnen am"),
}


def export(user: User) -> dict[str, Any]:
    """The teams a person is or was in, and what the person said and began."""
    rows = TeamMember.objects.filter(user=user).select_related("organisation").order_by("since", "pk")
    return {
        **record_privacy.export(user),
        "teams": [
            {
                "measure": row.code,
                "task": str(row.get_kind_display()),
                "organisation": row.organisation.name,
                "since": row.since.isoformat(),
                "until": row.until.isoformat() if row.until else None,
            }
            for row in rows
        ],
    }


def erase(user: User) -> None:
    """Take the person out of all teams, past ones too; the measures' organisations stay as partners."""
    record_privacy.erase(user)
    TeamMember.objects.filter(user=user).delete()
