"""What the protocol calls this app's writes, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("import_areas", _("Gebiete eingelesen")),
    Verb("import_spots", _("Adressen oder Haltestellen eingelesen")),
)
SUBJECTS = (Subject("places", _("Orte")),)
