"""Which of the kept targets counts: by the day it is for, and by what was decided at a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from stadt.apps.steering.models import Target
from stadt.apps.steering.states import TargetState
from stadt.apps.steering.targets import Measuring, PathPoint, Range, Soll
from stadt.web.formats import local

LINE = ("code", "measure", "figure", "series", "place_id", "frame")


def line_of(target: Target) -> tuple[Any, ...]:
    """What the revisions of one target have in common."""
    return tuple(getattr(target, name) for name in LINE)


def today() -> date:
    """The day in the city."""
    return local(timezone.now()).date()


def list_targets(
    *,
    code: str | None = None,
    measure: str | None = None,
    on: date | None = None,
    known: datetime | None = None,
    examples: bool = True,
) -> list[Target]:
    """The decided targets that hold on a day (today), one for each line, as they were known at a moment (now).

    Args:
        code, measure: only those of an indicator, or of a measure; "" means of none.
        examples: whether examples of the demo are among them.
    """
    found = Target.objects.filter(state=TargetState.DECIDED, valid_from__lte=on or today())
    if known is not None:
        found = found.filter(decided_at__lte=known)
    if code is not None:
        found = found.filter(code=code)
    if measure is not None:
        found = found.filter(measure=measure)
    if not examples:
        found = found.filter(is_example=False)
    newest: dict[tuple[Any, ...], Target] = {}
    for target in found.order_by("valid_from", "decided_at", "pk"):
        newest[(*line_of(target), target.is_example)] = target
    shown = [target for target in newest.values() if not target.ends]
    return sorted(shown, key=lambda target: (target.code, target.measure, target.frame, target.pk))


def list_revisions(target: Target) -> list[Target]:
    """All decided rows of a target's line, the one that counts last first."""
    same = {name: getattr(target, name) for name in LINE}
    found = Target.objects.filter(state=TargetState.DECIDED, is_example=target.is_example, **same)
    return list(found.select_related("place").order_by("-valid_from", "-decided_at", "-pk"))


def soll_of(target: Target) -> Soll | None:
    """The row as it is judged by; None for one that ends its line."""
    if target.ends:
        return None
    return Soll(
        Range(target.low, target.high),
        target.due,
        tuple(_point(item) for item in target.path),
        target.base_value,
        target.base_on,
        target.tolerance,
        Measuring(target.measuring),
    )


def targets_of_measure(
    code: str, measure: str, on: date, targets: Iterable[Target] | None = None
) -> list[Target]:
    """The city's own targets by which a measure is evaluated on an indicator.

    Those set for the measure, on each of its areas (S-2); without any the one of the whole city.
    """
    found = (
        list_targets(code=code, on=on) if targets is None else [one for one in targets if one.code == code]
    )
    own = [one for one in found if not one.frame]
    meant = [one for one in own if one.measure == measure]
    return meant or [one for one in own if not one.measure and one.place_id is None and not one.series]


def _point(item: dict[str, Any]) -> PathPoint:
    return PathPoint(date.fromisoformat(item["on"]), Range(item["low"], item["high"]))
