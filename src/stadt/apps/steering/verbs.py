"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.apps.steering.models import Evaluation
from stadt.core.manifest import Subject, Verb


def _page(name: str, pk: str) -> str | None:
    return reverse(f"steering:{name}", args=[int(pk)]) if pk.isdigit() else None


def _evaluation(pk: str) -> str | None:
    found = Evaluation.objects.filter(pk=int(pk)).first() if pk.isdigit() else None
    return reverse("steering:measure", args=[found.measure]) if found else None


VERBS = (
    Verb("propose_target", _("Soll-Wert vorgeschlagen")),
    Verb("decide_target", _("Soll-Wert beschlossen")),
    Verb("decline_target", _("Soll-Wert abgelehnt")),
    Verb("withdraw_target", _("Soll-Wert zurückgezogen")),
    Verb("set_evaluation_rule", _("Bewertungsregel festgelegt")),
    Verb("check_influences", _("Einflüsse geprüft")),
    Verb("propose_evaluation", _("Bewertung vorgeschlagen")),
    Verb("confirm_evaluation", _("Bewertung bestätigt")),
    Verb("refuse_evaluation", _("Bewertung nicht bestätigt")),
    Verb("raise_warning", _("Warnung ausgelöst")),
    Verb("clear_warning", _("Warnung erledigt")),
    Verb("answer_warning", _("Warnung beantwortet")),
    Verb("ask_again", _("Neue Antwort auf Warnung verlangt")),
    Verb("climb_due", _("Warnung an nächste Stelle gegeben")),
    Verb("send_digests", _("Warnungen gemailt")),
)
SUBJECTS = (
    Subject("target", _("Soll-Wert"), lambda pk: _page("target", pk)),
    Subject("warning", _("Warnung"), lambda pk: _page("warning", pk)),
    Subject("evaluation", _("Bewertung"), _evaluation),
    Subject("steered_measure", _("Maßnahme"), lambda code: reverse("steering:measure", args=[code])),
    Subject("steering", _("Steuerung")),
)
