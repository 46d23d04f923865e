"""What the protocol calls this app's writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("start_dataset", _("Datensatz angelegt")),
    Verb("change_card", _("Angaben eines Datensatzes geändert")),
    Verb("receive_delivery", _("Lieferung eines Datensatzes angenommen")),
    Verb("read_delivery", _("Lieferung gelesen")),
    Verb("correct_reading", _("Lesart einer Lieferung berichtigt")),
    Verb("prepare_delivery", _("Lieferung vorbereitet")),
    Verb("accept_drift", _("Geänderte Spalten angenommen")),
    Verb("check_link", _("Verlinkte Adresse geprüft")),
    Verb("submit_for_review", _("Datensatz zur Prüfung gegeben")),
    Verb("return_to_draft", _("Datensatz zurückgegeben")),
    Verb("approve_kept", _("Datensatz freigegeben")),
    Verb("withdraw_kept", _("Datensatz zurückgezogen")),
    Verb("discard_changes", _("Entwurf einer Änderung verworfen")),
    Verb("delete_draft", _("Entwurf eines Datensatzes gelöscht")),
    Verb("erase_delivery", _("Gelieferte Datei gelöscht")),
    Verb("publish_now", _("Datensatz veröffentlicht")),
    Verb("purge_snapshot", _("Stand eines Datensatzes gelöscht")),
)
SUBJECTS = (Subject("dataset", _("Datensatz")),)
