"""What the protocol calls this app's writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("publish_now", _("Datensatz veröffentlicht")),
    Verb("purge_snapshot", _("Stand eines Datensatzes gelöscht")),
)
SUBJECTS = (Subject("dataset", _("Datensatz")),)
