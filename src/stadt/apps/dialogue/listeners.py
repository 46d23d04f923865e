"""Turns facts that the strategy and the indicators tell into news that everybody may read."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from stadt.apps.dialogue import details
from stadt.apps.dialogue.services.news import NewsDraft, keep_news
from stadt.apps.dialogue.topics import WHOLE
from stadt.apps.dialogue.workflow import NewsKind
from stadt.apps.governance import public as governance
from stadt.apps.governance.events import DecisionTaken
from stadt.apps.reports.events import ReportReleased
from stadt.apps.strategy import public as strategy
from stadt.apps.strategy.events import EditionAdopted, MeasureRescheduled, MeasureStruck, StrategyChanged
from stadt.hub.indicators import queries as figures
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.queries import Value
from stadt.web.formats import BERLIN

NEWEST = 10
OWN_NEWS = frozenset({"struck", "rescheduled"})
"""Kinds of change that are told by an event of their own."""


def strategy_changed(event: StrategyChanged) -> None:
    """Items got a new version by a decided change request; what was imported from the printed document is no news.

    A measure that was struck or rescheduled is told by its own event.
    """
    if event.change_request is None:
        return
    changes = strategy.changed_by(event.change_request).changes
    told = [
        change for change in changes if change.kind not in OWN_NEWS and strategy.find_reference(change.code)
    ]
    # Vision, principles and notes have no page of their own: their change is news of the whole strategy.
    others = [change for change in changes if change.kind not in OWN_NEWS and change not in told]
    codes = list(dict.fromkeys([*(change.code for change in told), *((WHOLE,) if others else ())]))
    if codes:
        keep_news(
            NewsDraft(
                key=f"change:{event.change_request}",
                kind=NewsKind.CHANGE,
                codes=tuple(codes),
                path=_path(codes[0]) if len(codes) == 1 else reverse("strategy:overview"),
                facts={"said": details.of_changes([*told, *others])},
                happened_at=_true_since((told or others)[0].code),
            )
        )


def measure_struck(event: MeasureStruck) -> None:
    """A measure was struck."""
    keep_news(
        NewsDraft(
            f"struck:{event.code}",
            NewsKind.STRUCK,
            (event.code,),
            _path(event.code),
            happened_at=_true_since(event.code),
        )
    )


def measure_rescheduled(event: MeasureRescheduled) -> None:
    """A measure got another period."""
    since = _true_since(event.code)
    key = f"rescheduled:{event.code}:{since.isoformat()}"
    change = strategy.newest_rescheduling(event.code)
    facts = {"said": details.of_changes([change])} if change else {}
    keep_news(
        NewsDraft(key, NewsKind.RESCHEDULED, (event.code,), _path(event.code), facts, happened_at=since)
    )


def edition_adopted(event: EditionAdopted) -> None:
    """An edition is in force."""
    key = f"edition:{event.name}"[:120]
    path = reverse("strategy:overview")
    changed = strategy.adopted_with(event.name)
    said = {"said": details.of_edition(changed)} if changed else {}
    keep_news(NewsDraft(key, NewsKind.EDITION, (WHOLE,), path, {"name": event.name, **said}))


def decision_taken(event: DecisionTaken) -> None:
    """A body decided."""
    found = governance.find_decision(event.number)
    if found is None:
        return
    codes = [code for code in found.subjects if strategy.find_reference(code)]
    keep_news(
        NewsDraft(
            key=f"decision:{event.number}",
            kind=NewsKind.DECISION,
            codes=tuple(codes or (WHOLE,)),
            path=reverse("governance:decision", args=[event.number]),
            facts={"title": found.title},
            is_simulated=found.is_example,
        )
    )


def report_released(event: ReportReleased) -> None:
    """Everybody may read a report."""
    path = reverse("reports:report", args=[event.report_id])
    key = f"report:{event.report_id}"
    keep_news(NewsDraft(key, NewsKind.REPORT, (WHOLE,), path, is_simulated=event.is_example))


def figure_stored(event: FigureStored) -> None:
    """A period is over and has its value. Of each figure at most one a week is news, or daily ones would hide all else."""
    codes = [found.code for found in strategy.list_indicators_of_key(event.key)]
    value = next(
        (found for found in figures.history(event.key, NEWEST) if found.period_start == event.starts_at), None
    )
    if not codes or value is None or value.value is None or not value.is_final:
        return
    year, week, _day = value.period_end.astimezone(BERLIN).isocalendar()
    keep_news(
        NewsDraft(
            key=f"value:{event.key}:{year}-{week:02}",
            kind=NewsKind.VALUE,
            codes=tuple(codes),
            path=_path(codes[0]),
            facts=_facts(event.key, value),
            is_simulated=value.simulated,
        )
    )


def figure_revised(event: FigureRevised) -> None:
    """A value that had been told was replaced."""
    codes = [found.code for found in strategy.list_indicators_of_key(event.key)]
    value = figures.find_value(event.value_id)
    if codes and value is not None:
        keep_news(
            NewsDraft(
                key=f"revision:{event.value_id}",
                kind=NewsKind.REVISION,
                codes=tuple(codes),
                path=_path(codes[0]),
                facts=_revision(event, value),
                is_simulated=value.simulated,
            )
        )


def _revision(event: FigureRevised, value: Value) -> dict[str, object]:
    """Old and new number where both may be told, and why; nothing of a figure that is kept secret now."""
    if value.value is None:
        return {}
    return {**_facts(event.key, value), "old": event.old, "reason": value.revision_reason}


def _facts(key: str, value: Value) -> dict[str, object]:
    definition = figures.definition_of(key)
    last = value.period_end.astimezone(BERLIN) - timedelta(seconds=1)
    return {
        "value": value.value,
        "ucum": definition.unit,
        "digits": definition.digits,
        "until": last.date().isoformat(),
    }


def _path(code: str) -> str:
    found = strategy.find_reference(code)
    return found.url if found else reverse("strategy:overview")


def _true_since(code: str) -> datetime:
    """When an item's newest version begins to be true; news of what is decided for later waits for its day."""
    now, day = timezone.now(), strategy.newest_since(code)
    if day is None or day <= timezone.localdate():
        return now
    return datetime.combine(day, time(), BERLIN)
