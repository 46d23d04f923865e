"""What the strategy plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy import api, indicators, links, search, views
from stadt.core.manifest import Manifest, Menu, Page, Panel, Router, SearchSource

MANIFEST = Manifest(
    path="strategie",
    pages=(
        Page("overview", "", views.overview, _("Strategie"), Menu.STRATEGY),
        Page("theme", "leitthemen/<slug:slug>/", views.theme),
        Page("field", "handlungsfelder/<slug:slug>/", views.field),
        Page("measures", "massnahmen/", views.measures, _("Maßnahmen"), Menu.STRATEGY),
        Page("measure", "massnahmen/<str:code>/", views.measure),
        Page("indicators", "indikatoren/", views.indicators, _("Kennzahlen der Strategie"), Menu.STRATEGY),
        Page("indicator", "indikatoren/<str:code>/", views.indicator),
    ),
    indicators=(indicators.NARROWBAND_COVERAGE,),
    panels=(
        Panel("home.doors", "strategy/door.html", views.door, order=10),
        Panel("indicators.explain", "strategy/_counts_for.html", views.counts_for),
    ),
    routers=(Router("strategy", api.load_router),),
    search=(
        SearchSource("strategy.measures", _("Maßnahmen der Strategie"), search.find_measures),
        SearchSource("strategy.indicators", _("Kennzahlen der Strategie"), search.find_indicators),
    ),
    checks=(links.problems,),
)
