"""What the strategy plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy import api, datasets, indicators, items, links, privacy, search, views
from stadt.apps.strategy import pages as public_pages
from stadt.apps.strategy.events import EditionAdopted, MeasureRescheduled, MeasureStruck, StrategyChanged
from stadt.apps.strategy.exchange import pages as exchange_pages
from stadt.apps.strategy.exchange import verbs as exchange_verbs
from stadt.apps.strategy.gaps import hints as gaps_hints
from stadt.apps.strategy.gaps import indicators as gaps_indicators
from stadt.apps.strategy.gaps import pages as gaps_pages
from stadt.apps.strategy.record import demo as record_demo
from stadt.apps.strategy.record import pages as record_pages
from stadt.apps.strategy.record import verbs as record_verbs
from stadt.apps.strategy.record.services import import_printed
from stadt.apps.strategy.rights import PERMISSIONS
from stadt.apps.strategy.teams import pages as teams_pages
from stadt.apps.strategy.teams import verbs as teams_verbs
from stadt.core.manifest import (
    EVERYBODY,
    Demo,
    Listener,
    Manifest,
    Menu,
    Page,
    Panel,
    Privacy,
    Router,
    SearchSource,
)

MANIFEST = Manifest(
    path="strategie",
    pages=(
        Page("overview", "", views.overview, _("Strategie"), Menu.STRATEGY, permission=EVERYBODY),
        Page("theme", "leitthemen/<slug:slug>/", views.theme, permission=EVERYBODY),
        Page("field", "handlungsfelder/<slug:slug>/", views.field, permission=EVERYBODY),
        Page("measures", "massnahmen/", views.measures, _("Maßnahmen"), Menu.STRATEGY, permission=EVERYBODY),
        Page("measure", "massnahmen/<str:code>/", items.measure, permission=EVERYBODY),
        Page(
            "indicators",
            "indikatoren/",
            views.indicators,
            _("Kennzahlen der Strategie"),
            Menu.STRATEGY,
            permission=EVERYBODY,
        ),
        Page("indicator", "indikatoren/<str:code>/", items.indicator, permission=EVERYBODY),
        *public_pages.PAGES,
        *record_pages.PAGES,
        *teams_pages.PAGES,
        *gaps_pages.PAGES,
        *exchange_pages.PAGES,
    ),
    permissions=PERMISSIONS,
    publishes=(StrategyChanged, MeasureStruck, MeasureRescheduled, EditionAdopted),
    verbs=(*record_verbs.VERBS, *teams_verbs.VERBS, *exchange_verbs.VERBS),
    subjects=(*record_verbs.SUBJECTS, *teams_verbs.SUBJECTS),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    datasets=datasets.ALL,
    listens=(Listener(StrategyChanged, gaps_indicators.strategy_changed),),
    indicators=(indicators.NARROWBAND_COVERAGE, *gaps_indicators.ALL),
    panels=(
        Panel("home.doors", "strategy/door.html", views.door, order=10),
        Panel("indicators.explain", "strategy/_counts_for.html", views.counts_for),
        *teams_pages.PANELS,
        *gaps_pages.PANELS,
        *exchange_pages.PANELS,
    ),
    routers=(
        Router("strategy", api.load_router, reading=EVERYBODY, writing=None),
        *gaps_pages.ROUTERS,
    ),
    search=(
        SearchSource("strategy.measures", _("Maßnahmen der Strategie"), search.find_measures),
        SearchSource("strategy.indicators", _("Kennzahlen der Strategie"), search.find_indicators),
    ),
    checks=(links.problems, gaps_hints.problems),
    foundation=import_printed,
    demo=Demo(record_demo.fill, record_demo.clear, order=90),
)
