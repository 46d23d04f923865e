"""What the bodies' work plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.governance import privacy
from stadt.apps.governance.rights import KEEP_BODIES, PERMISSIONS
from stadt.apps.governance.verbs import SUBJECTS, VERBS
from stadt.apps.governance.views import bodies
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page, Privacy
from stadt.core.people.reach import MANAGE_PEOPLE

MANIFEST = Manifest(
    path="gremien",
    pages=(
        Page("overview", "", bodies.overview, _("Gremien"), Menu.STRATEGY, permission=EVERYBODY, order=200),
        Page("body", "gremium/<slug:key>/", bodies.show_body, permission=EVERYBODY),
        Page("bodies_load", "uebernehmen/", bodies.load_bodies, permission=KEEP_BODIES),
        Page("roles", "rollen/", bodies.show_roles, _("Rollen der Strategie"), Menu.OPERATIONS,
             permission=MANAGE_PEOPLE, order=220),
    ),
    permissions=PERMISSIONS,
    verbs=VERBS,
    subjects=SUBJECTS,
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)  # fmt: skip
