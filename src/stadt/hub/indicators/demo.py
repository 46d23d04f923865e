"""Example figures of the demo city: indicators of `kept_indicators.toml` in the city's folder, entered and confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from stadt.core.city import current
from stadt.core.errors import Conflict
from stadt.core.people.actor import Actor
from stadt.core.people.tree import get_city
from stadt.hub.indicators.declaration import Series
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import DefinitionDraft, ValueDraft
from stadt.hub.indicators.models import Entry, FigureFile, IndicatorValue, KeptIndicator
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import Method

ENTERING, CONFIRMING = Actor.system("demo:figures"), Actor.system("demo:confirmation")
ANSWER = "Beispielwert, erfunden für die Vorführung."
TEXTS = ("title", "unit", "description", "formula", "source", "numerator", "denominator", "method", "digits", "protects_people", "additive", "valid_low", "valid_high", "per")  # fmt: skip


def fill(progress: Callable[[str], None]) -> None:
    """Define what is not there yet and give it its example values; every one is simulated."""
    made = 0
    for one in current().read_toml("kept_indicators.toml").get("indicator", ()):
        if not KeptIndicator.objects.filter(key=one["key"]).exists():
            _define(one)
            made += 1
    if made:
        progress(_("%(count)s Beispielkennzahlen eingetragen") % {"count": made})


def clear() -> None:
    """Take away what `fill` made, and nothing else."""
    kept = KeptIndicator.objects.filter(is_example=True, created_by=f"system:{ENTERING.identifier}")
    keys = list(kept.values_list("key", flat=True))
    values = IndicatorValue.objects.filter(key__in=keys)
    Entry.objects.filter(kept__key__in=keys).update(revises=None)
    values.update(revises=None)
    values.delete()
    Entry.objects.filter(kept__key__in=keys).delete()
    FigureFile.objects.filter(kept__key__in=keys).delete()
    kept.delete()


def _define(one: Mapping[str, Any]) -> None:
    draft = DefinitionDraft(
        **{name: one[name] for name in TEXTS if name in one},
        period=PeriodKind(one.get("period", "year")),
        interval=Method(one.get("interval", "")),
        mean_of=PeriodKind(one["mean_of"]) if "mean_of" in one else None,
        series=tuple(Series(*line) for line in one.get("series", ())),
        dimensions=one.get("dimensions", {}),
    )
    services.define_indicator(
        ENTERING,
        get_city().pk,
        one["key"],
        draft,
        valid_from=one["valid_from"],
        code=one.get("code", ""),
        is_example=True,
    )
    for figure in one.get("value", ()):
        said = {**figure}
        said["quality_class"] = QualityClass(said.get("quality_class", "measured"))
        said["state"] = ValueState(said.get("state", "value"))
        try:
            entry = services.enter_value(ENTERING, one["key"], ValueDraft(**said))
        except Conflict:  # it was there already
            continue
        services.confirm_value(CONFIRMING, entry.pk, ANSWER)
