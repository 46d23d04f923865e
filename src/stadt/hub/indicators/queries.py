"""Reads of values: the newest of each indicator, its history, and the list of indicators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from stadt.core.registry import registry
from stadt.hub.indicators.declaration import Indicator, PeriodKind, Quality
from stadt.hub.indicators.models import IndicatorValue


@dataclass(frozen=True, slots=True)
class Value:
    """A stored value. `value` is None where there is none, for the `reason` (in the reader's language)."""

    id: int
    key: str
    value: float | None
    numerator: float | None
    denominator: float | None
    quality: Quality
    simulated: bool
    period: PeriodKind
    period_start: datetime
    period_end: datetime
    as_of: datetime
    computed_at: datetime
    place_id: int | None
    version: int
    release: str
    reason_text: str
    reason_values: dict[str, Any]
    inputs: list[dict[str, Any]]
    sample: list[int]

    @property
    def reason(self) -> str:
        """Why there is no value, in the active language; empty when there is one."""
        if not self.reason_text:
            return ""
        words = gettext(self.reason_text)
        return words % self.reason_values if self.reason_values else words

    @property
    def is_final(self) -> bool:
        """Whether the period is over and the value will not change."""
        return self.as_of >= self.period_end


def as_value(row: IndicatorValue) -> Value:
    """The row without its table."""
    return Value(
        id=row.pk,
        key=row.key,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        quality=Quality(row.quality),
        simulated=row.simulated,
        period=PeriodKind(row.period),
        period_start=row.period_start,
        period_end=row.period_end,
        as_of=row.as_of,
        computed_at=row.computed_at,
        place_id=row.place_id,
        version=row.version,
        release=row.release,
        reason_text=row.reason,
        reason_values=row.reason_values,
        inputs=row.inputs,
        sample=row.sample,
    )


def latest_values(keys: Iterable[str]) -> dict[str, Value]:
    """The newest city-wide value of each of these indicators that was computed at least once. One query.

    The running period's value where there is one; it may be a missing value with its reason.
    """
    rows = (
        IndicatorValue.objects.filter(key__in=set(keys), place=None)
        .order_by("key", "-period_start")
        .distinct("key")
    )
    return {row.key: as_value(row) for row in rows}


def history(key: str, limit: int = 100, *, place_id: int | None = None) -> list[Value]:
    """The newest `limit` values of an indicator, OLDEST FIRST; city-wide unless a place is named."""
    where = Q(place=None) if place_id is None else Q(place_id=place_id)
    rows = IndicatorValue.objects.filter(where, key=key).order_by("-period_start")[:limit]
    return [as_value(row) for row in reversed(rows)]


def list_indicators() -> list[Indicator]:
    """The declared indicators by key."""
    found = [item for item in registry.indicators.values() if isinstance(item, Indicator)]
    return sorted(found, key=lambda item: item.key)
