"""What the protocol calls this app's writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("correct_observations", _("Beobachtungen berichtigt")),
    Verb("delete_datastreams", _("Datenströme gelöscht")),
    Verb("delete_observations", _("Beobachtungen gelöscht")),
    Verb("delete_things", _("Things gelöscht")),
    Verb("register_multi_datastream", _("Datenstrom mit mehreren Werten eingetragen")),
    Verb("register_things", _("Things eingetragen")),
    Verb("set_publication", _("Veröffentlichung von Datenströmen geändert")),
)
SUBJECTS = (
    Subject("datastreams", _("Datenströme")),
    Subject("observations", _("Beobachtungen")),
    Subject("things", _("Things")),
)
