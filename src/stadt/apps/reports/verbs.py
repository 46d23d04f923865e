"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _report(pk: str) -> str | None:
    return reverse("reports:report", kwargs={"pk": int(pk)}) if pk.isdigit() else None


VERBS = (
    Verb("order_report", _("Bericht in Auftrag gegeben")),
    Verb("produce_report", _("Bericht erstellt")),
    Verb("fail_report", _("Bericht nicht gelungen")),
    Verb("retry_report", _("Bericht noch einmal in Auftrag gegeben")),
    Verb("release_report", _("Bericht freigegeben")),
    Verb("discard_report", _("Bericht verworfen")),
    Verb("make_sheet", _("Steckbrief erstellt")),
    Verb("set_calendar", _("Abstand der Berichte festgelegt")),
)
SUBJECTS = (
    Subject("report", _("Bericht"), _report),
    Subject("sheet", _("Steckbrief")),
    Subject("report_calendar", _("Kalender der Berichte")),
)
