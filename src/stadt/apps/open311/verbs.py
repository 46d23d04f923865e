"""What the protocol calls this app's writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (Verb("receive_update", _("Nachricht über Open311 angenommen")),)
SUBJECTS = (Subject("open311_update", _("Nachricht über Open311")),)
