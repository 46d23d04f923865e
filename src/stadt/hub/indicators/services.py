"""Computes values, stores them with what they came from, and computes old ones again."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt import __version__
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.core.events import publish
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.services import set_holds
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.indicators import dimensions, intervals
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind, Quality
from stadt.hub.indicators.events import FigureStored
from stadt.hub.indicators.kept import recomputing
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.queries import Value, as_value
from stadt.hub.indicators.sources import CitedSources, LiveSources, NoSnapshot, Sources
from stadt.hub.indicators.states import Origin, ValueState
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.outline_index import Area, current_index

logger = logging.getLogger("stadt.indicators")

COMPUTE = Permission("indicators.compute", "Kennzahlen neu berechnen")

NOT_PUBLISHED = _("Der Datensatz „%(dataset)s“ ist noch nicht veröffentlicht.")
NOT_FINITE = _("Die Berechnung ergab keine Zahl.")


def get_indicator(key: str) -> Indicator:
    """The declaration of an indicator. Raises NotFound."""
    found = registry.indicators.get(key)
    if not isinstance(found, Indicator):
        raise NotFound(gettext("Es gibt keine Kennzahl „%(key)s“.") % {"key": key})
    return found


def present_period(indicator: Indicator, moment: datetime | None = None) -> Period:
    """The indicator's period that runs at a moment (now), in the city's time zone."""
    return Period.containing(indicator.period, moment or timezone.now(), ZoneInfo(current().timezone))


def compute_now(actor: Actor, key: str, area: Area | None = None) -> Value:
    """Compute the running period's value and store it in place of the one before."""
    actor.require(COMPUTE)
    indicator = get_indicator(key)
    return compute_for(actor, indicator, present_period(indicator), area)


@transaction.atomic
def compute_for(actor: Actor, indicator: Indicator, period: Period, area: Area | None = None) -> Value:
    """Compute a period's value and store it with its inputs; the snapshots it cites are kept from now on.

    The city's value comes with those of its districts and quarters where the indicator is told by area. A value that is
    final stays as it is: what was once said about a period that is over is not changed silently.
    """
    actor.require(COMPUTE)
    _lock(indicator.key)
    snapshots: dict[str, SnapshotInfo] = {}
    value, is_new = _store(indicator, period, area, snapshots)
    if is_new:
        for part in _areas_of(indicator) if area is None else ():
            _store(indicator, period, part, snapshots)
        publish(FigureStored(indicator.key, str(period.kind), period.start))
    return value


def _areas_of(indicator: Indicator) -> list[Area]:
    """The districts and quarters that an indicator is told for."""
    if not indicator.by_area:
        return []
    return [area for area in current_index().areas.values() if area.kind is not PlaceKind.CITY]


def _store(
    indicator: Indicator, period: Period, area: Area | None, snapshots: dict[str, SnapshotInfo]
) -> tuple[Value, bool]:
    """The value of one place, and whether it was computed now; a final one is not. All places read the same `snapshots`."""
    where: dict[str, Any] = {
        "key": indicator.key,
        "period": period.kind,
        "period_start": period.start,
        "place_id": area.id if area else None,
        "superseded_at": None,
    }
    stored = IndicatorValue.objects.filter(**where, series="", dimension="").first()
    if stored is not None and stored.as_of >= stored.period_end:
        return as_value(stored), False
    sources = LiveSources(snapshots=snapshots)
    figures, reason_values = _computed(indicator, period, area, sources)
    rows = []
    for figure in figures:
        at = {**where, "series": figure.series, "dimension": dimensions.written(figure.dimensions)}
        said = _columns(indicator, figure, period, sources, reason_values)
        row, _created = IndicatorValue.objects.update_or_create(**at, defaults=said)
        set_holds(f"indicator:{row.pk}", {snapshot.id for snapshot in sources.snapshots.values()})
        rows.append(row)
    return as_value(rows[0]), True


def _columns(
    indicator: Indicator,
    figure: Figure,
    period: Period,
    sources: LiveSources,
    reason_values: dict[str, Any],
) -> dict[str, Any]:
    interval = intervals.of_figure(indicator, figure)
    return {
        "period_end": period.end,
        "as_of": period.as_of,
        "value": _float(figure.value),
        "numerator": _float(figure.numerator),
        "denominator": _float(figure.denominator),
        "state": figure.told_state,
        "quality": _quality(figure, period),
        "quality_class": indicator.quality_class,
        "interval_low": interval.low if interval else None,
        "interval_high": interval.high if interval else None,
        "interval_level": interval.level if interval else None,
        "interval_method": interval.method if interval else "",
        "note": figure.note,
        "simulated": sources.is_simulated if figure.simulated is None else figure.simulated,
        "reason": figure.reason if figure.value is None else "",
        "reason_values": reason_values,
        "inputs": sources.inputs,
        "sample": list(figure.sample),
        "version": indicator.version,
        "release": __version__,
        "computed_at": timezone.now(),
    }


