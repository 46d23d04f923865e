"""Example targets, so that the pages show something. They are marked as examples and count for nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from stadt.apps.steering import services, strategy
from stadt.apps.steering.forecast import FEWEST_POINTS
from stadt.apps.steering.ist import Ist, figure_of, series_of
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import (
    Answer,
    EarlyWarning,
    Evaluation,
    EvaluationRule,
    InfluenceCheck,
    Target,
)
from stadt.apps.steering.services.targets import TargetDraft
from stadt.apps.steering.strategy import PrintedIndicator
from stadt.core.people.actor import Actor

ACTOR = Actor.system("demo:steering")
REASON = "Beispiel für die Vorführung, kein Ziel der Stadt"
REFERENCE = "Beispiel, kein Beschluss"
DONE = gettext_noop("Beispiele für Soll-Werte")

WITH_VALUES, WITHOUT = 3, 1
LEAST_PERCENT = 60.0


def fill(progress: Callable[[str], None]) -> None:
    """Decide a few example targets, first for indicators that have a history, unless they are there already."""
    if Target.objects.filter(is_example=True).exists():
        return
    known, unknown = _candidates()
    for indicator, values in known[:WITH_VALUES]:
        _decide(_from_history(indicator, values))
    for indicator in unknown[:WITHOUT]:
        _decide(_draft(indicator.code, low=LEAST_PERCENT))
    progress(DONE)


def _candidates() -> tuple[list[tuple[PrintedIndicator, list[Ist]]], list[PrintedIndicator]]:
    """Indicators with at least three whole periods, longest history first; and those in percent that have none yet."""
    known, unknown = [], []
    for indicator in strategy.list_indicators():
        figure = figure_of(indicator.code)
        if figure is None:
            continue
        values = [one for one in series_of(figure.key) if one.value is not None]
        if len(values) >= FEWEST_POINTS:
            known.append((indicator, values))
        elif not values and figure.unit == "%":
            unknown.append(indicator)
    return sorted(known, key=lambda pair: -len(pair[1])), unknown


def _from_history(indicator: PrintedIndicator, values: list[Ist]) -> TargetDraft:
    """A tenth better than the first value, in the direction that is better; the first value is the base."""
    first = values[0].value or 0.0
    is_lower = indicator.direction == "lower better"
    wanted = round(first * (0.9 if is_lower else 1.1), 1)
    more = {"high": wanted} if is_lower else {"low": wanted}
    return _draft(indicator.code, base_value=first, base_on=values[0].on, **more)


def _draft(code: str, **more: Any) -> TargetDraft:
    day = today()
    due = date(day.year + 2, 12, 31)
    return TargetDraft(code, day - timedelta(days=30), REASON, due=due, is_example=True, **more)


def _decide(draft: TargetDraft) -> None:
    target = services.propose_target(ACTOR, draft)
    services.decide_target(ACTOR, target.pk, REFERENCE)


@transaction.atomic
def clear() -> None:
    """Remove the examples."""
    Answer.objects.filter(is_example=True).delete()
    EarlyWarning.objects.filter(is_example=True).delete()
    for model in (Evaluation, EvaluationRule, InfluenceCheck, Target):
        model.objects.filter(is_example=True).delete()
