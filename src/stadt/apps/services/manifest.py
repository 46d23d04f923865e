"""Everything that the services plug in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.services import views
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page

MANIFEST = Manifest(
    path="dienste",
    pages=(
        Page(
            "overview",
            "",
            views.overview,
            _("Dienste der Stadt"),
            Menu.SERVICES,
            permission=EVERYBODY,
            order=30,
        ),
    ),
)
