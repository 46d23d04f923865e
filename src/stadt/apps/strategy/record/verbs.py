"""What the protocol calls the writes of the record, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _request_address(pk: str) -> str | None:
    return reverse("strategy:request", args=[int(pk)]) if pk.isdecimal() else None


VERBS = (
    Verb("import_printed", _("Gedruckte Strategie übernommen")),
    Verb("open_change_request", _("Änderungsantrag begonnen")),
    Verb("put_change", _("Änderung in den Antrag gestellt")),
    Verb("drop_change", _("Änderung aus dem Antrag genommen")),
    Verb("comment_change_request", _("Änderungsantrag kommentiert")),
    Verb("submit_change_request", _("Änderungsantrag vorgelegt")),
    Verb("reopen_change_request", _("Änderungsantrag zur Bearbeitung zurückgeholt")),
    Verb("cosign_change_request", _("Änderungsantrag mitgezeichnet")),
    Verb("approve_change_request", _("Änderungsantrag beschlossen")),
    Verb("reject_change_request", _("Änderungsantrag abgelehnt")),
    Verb("withdraw_change_request", _("Änderungsantrag zurückgezogen")),
    Verb("draft_edition", _("Fassung entworfen")),
    Verb("adopt_edition", _("Fassung beschlossen")),
    Verb("complete_reference", _("Ratsbezug der Fassung ergänzt")),
    Verb("record_evaluation", _("Ergebnis einer Maßnahme festgehalten")),
)
SUBJECTS = (
    Subject("change_request", _("Änderungsantrag"), _request_address),
    Subject("edition", _("Fassung der Strategie"), lambda name: reverse("strategy:edition", args=[name])),
    Subject("strategy_item", _("Teil der Strategie"), lambda code: reverse("strategy:history", args=[code])),
)
