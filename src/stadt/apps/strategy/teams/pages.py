"""What teams plug into the strategy."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.teams import views
from stadt.core.manifest import ACCOUNT, Page, Panel

PAGES = (
    Page("team", "massnahmen/<str:code>/team/", views.team, permission=ACCOUNT),
    Page("teams", "teams/", views.own_teams, _("Meine Maßnahmen"), permission=ACCOUNT),
)
PANELS = (Panel("strategy.measure_internal", "strategy/teams/_panel.html", views.panel, order=10),)
