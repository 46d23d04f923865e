"""What the bodies' work plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.governance import privacy
from stadt.apps.governance.rights import DECIDE, KEEP_BODIES, PERMISSIONS, PREPARE, SEE
from stadt.apps.governance.verbs import SUBJECTS, VERBS
from stadt.apps.governance.views import bodies, decisions, gate
from stadt.core.manifest import EVERYBODY, Manifest, Menu, Page, Panel, Privacy
from stadt.core.people.reach import MANAGE_PEOPLE

MANIFEST = Manifest(
    path="gremien",
    pages=(
        Page("overview", "", bodies.overview, _("Gremien"), Menu.STRATEGY, permission=EVERYBODY, order=200),
        Page("body", "gremium/<slug:key>/", bodies.show_body, permission=EVERYBODY),
        Page("bodies_load", "uebernehmen/", bodies.load_bodies, permission=KEEP_BODIES),
        Page("decisions", "beschluesse/", decisions.list_decisions, _("Beschlüsse"), Menu.STRATEGY, permission=EVERYBODY,
             order=210),
        Page("decision", "beschluesse/<int:number>/", decisions.show_decision, permission=EVERYBODY),
        Page("decision_view", "beschluesse/<int:number>/daten/", decisions.show_view, permission=SEE),
        Page("drafts", "vorlagen/", decisions.drafts, _("Vorlagen für Beschlüsse"), Menu.OPERATIONS, permission=PREPARE,
             order=230),
        Page("draft", "vorlagen/<int:pk>/", decisions.draft, permission=PREPARE),
        Page("waiting", "entscheiden/", decisions.waiting, _("Zur Entscheidung"), Menu.OPERATIONS, permission=DECIDE,
             order=225),
        Page("decide", "entscheiden/<int:pk>/", decisions.decide, permission=DECIDE),
        Page("gate", "massnahmen/<str:code>/", gate.show_gate, permission=EVERYBODY),
        Page("roles", "rollen/", bodies.show_roles, _("Rollen der Strategie"), Menu.OPERATIONS,
             permission=MANAGE_PEOPLE, order=220),
    ),
    panels=(
        Panel("strategy.measure", "governance/_measure_panel.html", gate.public_panel, order=60),
        Panel("strategy.measure_internal", "governance/_gate_panel.html", gate.internal_panel, order=20),
    ),
    permissions=PERMISSIONS,
    verbs=VERBS,
    subjects=SUBJECTS,
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)  # fmt: skip
