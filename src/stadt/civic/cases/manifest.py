"""What the cases plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.civic.cases import checking, events, jobs, privacy, rights
from stadt.civic.cases.verbs import SUBJECTS, VERBS
from stadt.civic.cases.versions import import_types
from stadt.core.manifest import Check, Job, Manifest, Privacy

MANIFEST = Manifest(
    permissions=rights.ALL,
    publishes=events.ALL,
    verbs=VERBS,
    subjects=SUBJECTS,
    checks=(checking.check_types,),
    foundation=import_types,
    doctor=(Check("cases.organisations", _("Zuständige Organisationen"), checking.check_organisations),),
    jobs=(Job("cases.retention", run=jobs.retention, every=timedelta(days=1)),),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)
