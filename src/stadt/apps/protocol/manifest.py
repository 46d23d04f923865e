"""Everything that the protocol plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.protocol import views
from stadt.apps.protocol.rights import READ
from stadt.core.manifest import Manifest, Menu, Page, Verb

MANIFEST = Manifest(
    path="betrieb/protokoll",
    pages=(
        Page("list", "", views.show_list, _("Protokoll"), Menu.OPERATIONS, permission=READ, order=900),
        Page("export", "ausgeben/", views.export, permission=READ),
        Page("entry", "<int:pk>/", views.show_entry, permission=READ),
    ),
    permissions=(READ,),
    verbs=(Verb("export_protocol", _("Protokoll ausgegeben")),),
)
