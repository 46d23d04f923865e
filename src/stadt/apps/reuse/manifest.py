"""What this app plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.reuse import demo, indicators, jobs, privacy, views
from stadt.apps.reuse.events import ApplicationRegistered, DataRequestAnswered
from stadt.apps.reuse.rights import REVIEW
from stadt.apps.reuse.verbs import SUBJECTS, VERBS
from stadt.core.manifest import EVERYBODY, LINK, Demo, Job, Manifest, Menu, Page, Privacy

MANIFEST = Manifest(
    path="daten",
    pages=(
        Page("applications", "anwendungen/", views.list_applications, _("Anwendungen mit offenen Daten"), Menu.DATA,
             permission=EVERYBODY, order=30),
        Page("application_new", "anwendungen/neu/", views.new_application, permission=EVERYBODY),
        Page("requests", "wuensche/", views.list_requests, _("Datenwünsche"), Menu.DATA, permission=EVERYBODY, order=40),
        Page("request_new", "wuensche/neu/", views.new_request, permission=EVERYBODY),
        Page("address", "adresse/<str:secret>/", views.show_address, permission=LINK),
        Page("review", "pruefen/", views.review, _("Anwendungen und Wünsche prüfen"), Menu.OPERATIONS, permission=REVIEW,
             order=120),
        Page("application_review", "pruefen/anwendung/<int:pk>/", views.review_application, permission=REVIEW),
        Page("request_review", "pruefen/wunsch/<int:pk>/", views.review_request, permission=REVIEW),
    ),
    permissions=(REVIEW,),
    publishes=(ApplicationRegistered, DataRequestAnswered),
    indicators=indicators.ALL,
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(Job("reuse.forget", run=jobs.forget, every=timedelta(days=1)),),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    demo=Demo(demo.fill, demo.clear, order=200),
)  # fmt: skip
