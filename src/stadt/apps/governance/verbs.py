"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _body(key: str) -> str | None:
    return reverse("governance:overview") if key == "all" else reverse("governance:body", args=[key])


VERBS = (
    Verb("install_roles", _("Rollen der Strategie angelegt")),
    Verb("load_bodies", _("Gremien übernommen")),
    Verb("give_seat", _("Sitz in einem Gremium vergeben")),
    Verb("end_seat", _("Sitz in einem Gremium beendet")),
)
SUBJECTS = (Subject("body", _("Gremium"), _body),)
