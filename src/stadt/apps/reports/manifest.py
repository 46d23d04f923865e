"""What this app plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.reports import demo, jobs, views
from stadt.apps.reports.events import ReportReleased
from stadt.apps.reports.rights import PRODUCE, RELEASE
from stadt.apps.reports.verbs import SUBJECTS, VERBS
from stadt.core.manifest import EVERYBODY, Demo, Job, Manifest, Menu, Page, Panel

MANIFEST = Manifest(
    path="berichte",
    pages=(
        Page("overview", "", views.overview, _("Berichte"), Menu.STRATEGY, permission=EVERYBODY, order=150),
        Page("feed", "feed.atom", views.atom, permission=EVERYBODY),
        Page("order", "neu/", views.order, permission=PRODUCE),
        Page("desk", "werkstatt/", views.desk, permission=PRODUCE),
        Page("calendar", "kalender/", views.calendar, permission=PRODUCE),
        Page("sheet", "steckbriefe/<str:code>/<str:form>/", views.sheet, permission=EVERYBODY),
        Page("report", "<int:pk>/", views.report, permission=EVERYBODY),
        Page("download", "<int:pk>/datei/<str:form>/", views.download, permission=EVERYBODY),
    ),
    permissions=(PRODUCE, RELEASE),
    publishes=(ReportReleased,),
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(Job("reports.produce", run=jobs.produce),),
    panels=(Panel("strategy.measure", "reports/_sheet.html", views.sheet_panel, order=80),),
    demo=Demo(demo.fill, demo.clear, order=990),
)
