"""What the protocol calls the desk's own writes."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Verb

VERBS = (Verb("see_contact", _("Kontaktdaten angesehen")),)
