"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb


def _body(key: str) -> str | None:
    return reverse("governance:overview") if key == "all" else reverse("governance:body", args=[key])


def _page(name: str, pk: str) -> str | None:
    return reverse(f"governance:{name}", args=[int(pk)]) if pk.isdecimal() else None


VERBS = (
    Verb("install_roles", _("Rollen der Strategie angelegt")),
    Verb("load_bodies", _("Gremien übernommen")),
    Verb("give_seat", _("Sitz in einem Gremium vergeben")),
    Verb("end_seat", _("Sitz in einem Gremium beendet")),
    Verb("prepare_decision", _("Vorlage begonnen")),
    Verb("change_draft", _("Vorlage geändert")),
    Verb("submit_draft", _("Vorlage vorgelegt")),
    Verb("return_draft", _("Vorlage zurückgegeben")),
    Verb("withdraw_draft", _("Vorlage zurückgezogen")),
    Verb("decide", _("Beschluss gefasst")),
    Verb("answer_check", _("Grundsatz geprüft")),
    Verb("give_gate_reason", _("Grund für einen Beginn ohne Zielwert genannt")),
)
SUBJECTS = (
    Subject("body", _("Gremium"), _body),
    Subject("draft", _("Vorlage"), lambda pk: _page("draft", pk)),
    Subject("decision", _("Beschluss"), lambda pk: _page("decision", pk)),
    Subject("gate", _("Prüfung einer Maßnahme"), lambda code: reverse("governance:gate", args=[code])),
)
