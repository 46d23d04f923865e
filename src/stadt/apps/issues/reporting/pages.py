"""The addresses of the report flow."""

from django.utils.translation import gettext_noop as _

from stadt.apps.issues.reporting import views
from stadt.core.manifest import EVERYBODY, Page

PAGES = (Page("report", "neu/", views.report, _("Etwas melden"), permission=EVERYBODY),)
