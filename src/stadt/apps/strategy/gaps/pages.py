"""The pages of the gaps: what is missing, how ready the indicators are, what the platform carries, and the frames."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps import api, views
from stadt.core.manifest import EVERYBODY, Menu, Page, Panel, Router

PAGES = (
    Page("gaps", "luecken/", views.show_gaps, _("Lücken der Strategie"), Menu.STRATEGY, permission=EVERYBODY, order=110),
    Page("gap", "luecken/<slug:key>/", views.show_gap, permission=EVERYBODY),
    Page("gap_file", "luecken/<slug:key>/liste.csv", views.download_gap, permission=EVERYBODY),
    Page("readiness", "bereitschaft/", views.show_readiness, _("Bereitschaft der Kennzahlen"), permission=EVERYBODY),
    Page("readiness_file", "bereitschaft/liste.csv", views.download_readiness, permission=EVERYBODY),
    Page("carriage", "abdeckung/", views.show_carriage, _("Abdeckung durch die Plattform"), permission=EVERYBODY),
    Page("carriage_file", "abdeckung/liste.csv", views.download_carriage, permission=EVERYBODY),
    Page("frames", "rahmen/", views.show_frames, _("Rahmen der Strategie"), permission=EVERYBODY),
)  # fmt: skip
PANELS = (Panel("strategy.indicator", "strategy/gaps/_related.html", views.related_panel, order=90),)
ROUTERS = (Router("strategy/gaps", api.load_router, reading=EVERYBODY, writing=None),)
