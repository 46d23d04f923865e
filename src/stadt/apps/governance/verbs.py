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
    Verb("plan_meeting", _("Sitzung geplant")),
    Verb("put_item", _("Auf die Tagesordnung gesetzt")),
    Verb("remove_item", _("Von der Tagesordnung genommen")),
    Verb("write_minutes", _("Protokoll geschrieben")),
    Verb("release_minutes", _("Protokoll freigegeben")),
    Verb("tell_idea", _("Idee oder Hindernis mitgeteilt")),
    Verb("answer_idea", _("Idee oder Hindernis beantwortet")),
    Verb("link_sector", _("Fachstrategie verknüpft")),
    Verb("confirm_alignment", _("Fachstrategie abgeglichen")),
    Verb("give_statement", _("Stellungnahme abgegeben")),
    Verb("publish_statement", _("Stellungnahme veröffentlicht")),
    Verb("open_round", _("Erhebung begonnen")),
    Verb("remind", _("An fehlende Werte erinnert")),
    Verb("complete_round", _("Erhebung abgeschlossen")),
    Verb("reopen_round", _("Erhebung wieder geöffnet")),
    Verb("freeze_round", _("Erhebung festgeschrieben")),
)
SUBJECTS = (
    Subject("body", _("Gremium"), _body),
    Subject("draft", _("Vorlage"), lambda pk: _page("draft", pk)),
    Subject("decision", _("Beschluss"), lambda pk: _page("decision", pk)),
    Subject("round", _("Erhebung"), lambda pk: _page("round", pk)),
    Subject("meeting", _("Sitzung"), lambda pk: _page("meeting", pk)),
    Subject("idea", _("Idee oder Hindernis"), lambda pk: _page("idea", pk)),
    Subject("sector", _("Fachstrategie"), lambda pk: _page("sector", pk)),
    Subject("statement", _("Stellungnahme")),
    Subject("gate", _("Prüfung einer Maßnahme"), lambda code: reverse("governance:gate", args=[code])),
)
