"""What the protocol calls the writes of cases, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.civic.cases.models import Case
from stadt.civic.cases.pages import page_of_office
from stadt.core.manifest import Subject, Verb


def _address(pk: str) -> str | None:
    reference = (
        Case.objects.filter(pk=int(pk)).values_list("reference", flat=True).first()
        if pk.isdecimal()
        else None
    )
    return page_of_office(reference) or None if reference else None


VERBS = (
    Verb("import_case_types", _("Art von Vorgang übernommen")),
    Verb("renew_cases", _("Vorgänge auf neue Fassung ihrer Art gebracht")),
    Verb("open_case", _("Vorgang eröffnet")),
    Verb("move_case", _("Stand des Vorgangs geändert")),
    Verb("assign_case", _("Vorgang zugewiesen")),
    Verb("hand_to_contractor", _("Vorgang an Auftragnehmer gegeben")),
    Verb("note_case", _("Interne Notiz geschrieben")),
    Verb("set_priority", _("Dringlichkeit geändert")),
    Verb("set_task", _("Aufgabe abgehakt")),
    Verb("ask_citizen", _("Rückfrage gestellt")),
    Verb("write_citizen", _("Nachricht geschrieben")),
    Verb("answer", _("Auf Rückfrage geantwortet")),
    Verb("change_category", _("Kategorie berichtigt")),
    Verb("change_place", _("Ort berichtigt")),
    Verb("release_text", _("Text freigegeben")),
    Verb("merge_cases", _("Vorgänge zusammengeführt")),
    Verb("unmerge", _("Zusammengeführten Vorgang getrennt")),
    Verb("add_child", _("Vorgang untergeordnet")),
    Verb("remove_child", _("Vorgang herausgelöst")),
    Verb("support_case", _("Vorgang unterstützt")),
    Verb("offer_case_address", _("E-Mail-Adresse zum Bestätigen angegeben")),
    Verb("confirm_case_address", _("E-Mail-Adresse bestätigt")),
    Verb("refuse_case_address", _("E-Mail-Adresse nicht bestätigt")),
    Verb("start_case_mail", _("E-Mails zum Vorgang bestellt")),
    Verb("stop_case_mail", _("E-Mails zum Vorgang beendet")),
    Verb("add_party", _("Beteiligte hinzugefügt")),
    Verb("correct_party", _("Kontaktdaten berichtigt")),
    Verb("bulk", _("Viele Vorgänge geändert")),
    Verb("save_filter", _("Suche gespeichert")),
    Verb("remove_filter", _("Gespeicherte Suche gelöscht")),
    Verb("export_rows", _("Vorgänge heruntergeladen")),
    Verb("anonymise_case", _("Vorgang anonymisiert")),
    Verb("keep_retention", _("Aufbewahrung der Vorgänge durchgesetzt")),
    Verb("delete_case", _("Vorgang gelöscht")),
)
SUBJECTS = (
    Subject("case", _("Fachvorgang"), _address),
    Subject("case_type", _("Art von Vorgang")),
    Subject("cases", _("Vorgänge")),
    Subject("case_filter", _("Gespeicherte Suche")),
)