def recompute(value_id: int) -> Figure:
    """Compute a stored value again from exactly what it cites: snapshots and query results, an entry, the frozen copy of
    a file, or other stored values.

    Raises:
        NotFound: there is no such value, or the formula has another version by now.
        Gone: a cited snapshot was purged.
    """
    row = IndicatorValue.objects.filter(pk=value_id).first()
    if row is None:
        raise NotFound(gettext("Es gibt keinen Wert %(value_id)s.") % {"value_id": value_id})
    if row.origin != Origin.PLATFORM:
        return recomputing.recompute(row)
    indicator = get_indicator(row.key)
    if indicator.version != row.version:
        raise NotFound(
            gettext("Der Wert entstand mit Fassung %(version)s der Formel, heute gilt %(indicator_version)s.")
            % {"version": row.version, "indicator_version": indicator.version}
        )
    period = period_of(row)
    area = current_index().areas.get(row.place_id) if row.place_id else None
    figures, _values = _computed(indicator, period, area, CitedSources(row.inputs))
    for figure in figures:
        if (figure.series, dimensions.written(figure.dimensions)) == (row.series, row.dimension):
            return figure
    raise NotFound(gettext("Die Formel nennt diese Reihe nicht mehr."))


def period_of(row: IndicatorValue) -> Period:
    """The period a value was computed for, in the city's time zone."""
    zone = ZoneInfo(current().timezone)
    return Period(
        PeriodKind(row.period), row.period_start.astimezone(zone), row.period_end.astimezone(zone), row.as_of
    )


def close_periods(actor: Actor, indicator: Indicator) -> list[Value]:
    """Give the periods that are over their final value: those with a provisional one, and missing ones to backfill."""
    now = present_period(indicator)
    pending = IndicatorValue.objects.filter(
        key=indicator.key, place=None, series="", dimension="", superseded_at=None, period_start__lt=now.start
    )
    open_starts = {row.period_start: row for row in pending if row.as_of < row.period_end}
    known = set(pending.values_list("period_start", flat=True))
    periods = [period_of(row).closed() for row in open_starts.values()]
    earlier = now
    for _step in range(indicator.backfill):
        earlier = earlier.before()
        if earlier.start not in known:
            periods.append(earlier)
    return [compute_for(actor, indicator, period) for period in sorted(periods, key=lambda item: item.start)]


def _computed(
    indicator: Indicator, period: Period, area: Area | None, sources: Sources
) -> tuple[list[Figure], dict[str, Any]]:
    try:
        figures = [indicator.compute(period, area, sources)]
        if indicator.further is not None:
            figures += indicator.further(period, area, sources)
    except NoSnapshot as missing:
        return [Figure.missing(NOT_PUBLISHED)], {"dataset": missing.dataset}
    return [_checked(indicator, figure) for figure in figures], {}


def _checked(indicator: Indicator, figure: Figure) -> Figure:
    """What is no number is no value; a missing one needs its reason, and a number no other state."""
    numbers = (figure.value, figure.numerator, figure.denominator)
    if any(number is not None and not math.isfinite(number) for number in numbers):
        return replace(Figure.missing(NOT_FINITE), series=figure.series, dimensions=figure.dimensions)
    if figure.value is None and not figure.reason:
        raise ValueError(f"{indicator.key}: a figure without a value needs a reason")
    if (figure.told_state is ValueState.VALUE) != (figure.value is not None):
        raise ValueError(f"{indicator.key}: the state {figure.told_state} contradicts the value")
    return figure


def _quality(figure: Figure, period: Period) -> Quality:
    if figure.quality is not None:
        return figure.quality
    return Quality.FINAL if period.is_over else Quality.PROVISIONAL


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _lock(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"indicators.compute:{key}"])


def indicators_over(dataset: str) -> Sequence[Indicator]:
    """The indicators whose newest value cites a dataset, that wait for it, or that were never computed."""
    newest = list(
        IndicatorValue.objects.filter(place=None, superseded_at=None, key__in=list(registry.indicators))
        .order_by("key", "-period_start")
        .distinct("key")
        .values_list("key", "inputs", "reason_values")
    )
    touched = {
        key
        for key, inputs, waiting in newest
        if waiting.get("dataset") == dataset or any(item.get("dataset") == dataset for item in inputs)
    }
    known = {key for key, _inputs, _waiting in newest}
    return [get_indicator(key) for key in sorted(registry.indicators) if key in touched or key not in known]
