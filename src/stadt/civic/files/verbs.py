"""What the protocol calls the writes of files, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("receive_file", _("Datei angenommen")),
    Verb("attach_files", _("Datei zugeordnet")),
    Verb("detach_files", _("Datei abgetrennt")),
    Verb("redact_file", _("Foto geschwärzt")),
    Verb("publish_file", _("Datei veröffentlicht")),
    Verb("unpublish_file", _("Datei nicht mehr veröffentlicht")),
    Verb("erase_files", _("Dateien gelöscht")),
    Verb("scan_file", _("Datei auf Schadsoftware geprüft")),
    Verb("sweep_files", _("Übrig gebliebene Dateien gelöscht")),
)
SUBJECTS = (Subject("file", _("Datei")), Subject("files", _("Dateien")))
