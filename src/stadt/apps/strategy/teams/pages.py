"""What teams plug into the strategy."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.teams import views
from stadt.core.manifest import EVERYBODY, Page, Panel

PAGES = (
    Page("team", "massnahmen/<str:code>/team/", views.team, permission=EVERYBODY),
    Page("teams", "teams/", views.own_teams, _("Meine Maßnahmen"), permission=EVERYBODY),
)
PANELS = (Panel("strategy.measure_internal", "strategy/teams/_panel.html", views.panel, order=10),)
