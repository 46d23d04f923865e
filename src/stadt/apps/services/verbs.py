"""What the protocol calls the app's verbs."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Verb

VERBS = (Verb("renew_case_link", _("Neuen Link zu einem Vorgang ausgegeben")),)
