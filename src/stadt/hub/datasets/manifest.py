"""What the datasets plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop

from stadt.core.lifespan import at_web_process
from stadt.core.manifest import EVERYBODY, Check, Demo, Job, Listener, Manifest, Mount, Privacy, Router
from stadt.hub.datasets import access_log, api, downloads, indicators, jobs, privacy, shape
from stadt.hub.datasets.events import DatasetChanged, DatasetWithdrawn, SnapshotPublished
from stadt.hub.datasets.kept import jobs as kept_jobs
from stadt.hub.datasets.kept import keeping
from stadt.hub.datasets.rights import PERMISSIONS
from stadt.hub.datasets.verbs import SUBJECTS, VERBS
from stadt.hub.lake import engine

at_web_process(start=engine.warm_up, stop=engine.cool_down)
at_web_process(start=access_log.start, stop=access_log.stop)

MANIFEST = Manifest(
    mounts=(Mount(downloads.PREFIX, downloads.handle_files, reading=EVERYBODY, writing=None),),
    routers=(Router("datasets", api.load, reading=EVERYBODY, writing=None),),
    indicators=(indicators.PUNCTUAL_SHARE,),
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=PERMISSIONS,
    jobs=(
        Job("datasets.publish_due", run=jobs.publish_due, every=timedelta(minutes=1)),
        Job("datasets.tidy", run=jobs.tidy, every=timedelta(days=1)),
        Job(kept_jobs.TIDY, run=kept_jobs.tidy_deliveries, every=timedelta(hours=1)),
        Job(kept_jobs.LINKS, run=kept_jobs.check_links, every=timedelta(days=1)),
        Job(kept_jobs.READ, run=kept_jobs.read_delivery, final=kept_jobs.OVER),
        Job(kept_jobs.PREPARE, run=kept_jobs.prepare_delivery, final=kept_jobs.OVER),
    ),
    publishes=(SnapshotPublished, DatasetChanged, DatasetWithdrawn),
    listens=(Listener(SnapshotPublished, jobs.prepare_small, durable=True),),
    checks=(shape.problems, keeping.problems),
    doctor=(
        Check(
            "datasets.deliveries",
            gettext_noop("Lieferungen von Datensätzen"),
            keeping.find_stuck,
            watched=True,
        ),
    ),
    privacy=Privacy(export=privacy.export, erase=privacy.erase, words=privacy.WORDS),
    demo=Demo(fill=jobs.publish_all, order=900),
)
