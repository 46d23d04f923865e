"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _review(kind: str, pk: str) -> str | None:
    return reverse(f"reuse:{kind}_review", kwargs={"pk": int(pk)}) if pk.isdigit() else None


VERBS = (
    Verb("propose_application", _("Anwendung vorgeschlagen")),
    Verb("decide_application", _("Über Anwendung entschieden")),
    Verb("request_data", _("Daten gewünscht")),
    Verb("decide_request", _("Über Datenwunsch entschieden")),
    Verb("confirm_address", _("E-Mail-Adresse bestätigt")),
    Verb("remove_address", _("E-Mail-Adresse gelöscht")),
    Verb("forget_due", _("Nicht mehr Gebrauchtes gelöscht")),
)
SUBJECTS = (
    Subject("application", _("Anwendung"), lambda pk: _review("application", pk)),
    Subject("data_request", _("Datenwunsch"), lambda pk: _review("request", pk)),
    Subject("reuse", _("Nutzung offener Daten")),
)
