"""What the protocol calls the forms' writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("keep_form", _("Fassung eines Formulars eingespielt")),
    Verb("start_draft", _("Formular begonnen")),
    Verb("save_step", _("Schritt eines Formulars gespeichert")),
    Verb("renew_draft", _("Neuer Link zu einem Entwurf")),
    Verb("discard_draft", _("Entwurf verworfen")),
    Verb("send_resume_link", _("Link zum Weiterschreiben verschickt")),
    Verb("submit", _("Formular abgesendet")),
    Verb("erase_answers", _("Antworten eines Formulars gelöscht")),
    Verb("forget_old_drafts", _("Alte Entwürfe gelöscht")),
)
SUBJECTS = (
    Subject("form_version", _("Formular")),
    Subject("form_draft", _("Entwurf")),
    Subject("submission", _("Abgesendetes Formular")),
    Subject("form_drafts", _("Entwürfe")),
)
