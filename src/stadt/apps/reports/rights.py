"""The two rights: to have a report made, and to let it out. One report needs two people."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Permission

PRODUCE = Permission("reports.produce", _("Berichte erstellen"))
RELEASE = Permission("reports.release", _("Berichte freigeben"))
