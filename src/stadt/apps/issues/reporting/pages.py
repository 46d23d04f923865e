"""The addresses of the report flow."""

from django.utils.translation import gettext_noop as _

from stadt.apps.issues.reporting import offline, series, views
from stadt.civic.cases.rights import HANDLE
from stadt.core.manifest import EVERYBODY, LINK, Menu, Page

PAGES = (
    Page("report", "neu/", views.report, _("Etwas melden"), Menu.SERVICES, permission=EVERYBODY, order=10),
    Page("hints", "neu/hinweise/", views.show_hints, permission=EVERYBODY),
    Page("shell", "neu/leer/", offline.show_shell, permission=EVERYBODY),
    Page("worker", "neu/offline.js", offline.show_worker, permission=EVERYBODY),
    Page("place", "neu/ort/", views.show_place, permission=EVERYBODY),
    Page("receipt", "danke/<str:secret>/", views.show_receipt, permission=LINK),
    Page(
        "series",
        "reihe/",
        series.take_series,
        _("Meldungen in Reihe aufnehmen"),
        Menu.OPERATIONS,
        permission=HANDLE,
        order=140,
    ),
)
