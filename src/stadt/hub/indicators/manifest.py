"""What the indicators plug in."""

from datetime import timedelta

from stadt.core.manifest import EVERYBODY, Demo, Job, Listener, Manifest, Menu, Page, Privacy, Router
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.indicators import api, checks, jobs, privacy, search, services, views
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.kept import rights
from stadt.hub.indicators.kept.verbs import SUBJECTS, VERBS

MANIFEST = Manifest(
    path="kennzahlen",
    pages=(
        Page("list", path="", view=views.show_list, title="Kennzahlen", menu=Menu.DATA, permission=EVERYBODY),
        Page("explain", path="<str:key>/", view=views.explain, permission=EVERYBODY),
    ),
    routers=(Router("indicators", api.load, reading=EVERYBODY, writing=None),),
    permissions=(services.COMPUTE, *rights.PERMISSIONS),
    jobs=(Job("indicators.compute", run=jobs.compute_all, every=timedelta(hours=1)),),
    publishes=(FigureStored, FigureRevised),
    listens=(Listener(SnapshotPublished, jobs.compute_over_dataset, durable=True),),
    search=(search.SOURCE,),
    checks=(checks.problems,),
    verbs=VERBS,
    subjects=SUBJECTS,
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    demo=Demo(fill=jobs.compute_for_demo, order=950),
)
