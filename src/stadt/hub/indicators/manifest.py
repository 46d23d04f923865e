"""What the indicators plug in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import EVERYBODY, Demo, Job, Listener, Manifest, Menu, Page, Privacy, Router
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.indicators import api, checks, demo, jobs, privacy, search, services, views
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.kept import rights
from stadt.hub.indicators.kept.verbs import SUBJECTS, VERBS
from stadt.hub.indicators.kept.views import deciding, defining, entering, filing, overview

MANIFEST = Manifest(
    path="kennzahlen",
    pages=(
        Page("list", path="", view=views.show_list, title="Kennzahlen", menu=Menu.DATA, permission=EVERYBODY),
        Page("workshop", "werkstatt/", overview.show_workshop, _("Werte eintragen"), Menu.DATA, permission=rights.ENTER,
             order=90),
        Page("inbox", "werkstatt/bestaetigen/", overview.show_inbox, _("Werte bestätigen"), Menu.DATA,
             permission=rights.CONFIRM, order=91),
        Page("entry_review", "werkstatt/bestaetigen/<int:entry_id>/", deciding.review_entry, permission=rights.CONFIRM),
        Page("file_review", "werkstatt/bestaetigen/datei/<int:file_id>/", filing.review_file, permission=rights.CONFIRM),
        Page("define", "werkstatt/neu/", defining.define, permission=rights.DEFINE),
        Page("threshold", "werkstatt/schwelle/", overview.set_threshold, permission=rights.DEFINE),
        Page("change", "werkstatt/fassung/<str:key>/", defining.change, permission=rights.DEFINE),
        Page("file", "werkstatt/datei/<int:file_id>/", filing.map_file, permission=rights.ENTER),
        Page("revise", "werkstatt/wert/<int:value_id>/", entering.revise, permission=rights.ENTER),
        Page("take_back", "werkstatt/zuruecknehmen/<int:entry_id>/", entering.take_back, permission=rights.ENTER),
        Page("keep", "werkstatt/<str:key>/", entering.keep, permission=rights.ENTER),
        Page("explain", path="<str:key>/", view=views.explain, permission=EVERYBODY),
    ),
    routers=(Router("indicators", api.load, reading=EVERYBODY, writing=rights.ENTER),),
    permissions=(services.COMPUTE, *rights.PERMISSIONS),
    jobs=(
        Job("indicators.compute", run=jobs.compute_all, every=timedelta(hours=1)),
        Job(jobs.SOON, run=jobs.compute_some),
    ),
    publishes=(FigureStored, FigureRevised),
    listens=(Listener(SnapshotPublished, jobs.compute_over_dataset, durable=True),),
    search=(search.SOURCE,),
    checks=(checks.problems,),
    verbs=VERBS,
    subjects=SUBJECTS,
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    demo=Demo(fill=jobs.compute_for_demo, clear=demo.clear, order=950),
)  # fmt: skip
