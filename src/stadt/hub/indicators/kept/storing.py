"""Writes a confirmed entry as a value, hides small cells, keeps what it replaces, and tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from stadt import __version__
from stadt.core.city import current
from stadt.core.events import publish
from stadt.hub.indicators import queries
from stadt.hub.indicators.declaration import Figure, Quality
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.events import FigureRevised, FigureStored
from stadt.hub.indicators.kept.figures import REASONS, Numbers, figure_of
from stadt.hub.indicators.kept.suppression import hide_second, is_small, threshold
from stadt.hub.indicators.models import Entry, IndicatorValue
from stadt.hub.indicators.periods import Period, PeriodKind
from stadt.hub.indicators.states import Origin, ValueState
from stadt.hub.places.models import Place


def definition_for(key: str, version: int) -> Definition:
    """The version of a kept indicator's definition that a value is of."""
    return next(one for one in queries.versions_of(key) if one.version == version)


def numbers_of(entry: Entry) -> Numbers:
    """What was entered, without the table."""
    return Numbers(entry.value, entry.numerator, entry.denominator, entry.deviation, ValueState(entry.state))


def shown_figure(definition: Definition, said: Numbers, least: int, *, hidden: bool = False) -> Figure:
    """The figure as it is published: hidden when it is a small cell, or because the total would tell it."""
    if hidden or is_small(definition, said, least):
        return Figure.missing(REASONS[ValueState.SUPPRESSED], ValueState.SUPPRESSED)
    return figure_of(definition, said)


def columns_of(figure: Figure) -> dict[str, Any]:
    """A figure as the columns of a value."""
    interval = figure.interval
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "state": figure.told_state,
        "reason": figure.reason if figure.value is None else "",
        "interval_low": interval.low if interval else None,
        "interval_high": interval.high if interval else None,
        "interval_level": interval.level if interval else None,
        "interval_method": interval.method if interval else "",
    }


def current_row(key: str, entry: Entry | IndicatorValue) -> IndicatorValue | None:
    """The value that stands today where an entry would be stored, locked."""
    where = Q(place=None) if entry.place_id is None else Q(place_id=entry.place_id)
    rows = IndicatorValue.objects.select_for_update().filter(
        where,
        key=key,
        period=entry.period,
        period_start=entry.period_start,
        series=entry.series,
        dimension=entry.dimension,
        superseded_at=None,
    )
    return rows.first()


def store(entry: Entry) -> IndicatorValue:
    """The confirmed entry as a value; one that stands there already becomes history."""
    key, now, least = entry.kept.key, timezone.now(), threshold()
    definition = definition_for(key, entry.version)
    figure = shown_figure(definition, numbers_of(entry), least)
    old = current_row(key, entry)
    if old is not None:
        old.superseded_at = now
        old.save(update_fields=("superseded_at",))
    as_of = min(now, entry.period_end)
    row = IndicatorValue.objects.create(
        key=key,
        place_id=entry.place_id,
        period=entry.period,
        period_start=entry.period_start,
        period_end=entry.period_end,
        series=entry.series,
        dimension=entry.dimension,
        quality_class=entry.quality_class,
        quality=Quality.FINAL if as_of >= entry.period_end else Quality.PROVISIONAL,
        note=entry.note,
        as_of=as_of,
        simulated=entry.simulated or entry.kept.is_example,
        inputs=[{**_cited(entry), "threshold": least, "hidden": False}],
        version=entry.version,
        release=__version__,
        computed_at=now,
        origin=Origin.FILE if entry.file_id else Origin.ENTRY,
        entry=entry,
        revision=old.revision + 1 if old else 1,
        revises=old,
        revision_reason=entry.reason,
        **columns_of(figure),
    )
    tell(row, old)
    return row


def tell(row: IndicatorValue, old: IndicatorValue | None) -> None:
    """The fact that a value was stored, or that one which had been told was replaced."""
    if old is not None and (old.value, old.state) != (row.value, row.state):
        publish(FigureRevised(row.key, row.pk, old.value, row.value))
    publish(FigureStored(row.key, row.period, row.period_start))


def hide_seconds(rows: Iterable[IndicatorValue]) -> list[IndicatorValue]:
    """Where exactly one part of a shown total is hidden, hide a second one, in the transaction that stored them.

    Returns the values that were hidden now.
    """
    seen, hidden = set(), []
    for row in rows:
        place = row.place
        if place is None:
            continue
        group = (row.key, row.period, row.period_start, row.series, row.dimension, place.parent_id)
        if group in seen or not definition_for(row.key, row.version).additive:
            continue
        seen.add(group)
        hidden += _hide_second(row, place)
    return hidden


def _hide_second(row: IndicatorValue, place: Place) -> list[IndicatorValue]:
    parts = list(
        IndicatorValue.objects.select_for_update(of=("self",))
        .select_related("entry")
        .filter(
            key=row.key,
            period=row.period,
            period_start=row.period_start,
            series=row.series,
            dimension=row.dimension,
            superseded_at=None,
            place__parent_id=place.parent_id,
            place__kind=place.kind,
        )
        .order_by("place_id")
    )
    counts = [part.value if part.numerator is None else part.numerator for part in parts]
    at = hide_second(counts, [part.state == ValueState.SUPPRESSED for part in parts])
    if at is None:
        return []
    hidden = parts[at]
    figure = Figure.missing(REASONS[ValueState.SUPPRESSED], ValueState.SUPPRESSED)
    for name, value in columns_of(figure).items():
        setattr(hidden, name, value)
    hidden.inputs = [{**one, "hidden": True} for one in hidden.inputs]
    hidden.save()
    return [hidden]


def period_of(row: Entry | IndicatorValue) -> Period:
    """The whole period of a row in the city's time zone, as of its end."""
    zone = ZoneInfo(current().timezone)
    end = row.period_end.astimezone(zone)
    return Period(PeriodKind(row.period), row.period_start.astimezone(zone), end, end)


def _cited(entry: Entry) -> dict[str, Any]:
    if entry.file is None:
        return {"kind": "entry", "entry": entry.pk}
    return {
        "kind": "file",
        "entry": entry.pk,
        "file": entry.file_id,
        "sha256": entry.file.sha256,
        **entry.cited,
    }
