"""Personal data of the strategy: who works in which team."""

from typing import Any

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.teams.models import TeamMember
from stadt.core.people.models import User

PERSONAL = {"TeamMember": ("user",)}

WORDS = {
    "teams": _("Teams von Maßnahmen"),
    "measure": _("Maßnahme"),
    "task": _("Aufgabe im Team"),
    "organisation": _("Organisation"),
    "since": _("seit"),
    "until": _("bis"),
}


def export(user: User) -> dict[str, Any]:
    """The teams a person is or was in."""
    rows = TeamMember.objects.filter(user=user).select_related("organisation").order_by("since", "pk")
    return {
        "teams": [
            {
                "measure": row.code,
                "task": str(row.get_kind_display()),
                "organisation": row.organisation.name,
                "since": row.since.isoformat(),
                "until": row.until.isoformat() if row.until else None,
            }
            for row in rows
        ]
    }


def erase(user: User) -> None:
    """Take the person out of all teams, past ones too; the measures' organisations stay as partners."""
    TeamMember.objects.filter(user=user).delete()
