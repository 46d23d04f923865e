"""What the protocol calls the writes about teams."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.document import strategy
from stadt.core.manifest import Subject, Verb


def _address(code: str) -> str | None:
    return reverse("strategy:team", args=[code]) if code in strategy().measures else None


VERBS = (
    Verb("add_member", _("Ins Team aufgenommen")),
    Verb("end_team_membership", _("Mitarbeit im Team beendet")),
    Verb("name_partner", _("Partner einer Maßnahme benannt")),
    Verb("end_partner", _("Beteiligung eines Partners beendet")),
    Verb("note_staff_council", _("Beteiligung des Personalrats vermerkt")),
)
SUBJECTS = (Subject("team", _("Team"), _address),)
