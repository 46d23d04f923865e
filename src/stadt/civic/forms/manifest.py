"""What the forms plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.civic.forms import api, jobs, privacy, services
from stadt.civic.forms.checks import check_forms
from stadt.civic.forms.rights import ERASE_ANSWERS, MANAGE_FORMS
from stadt.civic.forms.verbs import SUBJECTS, VERBS
from stadt.core.manifest import EVERYBODY, Check, Job, Manifest, Privacy, Router

MANIFEST = Manifest(
    routers=(Router("forms", api.load, reading=EVERYBODY, writing=None),),
    permissions=(MANAGE_FORMS, ERASE_ANSWERS),
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(Job("forms.forget", run=jobs.forget, every=timedelta(days=1)),),
    foundation=services.import_forms,
    doctor=(Check("forms.city", _("Formulare der Stadt"), check_forms),),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)
