"""The rights over datasets and their snapshots; those over kept datasets are held in an organisation."""

from django.utils.translation import gettext_noop

from stadt.core.manifest import Permission

PUBLISH = Permission("datasets.publish", "Datensätze veröffentlichen")
PURGE = Permission("datasets.purge", "Stände von Datensätzen löschen")
KEEP = Permission("datasets.keep", gettext_noop("Datensätze anlegen, liefern und zur Prüfung geben"))
APPROVE = Permission("datasets.approve", gettext_noop("Datensätze anderer prüfen und freigeben"))
SEE_INTERNAL = Permission("datasets.see_internal", gettext_noop("Interne Datensätze sehen"))

PERMISSIONS = (PUBLISH, PURGE, KEEP, APPROVE, SEE_INTERNAL)
