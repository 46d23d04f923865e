"""What this app plugs in: the report flow (`reporting`) and what everybody sees (`shown`)."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.issues import demo
from stadt.apps.issues.reporting import jobs
from stadt.apps.issues.reporting.pages import PAGES as REPORTING
from stadt.apps.issues.shown import datasets, indicators, layers, projection
from stadt.apps.issues.shown.listeners import LISTENS
from stadt.apps.issues.shown.pages import PAGES as SHOWN
from stadt.apps.issues.verbs import SUBJECTS, VERBS
from stadt.core.manifest import Check, Demo, Job, Manifest

MANIFEST = Manifest(
    path="melden",
    takes_files=True,
    pages=(*REPORTING, *SHOWN),  # the words of the flow stand before the references of reports
    verbs=VERBS,
    subjects=SUBJECTS,
    listens=LISTENS,
    datasets=datasets.ALL,
    indicators=indicators.ALL,
    layers=layers.LAYERS,
    search=layers.SEARCH,
    panels=layers.PANELS,
    jobs=(
        Job("issues.forget_day", run=jobs.forget_day, every=timedelta(hours=1)),
        Job("issues.forget", run=jobs.forget, every=timedelta(days=1)),
        Job("issues.rebuild_projection", run=projection.rebuild_job, every=timedelta(days=1)),
    ),
    doctor=(Check("issues.projection", _("Veröffentlichte Meldungen"), projection.check_drift),),
    demo=Demo(demo.fill, demo.clear, order=50),
)
