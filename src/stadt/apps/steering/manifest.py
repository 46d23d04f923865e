"""Everything that steering plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.steering import api, bodies, datasets, demo, jobs, known, listeners, panels, privacy, terms
from stadt.apps.steering.events import EvaluationConfirmed, TargetDecided, WarningAnswered, WarningRaised
from stadt.apps.steering.rights import ASSESS, PERMISSIONS, PROPOSE_TARGETS, SEE
from stadt.apps.steering.verbs import SUBJECTS, VERBS
from stadt.apps.steering.views import measure, overview, target, warning
from stadt.apps.strategy.events import StrategyChanged
from stadt.core.manifest import (
    EVERYBODY,
    Demo,
    Job,
    Listener,
    Manifest,
    Menu,
    Page,
    Panel,
    Privacy,
    Router,
)
from stadt.hub.indicators.events import FigureRevised, FigureStored

known.tell_strategy()

MANIFEST = Manifest(
    path="steuerung",
    pages=(
        Page("overview", "", overview.show, _("Steuerung"), Menu.STRATEGY, permission=SEE, order=150),
        Page("warnings", "warnungen/", overview.list_all_warnings, permission=SEE),
        Page("warning", "warnungen/<int:pk>/", warning.show, permission=SEE),
        Page("target_new", "ziele/neu/", target.propose, permission=PROPOSE_TARGETS),
        Page("target", "ziele/<int:pk>/", target.show, permission=SEE),
        Page("measure", "massnahmen/<str:code>/", measure.show, permission=SEE),
        Page("rule", "massnahmen/<str:code>/regel/", measure.set_rule, permission=ASSESS),
        Page("check", "massnahmen/<str:code>/einfluesse/", measure.check, permission=ASSESS),
        Page("evaluate", "massnahmen/<str:code>/bewertung/", measure.evaluate, permission=ASSESS),
    ),
    routers=(Router("steering", api.load_router, reading=EVERYBODY, writing=None),),
    datasets=(datasets.TARGETS, datasets.VERDICTS),
    permissions=PERMISSIONS,
    publishes=(TargetDecided, EvaluationConfirmed, WarningRaised, WarningAnswered),
    listens=(
        Listener(StrategyChanged, listeners.strategy_changed),
        Listener(FigureStored, listeners.figure_stored),
        Listener(FigureRevised, listeners.figure_revised, durable=True),
    ),
    panels=(
        Panel("strategy.overview", "steering/panels/overview.html", panels.overview, order=20),
        Panel("strategy.measure", "steering/panels/measure.html", panels.measure, order=20),
        Panel("strategy.indicator", "steering/panels/indicator.html", panels.indicator, order=20),
        Panel("strategy.measure_internal", "steering/panels/internal.html", panels.internal, order=20),
        Panel("strategy.indicator_internal", "steering/panels/internal.html", panels.internal, order=20),
    ),
    jobs=(
        Job("steering.sweep", run=jobs.sweep, every=timedelta(days=1)),
        Job("steering.climb", run=jobs.climb, every=timedelta(days=1)),
        Job("steering.mails", run=jobs.write_mails, every=timedelta(hours=1)),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    checks=(terms.problems,),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    demo=Demo(demo.fill, demo.clear, order=210),
)

bodies.register()
