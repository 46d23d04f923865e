"""What this app plugs in."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.dialogue import checks, demo, inbox, jobs, listeners, panels, privacy, views
from stadt.apps.dialogue.events import QuestionAnswered
from stadt.apps.dialogue.rights import ANSWER, MODERATE
from stadt.apps.dialogue.verbs import SUBJECTS, VERBS
from stadt.apps.governance.events import DecisionTaken
from stadt.apps.reports.events import ReportReleased
from stadt.apps.strategy.events import EditionAdopted, MeasureRescheduled, MeasureStruck, StrategyChanged
from stadt.core.manifest import (
    EVERYBODY,
    LINK,
    Check,
    Demo,
    Job,
    Listener,
    Manifest,
    Menu,
    Page,
    Panel,
    Privacy,
)
from stadt.hub.indicators.events import FigureRevised, FigureStored

MANIFEST = Manifest(
    path="mitmachen/strategie",
    pages=(
        Page("answers", "", views.show_answers, _("Fragen und Antworten zur Strategie"), Menu.STRATEGY,
             permission=EVERYBODY, order=150),
        Page("news", "neues/", views.show_news, _("Neues zur Strategie"), Menu.STRATEGY, permission=EVERYBODY, order=140),
        Page("feed", "neues.atom", views.show_feed, permission=EVERYBODY),
        Page("topic_feed", "neues/<str:code>.atom", views.show_feed, permission=EVERYBODY),
        Page("ask", "frage/", views.ask, permission=EVERYBODY),
        Page("asker", "frage/<str:secret>/", views.manage_question, permission=LINK),
        Page("subscribe", "abo/", views.subscribe, permission=EVERYBODY),
        Page("subscription", "abo/<str:secret>/", views.manage_subscription, permission=LINK),
        Page("inbox", "posteingang/", inbox.show_inbox, _("Fragen zur Strategie beantworten"), Menu.OPERATIONS,
             permission=ANSWER, order=130),
        Page("inbox_question", "posteingang/<int:pk>/", inbox.show_question, permission=ANSWER),
    ),
    permissions=(ANSWER, MODERATE),
    publishes=(QuestionAnswered,),
    listens=(
        Listener(StrategyChanged, listeners.strategy_changed, durable=True),
        Listener(MeasureStruck, listeners.measure_struck, durable=True),
        Listener(MeasureRescheduled, listeners.measure_rescheduled, durable=True),
        Listener(EditionAdopted, listeners.edition_adopted, durable=True),
        Listener(DecisionTaken, listeners.decision_taken, durable=True),
        Listener(ReportReleased, listeners.report_released, durable=True),
        Listener(FigureStored, listeners.figure_stored),
        Listener(FigureRevised, listeners.figure_revised, durable=True),
    ),
    panels=(
        Panel("strategy.overview", "dialogue/panel.html", panels.overview, order=900),
        Panel("strategy.measure", "dialogue/panel.html", panels.item, order=900),
        Panel("strategy.indicator", "dialogue/panel.html", panels.item, order=900),
        Panel("strategy.measure_internal", "dialogue/internal.html", panels.internal, order=900),
        Panel("strategy.indicator_internal", "dialogue/internal.html", panels.internal, order=900),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    jobs=(
        Job("dialogue.send", run=jobs.send, every=timedelta(days=1)),
        Job("dialogue.forget", run=jobs.forget, every=timedelta(days=1)),
    ),
    doctor=(
        Check("dialogue.overdue", _("Fragen zur Strategie"), checks.overdue, watched=True, every=timedelta(hours=1)),
    ),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    demo=Demo(demo.fill, demo.clear, order=210),
)  # fmt: skip
