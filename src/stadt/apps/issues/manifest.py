"""What this app plugs in: the report flow (`reporting`) and what everybody sees (`shown`)."""

from datetime import timedelta

from stadt.apps.issues.reporting import jobs
from stadt.apps.issues.reporting.pages import PAGES as REPORTING
from stadt.apps.issues.shown.pages import PAGES as SHOWN
from stadt.apps.issues.verbs import SUBJECTS, VERBS
from stadt.core.manifest import Job, Manifest

MANIFEST = Manifest(
    path="melden",
    pages=(*REPORTING, *SHOWN),  # the words of the flow stand before the references of reports
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(Job("issues.forget", run=jobs.forget, every=timedelta(days=1)),),
)
