"""What the bodies' work plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.governance import demo, privacy
from stadt.apps.governance.events import DecisionTaken
from stadt.apps.governance.rights import (
    ALIGN,
    ANSWER,
    DECIDE,
    GIVE_STATEMENT,
    KEEP_BODIES,
    MINUTES,
    PERMISSIONS,
    PREPARE,
    RUN_ROUNDS,
    SEE,
    TELL,
)
from stadt.apps.governance.verbs import SUBJECTS, VERBS
from stadt.apps.governance.views import bodies, decisions, gate, rounds, work
from stadt.core.manifest import EVERYBODY, Demo, Manifest, Menu, Page, Panel, Privacy
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
        Page("rounds", "erhebungen/", rounds.list_rounds, _("Erhebungen"), Menu.OPERATIONS, permission=RUN_ROUNDS, order=235),
        Page("round", "erhebungen/<int:pk>/", rounds.show_round, permission=RUN_ROUNDS),
        Page("meetings", "sitzungen/", work.list_meetings, _("Sitzungen"), Menu.OPERATIONS, permission=SEE, order=240),
        Page("meeting_new", "sitzungen/neu/", work.new_meeting, permission=MINUTES),
        Page("meeting", "sitzungen/<int:pk>/", work.show_meeting, permission=SEE),
        Page("minutes", "sitzungen/<int:pk>/protokoll/", work.keep_meeting, permission=MINUTES),
        Page("ideas", "ideen/", work.list_ideas, _("Ideen und Hindernisse"), Menu.OPERATIONS, permission=TELL, order=245),
        Page("idea", "ideen/<int:pk>/", work.answer_idea, permission=ANSWER),
        Page("sectors", "fachstrategien/", work.list_sectors, _("Fachstrategien"), Menu.OPERATIONS, permission=SEE,
             order=250),
        Page("sector_new", "fachstrategien/neu/", work.new_sector, permission=ALIGN),
        Page("sector", "fachstrategien/<int:pk>/", work.show_sector, permission=SEE),
        Page("align", "fachstrategien/<int:pk>/abgleich/", work.align, permission=ALIGN),
        Page("statements", "stellungnahmen/", work.list_statements, permission=EVERYBODY),
        Page("statement_new", "stellungnahmen/neu/", work.new_statement, permission=GIVE_STATEMENT),
        Page("statement_publish", "stellungnahmen/<int:pk>/veroeffentlichen/", work.publish_statement, permission=PREPARE),
        Page("roles", "rollen/", bodies.show_roles, _("Rollen der Strategie"), Menu.OPERATIONS,
             permission=MANAGE_PEOPLE, order=220),
    ),
    panels=(
        Panel("strategy.measure", "governance/_measure_panel.html", gate.public_panel, order=60),
        Panel("strategy.measure_internal", "governance/_gate_panel.html", gate.internal_panel, order=20),
    ),
    permissions=PERMISSIONS,
    publishes=(DecisionTaken,),
    verbs=VERBS,
    subjects=SUBJECTS,
    demo=Demo(demo.fill, demo.clear, order=300),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
)  # fmt: skip
