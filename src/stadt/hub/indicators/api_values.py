"""Shapes and doors of single values below `/api/v1/indicators`: all their fields, their provenance, and entering one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from stadt.core.errors import NotFound
from stadt.core.people.access import actor_of
from stadt.hub.indicators import prov, queries
from stadt.hub.indicators.declaration import PeriodKind, Quality
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import ValueDraft
from stadt.hub.indicators.kept.plausibility import sentence_of
from stadt.hub.indicators.kept.rights import ENTER
from stadt.hub.indicators.states import Decision, Origin, QualityClass, ValueState
from stadt.hub.places.queries import area_names, get_area

LONGEST_HISTORY = 1000
LARGEST_ID = 2**63 - 1


class ValueOut(Schema):
    """A value of a period; null with a `reason` where there is none, and all else null where none was ever computed."""

    id: int | None = None
    value: float | None
    reason: str
    state: ValueState | None = None
    numerator: float | None = None
    denominator: float | None = None
    interval_low: float | None = Field(None, description="null where the figure carries no interval")
    interval_high: float | None = None
    interval_level: float | None = Field(None, description="such as 0.95")
    interval_method: str | None = Field(None, description="wilson, poisson, mean, or empty")
    quality: Quality | None = None
    quality_class: QualityClass | None = Field(
        None, description="the six classes of the U4SSC verification manual"
    )
    simulated: bool | None = None
    series: str | None = None
    dimensions: dict[str, str] | None = None
    place: str | None = Field(None, description="name of the area; null for the whole city")
    period: PeriodKind | None = None
    period_start: datetime | None = None
    period_end: datetime | None = Field(None, description="the first moment after the period")
    as_of: datetime | None = Field(None, description="the moment the value was computed for")
    computed_at: datetime | None = None
    version: int | None = Field(None, description="of the formula")
    release: str | None = Field(None, description="of the platform")
    note: str | None = None
    origin: Origin | None = None
    revision: int | None = Field(None, description="1 for the first value told of its period")
    revision_reason: str | None = None
    superseded_at: datetime | None = Field(None, description="since when another value stands in its place")


class ValueList(Schema):
    """Values of one series, oldest first."""

    values: list[ValueOut]


class ValueIn(Schema):
    """A figure to enter: a value, or numerator and denominator, or a state without a number."""

    model_config = ConfigDict(extra="forbid")

    period: str = Field(
        max_length=30, description="such as 2025, 2025-Q3, 2025-07 or 2023-2025, of the indicator's kind"
    )
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    deviation: float | None = None
    state: ValueState = ValueState.VALUE
    quality_class: QualityClass = QualityClass.MEASURED
    note: str = Field("", max_length=1000)
    place: str = Field("", max_length=200)
    series: str = Field("", max_length=60)
    dimensions: dict[str, str] = {}
    unit: str = Field("", max_length=40, description="UCUM code; refused when it is not the indicator's")


class EntryOut(Schema):
    """An entered figure that waits for a person to confirm it, with what was asked about it."""

    id: int
    decision: Decision
    findings: list[str]


def add_doors(router: Router) -> None:
    """The addresses of values."""
    router.get("/{key}/values", response=ValueList, summary="Values of one series, place and breakdown")(
        list_values
    )
    router.get("/{key}/values/{value_id}", response=ValueOut, summary="One value, also one that was revised")(
        show_value
    )
    # JSON-LD is no JSON of this interface: it obeys PROV-O, not the document.
    router.get("/{key}/values/{value_id}/provenance", include_in_schema=False)(show_provenance)
    router.post(
        "/{key}/values",
        response={201: EntryOut},
        auth=may_enter,
        summary="Enter a figure; a person confirms it",
    )(enter_value)


def list_values(
    request: HttpRequest,
    key: str,
    place: Annotated[str, Query(max_length=80, description="key of an area")] = "",
    series: Annotated[str, Query(max_length=60)] = "",
    period: PeriodKind | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_HISTORY)] = 100,
) -> dict[str, Any]:
    """The newest values as they stand today, oldest first; those that were revised have their own address."""
    queries.definition_of(key)
    if "\0" in place or "\0" in series:
        raise NotFound(gettext("Diesen Ort oder diese Reihe gibt es nicht."))
    place_id = get_area(place).id if place else None
    values = queries.history(key, limit, place_id=place_id, series=series, period=period)
    return {"values": [value_json(value) for value in values]}


def show_value(request: HttpRequest, key: str, value_id: int) -> dict[str, Any]:
    """One value by its id."""
    return value_json(_get(key, value_id))


def show_provenance(request: HttpRequest, key: str, value_id: int) -> HttpResponse:
    """Entities, activity and agents; people stand there by their role only."""
    value = _get(key, value_id)
    definition = queries.definition_of(key)
    for one in queries.versions_of(key):
        definition = one if one.version == value.version else definition
    return HttpResponse(
        msgspec.json.encode(prov.document_of(definition, value)), content_type=prov.MEDIA_TYPE
    )


def may_enter(request: HttpRequest) -> bool:
    """Asked before the body is read, so that strangers hear that they are strangers and not what they wrote wrong."""
    actor_of(request).require(ENTER)
    return True


def enter_value(request: HttpRequest, key: str, figure: ValueIn) -> Status[dict[str, Any]]:
    """Enter a figure with a token that has `indicators.enter`. It is no value before a person confirmed it."""
    entry = services.enter_value(actor_of(request), key, ValueDraft(**figure.model_dump()))
    findings = [sentence_of(finding) for finding in entry.findings]
    return Status(201, {"id": entry.pk, "decision": entry.decision, "findings": findings})


def value_json(value: queries.Value | None) -> dict[str, Any]:
    """A value as the interface writes it."""
    if value is None:
        return {"value": None, "reason": gettext("noch nicht berechnet")}
    plain = (
        "id", "value", "numerator", "denominator", "interval_low", "interval_high", "interval_level", "simulated", "series",
        "period_start", "period_end", "as_of", "computed_at", "version", "release", "note", "revision", "revision_reason",
        "superseded_at", "reason",
    )  # fmt: skip
    words = ("quality", "quality_class", "state", "interval_method", "origin", "period")
    return {
        **{name: getattr(value, name) for name in plain},
        **{name: str(getattr(value, name)) for name in words},
        "dimensions": dict(value.dimensions),
        "place": area_names([value.place_id]).get(value.place_id) if value.place_id else None,
    }


def _get(key: str, value_id: int) -> queries.Value:
    value = queries.find_value(value_id) if 0 < value_id <= LARGEST_ID else None
    if value is None or value.key != key:
        raise NotFound(gettext("Diesen Wert gibt es nicht."))
    return value
