"""What the datasets plug in."""

from datetime import timedelta

from stadt.core.lifespan import at_web_process
from stadt.core.manifest import EVERYBODY, Demo, Job, Listener, Manifest, Mount, Router
from stadt.hub.datasets import access_log, api, downloads, jobs, services, shape
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.datasets.verbs import SUBJECTS, VERBS
from stadt.hub.lake import engine

at_web_process(start=engine.warm_up, stop=engine.cool_down)
at_web_process(start=access_log.start, stop=access_log.stop)

MANIFEST = Manifest(
    mounts=(Mount(downloads.PREFIX, downloads.handle_files, reading=EVERYBODY, writing=None),),
    routers=(Router("datasets", api.load, reading=EVERYBODY, writing=None),),
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=(services.PUBLISH, services.PURGE),
    jobs=(
        Job("datasets.publish_due", run=jobs.publish_due, every=timedelta(minutes=1)),
        Job("datasets.tidy", run=jobs.tidy, every=timedelta(days=1)),
    ),
    publishes=(SnapshotPublished,),
    listens=(Listener(SnapshotPublished, jobs.prepare_small, durable=True),),
    checks=(shape.problems,),
    demo=Demo(fill=jobs.publish_all, order=900),
)
