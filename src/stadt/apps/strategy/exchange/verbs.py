"""What the protocol calls the writes of the exchange."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Verb

VERBS = (
    Verb("propose_file", _("Datei als Änderungsantrag eingelesen")),
    Verb("take_first", _("Erste Strategie aus einer Datei eingelesen")),
)
