"""`/api/v1/indicators`: values with their lineage, for machines."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.hub.indicators import queries
from stadt.hub.indicators.declaration import Indicator, PeriodKind, Quality
from stadt.hub.indicators.services import get_indicator

LONGEST_HISTORY = 1000


class ValueOut(Schema):
    """A value of a period; null with a `reason` where there is none, and all else null where none was ever computed."""

    value: float | None
    reason: str
    numerator: float | None = None
    denominator: float | None = None
    quality: Quality | None = None
    simulated: bool | None = None
    period_start: datetime | None = None
    period_end: datetime | None = Field(None, description="the first moment after the period")
    as_of: datetime | None = Field(None, description="the moment the value was computed for")
    computed_at: datetime | None = None
    version: int | None = Field(None, description="of the formula")
    release: str | None = Field(None, description="of the platform")


class SnapshotInput(Schema):
    """A question to a numbered snapshot of a dataset, in DuckDB's SQL over the view `data`."""

    kind: Literal["snapshot"]
    dataset: str
    number: int
    content_hash: str
    simulated_rows: int
    rows: int
    sql: str
    parameters: list[Any]


class QueryInput(Schema):
    """A question to the database, in PostgreSQL's SQL, with its whole result."""

    kind: Literal["query"]
    title: str
    sql: str
    parameters: list[Any]
    result: list[list[Any]]
    hash: str = Field(description="SHA-256 of the result")


class TracedValue(ValueOut):
    """A value with everything it was computed from, and SensorThings ids of some observations that went in."""

    inputs: list[Annotated[SnapshotInput | QueryInput, Field(discriminator="kind")]]
    observations: list[int]


class IndicatorOut(Schema):
    """An indicator; `unit` is a UCUM code, `version` that of its formula."""

    key: str
    title: str
    unit: str
    period: PeriodKind
    version: int


class ListedIndicator(IndicatorOut):
    """An indicator with its newest value."""

    latest: ValueOut


class IndicatorList(Schema):
    """All indicators by key."""

    indicators: list[ListedIndicator]


class IndicatorDetail(IndicatorOut):
    """An indicator in words, its newest value (null where none was ever computed), and its history, oldest first."""

    description: str
    formula: str
    numerator: str
    denominator: str
    source: str
    method: str
    latest: TracedValue | None
    history: list[ValueOut]


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.get("", response=IndicatorList, summary="Indicators with their newest value")(list_indicators)
    router.get("/{key}", response=IndicatorDetail, summary="One indicator with lineage and history")(
        show_indicator
    )
    return router


def list_indicators(request: HttpRequest) -> dict[str, Any]:
    """All indicators; `value` is null where there is none, and `reason` says why."""
    indicators = queries.list_indicators()
    latest = queries.latest_values(indicator.key for indicator in indicators)
    return {
        "indicators": [{**_describe(item), "latest": _value(latest.get(item.key))} for item in indicators]
    }


def show_indicator(
    request: HttpRequest, key: str, limit: Annotated[int, Query(ge=1, le=LONGEST_HISTORY)] = 100
) -> dict[str, Any]:
    """One indicator; its newest value with everything it was computed from, and its history, oldest first."""
    indicator = get_indicator(key)
    latest = queries.latest_values([key]).get(key)
    return {
        **_describe(indicator),
        "description": indicator.description,
        "formula": indicator.formula,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "source": indicator.source,
        "method": indicator.method,
        "latest": {**_value(latest), "inputs": latest.inputs, "observations": latest.sample}
        if latest
        else None,
        "history": [_value(value) for value in queries.history(key, limit)],
    }


def _describe(indicator: Indicator) -> dict[str, Any]:
    return {
        "key": indicator.key,
        "title": indicator.title,
        "unit": indicator.unit,
        "period": str(indicator.period),
        "version": indicator.version,
    }


def _value(value: queries.Value | None) -> dict[str, Any]:
    if value is None:
        return {"value": None, "reason": gettext("noch nicht berechnet")}
    return {
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "quality": str(value.quality),
        "simulated": value.simulated,
        "reason": value.reason,
        "period_start": value.period_start,
        "period_end": value.period_end,
        "as_of": value.as_of,
        "computed_at": value.computed_at,
        "version": value.version,
        "release": value.release,
    }
