"""The rights of the operations app."""

from django.utils.translation import gettext_noop

from stadt.core.manifest import Permission

WATCH = Permission("operations.watch", gettext_noop("Zustand des Betriebs ansehen"))
ACT = Permission(
    "operations.act", gettext_noop("In den Betrieb eingreifen: Aufgaben wiederholen, Hinweise stillen")
)
