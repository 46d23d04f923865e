"""What the protocol calls this app's writes, and what they are about. A report itself is told by its case."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("forget_old_reports", _("Merkmale alter Meldungen gelöscht")),
    Verb("fill_demo", _("Beispiele angelegt")),
    Verb("clear_demo", _("Beispiele entfernt")),
)
SUBJECTS = (Subject("issues", _("Mängelmelder")),)
