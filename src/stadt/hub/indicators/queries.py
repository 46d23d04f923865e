"""Reads of values: the newest of each indicator, its history, and what an indicator is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.core.once import once_a_page
from stadt.core.registry import registry
from stadt.hub.indicators import dimensions
from stadt.hub.indicators.declaration import Indicator, PeriodKind, Quality
from stadt.hub.indicators.definitions import Definition, of_declared, of_version
from stadt.hub.indicators.kept.figures import REASONS
from stadt.hub.indicators.models import DefinitionVersion, IndicatorValue, KeptIndicator
from stadt.hub.indicators.states import Origin, QualityClass, ValueState
from stadt.hub.indicators.statistics import Interval, Method
from stadt.hub.lake.layout import KEY


@dataclass(frozen=True, slots=True)
class Value:
    """A stored value. `value` is None where there is none, for the `reason` (in the reader's language).

    `interval_*` are None where the figure has none. `revision` counts from 1; a value that was revised has the moment in
    `superseded_at`, and the one that replaced it says why in `revision_reason`.
    """

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
    state: ValueState = ValueState.VALUE
    quality_class: QualityClass = QualityClass.MEASURED
    interval_low: float | None = None
    interval_high: float | None = None
    interval_level: float | None = None
    interval_method: Method = Method.NONE
    series: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    origin: Origin = Origin.PLATFORM
    entry_id: int | None = None
    revision: int = 1
    revises_id: int | None = None
    revision_reason: str = ""
    superseded_at: datetime | None = None

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

    @property
    def interval(self) -> Interval | None:
        """The four parts of the interval as one."""
        if self.interval_low is None or self.interval_high is None or self.interval_level is None:
            return None
        return Interval(self.interval_low, self.interval_high, self.interval_level, self.interval_method)


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
        state=ValueState(row.state),
        quality_class=QualityClass(row.quality_class),
        interval_low=row.interval_low,
        interval_high=row.interval_high,
        interval_level=row.interval_level,
        interval_method=Method(row.interval_method),
        series=row.series,
        dimensions=dimensions.read(row.dimension),
        note=row.note,
        origin=Origin(row.origin),
        entry_id=row.entry_id,
        revision=row.revision,
        revises_id=row.revises_id,
        revision_reason=row.revision_reason,
        superseded_at=row.superseded_at,
    )


def latest_values(keys: Iterable[str]) -> dict[str, Value]:
    """The newest city-wide value of the main series of each of these indicators, with no breakdown. One query.

    The running period's value where there is one; it may be a missing value with its reason. Of a kept indicator with a
    moving mean it is the newest single period, not the mean: `history` with `period` gives those.
    """
    rows = (
        IndicatorValue.objects.filter(
            Q(place=None), key__in=set(keys), series="", dimension="", superseded_at=None
        )
        .exclude(origin=Origin.DERIVED)
        .order_by("key", "-period_start")
        .distinct("key")
    )
    return {row.key: as_value(row) for row in rows}


def history(
    key: str,
    limit: int = 100,
    *,
    place_id: int | None = None,
    series: str = "",
    breakdown: Mapping[str, str] | None = None,
    period: PeriodKind | None = None,
) -> list[Value]:
    """The newest `limit` values of an indicator as they stand today, OLDEST FIRST.

    City-wide, of the main series and without breakdown unless others are named. Moving means come only when their
    `period` is asked for. Values that were revised are left out: `revisions_of` gives them.
    """
    where = Q(place=None) if place_id is None else Q(place_id=place_id)
    where &= ~Q(origin=Origin.DERIVED) if period is None else Q(period=period)
    rows = IndicatorValue.objects.filter(
        where, key=key, series=series, dimension=dimensions.written(breakdown or {}), superseded_at=None
    ).order_by("-period_start")[:limit]
    return [as_value(row) for row in reversed(rows)]


def newest_slots(key: str, limit: int = 200) -> list[Value]:
    """The newest value of every place, series and breakdown of an indicator but the city's main one, moving means too."""
    rows = (
        IndicatorValue.objects.filter(key=key, superseded_at=None)
        .order_by("series", "dimension", "place_id", "period", "-period_start")
        .distinct("series", "dimension", "place_id", "period")
    )
    main = Q(place=None, series="", dimension="") & ~Q(origin=Origin.DERIVED)
    return [as_value(row) for row in rows.exclude(main)[:limit]]


def area_values(key: str) -> list[Value]:
    """The value of each district and quarter for the newest period that has any, of the main series without breakdown."""
    rows = IndicatorValue.objects.filter(
        key=key, place__isnull=False, series="", dimension="", superseded_at=None
    ).exclude(origin=Origin.DERIVED)
    newest = rows.order_by("-period_start").values_list("period_start", flat=True).first()
    return [as_value(row) for row in rows.filter(period_start=newest)] if newest else []


def find_value(value_id: int) -> Value | None:
    """A value by its id, also one that was revised."""
    row = IndicatorValue.objects.filter(pk=value_id).first()
    if row is None:
        return None
    return _as_old_value(row, is_hidden_now(row))


def is_hidden_now(row: IndicatorValue) -> bool:
    """Whether what was once told in a value's place is kept secret today, so that the old value is told no more."""
    return (
        row.superseded_at is not None
        and IndicatorValue.objects.filter(
            Q(place=None) if row.place_id is None else Q(place_id=row.place_id),
            key=row.key,
            period=row.period,
            period_start=row.period_start,
            series=row.series,
            dimension=row.dimension,
            superseded_at=None,
            state=ValueState.SUPPRESSED,
        ).exists()
    )


def _as_old_value(row: IndicatorValue, is_hidden: bool) -> Value:
    said = as_value(row)
    if not is_hidden:
        return said
    return replace(
        said,
        value=None,
        numerator=None,
        denominator=None,
        interval_low=None,
        interval_high=None,
        interval_level=None,
        interval_method=Method.NONE,
        state=ValueState.SUPPRESSED,
        reason_text=REASONS[ValueState.SUPPRESSED],
        reason_values={},
    )


def revisions_of(value: Value) -> list[Value]:
    """All that was ever said for the same period, place, series and breakdown, the first one first.

    What is kept secret today is so in all its revisions.
    """
    where = Q(place=None) if value.place_id is None else Q(place_id=value.place_id)
    rows = IndicatorValue.objects.filter(
        where,
        key=value.key,
        period=value.period,
        period_start=value.period_start,
        series=value.series,
        dimension=dimensions.written(value.dimensions),
    )
    found = list(rows.order_by("revision"))
    is_hidden = any(row.superseded_at is None and row.state == ValueState.SUPPRESSED for row in found)
    return [_as_old_value(row, is_hidden and row.superseded_at is not None) for row in found]


def list_indicators() -> list[Indicator]:
    """The declared indicators by key."""
    found = [item for item in registry.indicators.values() if isinstance(item, Indicator)]
    return sorted(found, key=lambda item: item.key)


def list_definitions() -> list[Definition]:
    """All indicators, declared and kept, by key, as they are defined today."""
    return sorted(
        [*(of_declared(item) for item in list_indicators()), *_kept_today().values()],
        key=lambda item: item.key,
    )


def definition_of(key: str, at: date | None = None) -> Definition:
    """What an indicator is: its version in force on a day, today's when none is named.

    A day before the first version gets the first one.

    Raises:
        NotFound: there is no such indicator.
    """
    declared = registry.indicators.get(key)
    if isinstance(declared, Indicator):
        return of_declared(declared)
    versions = versions_of(key)
    if not versions:
        raise NotFound(gettext("Es gibt keine Kennzahl „%(key)s“.") % {"key": key[:101]})
    day = at or _today()
    begun = [one for one in versions if one.valid_from is not None and one.valid_from <= day]
    return begun[-1] if begun else versions[0]


def versions_of(key: str) -> list[Definition]:
    """All versions of a kept indicator's definition, the first one first; none for others."""
    if not KEY.match(key):
        return []
    rows = DefinitionVersion.objects.filter(kept__key=key).select_related("kept").order_by("valid_from")
    return [of_version(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator as it is defined today with its newest value; None: there is none yet."""

    definition: Definition
    latest: Value | None


def figures_of(keys: Iterable[str]) -> dict[str, Known]:
    """These indicators, declared and kept, as far as they exist, in the order asked for. Two queries."""
    wanted = list(dict.fromkeys(keys))
    kept, latest = _kept_today(wanted), latest_values(wanted)
    found = {}
    for key in wanted:
        declared = registry.indicators.get(key)
        definition = of_declared(declared) if isinstance(declared, Indicator) else kept.get(key)
        if definition is not None:
            found[key] = Known(definition, latest.get(key))
    return found


def kept_keys_for(code: str) -> tuple[str, ...]:
    """The keys of the kept indicators that measure a printed code."""
    return tuple(KeptIndicator.objects.filter(code=code).order_by("key").values_list("key", flat=True))


@once_a_page
def kept_keys() -> dict[str, tuple[str, ...]]:
    """Printed code → keys of the kept indicators that measure it; one query for pages that ask for many."""
    found: dict[str, list[str]] = {}
    for code, key in KeptIndicator.objects.exclude(code="").order_by("key").values_list("code", "key"):
        found.setdefault(code, []).append(key)
    return {code: tuple(keys) for code, keys in found.items()}


def _kept_today(keys: Iterable[str] | None = None) -> dict[str, Definition]:
    rows = DefinitionVersion.objects.select_related("kept").order_by("kept__key", "valid_from")
    if keys is not None:
        rows = rows.filter(kept__key__in=list(keys))
    found: dict[str, Definition] = {}
    day = _today()
    for row in rows:
        if row.kept.key not in found or row.valid_from <= day:
            found[row.kept.key] = of_version(row)
    return found


def _today() -> date:
    return timezone.localdate()
