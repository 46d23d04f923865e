"""Example targets, so that the pages show something. They are marked as examples and count for nothing."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from stadt.apps.steering import services, strategy
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
from stadt.core.people.actor import Actor

ACTOR = Actor.system("demo:steering")
REASON = "Beispiel für die Vorführung, kein Ziel der Stadt"
REFERENCE = "Beispiel, kein Beschluss"
MOST_EXAMPLES = 4
DONE = gettext_noop("Beispiele für Soll-Werte")

# Ranges for figures in percent, one of each kind: at least, between, at most, and 0.
RANGES: tuple[tuple[float | None, float | None], ...] = ((60, None), (20, 80), (None, 40), (None, 0))


def fill(progress: Callable[[str], None]) -> None:
    """Decide a few example targets for indicators that the platform measures in percent, unless they are there already."""
    if Target.objects.filter(is_example=True).exists():
        return
    day = today()
    codes = [one.code for one in strategy.list_indicators() if one.unit in {"%", "percent"}]
    measured = [code for code in codes if strategy.own_keys(code)][:MOST_EXAMPLES]
    for code, (low, high) in zip(measured, RANGES, strict=False):
        draft = TargetDraft(
            code=code,
            valid_from=day - timedelta(days=30),
            reason=REASON,
            low=low,
            high=high,
            due=day.replace(year=day.year + 2, month=12, day=31),
            is_example=True,
        )
        target = services.propose_target(ACTOR, draft)
        services.decide_target(ACTOR, target.pk, REFERENCE)
    progress(DONE)


@transaction.atomic
def clear() -> None:
    """Remove the examples."""
    Answer.objects.filter(is_example=True).delete()
    EarlyWarning.objects.filter(is_example=True).delete()
    for model in (Evaluation, EvaluationRule, InfluenceCheck, Target):
        model.objects.filter(is_example=True).delete()
