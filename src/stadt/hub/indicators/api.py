"""`/api/v1/indicators`: values with their lineage, for machines."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.hub.indicators import queries
from stadt.hub.indicators.api_values import LONGEST_HISTORY, ValueOut, add_doors, value_json
from stadt.hub.indicators.declaration import PeriodKind
from stadt.hub.indicators.definitions import Definition


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


class EntryInput(Schema):
    """A figure that a person entered and another one confirmed."""

    kind: Literal["entry"]
    entry: int


class FileInput(Schema):
    """A row of a delivered file, whose frozen copy the city keeps."""

    kind: Literal["file"]
    entry: int
    sha256: str
    sheet: str
    row: int


class ValuesInput(Schema):
    """Other stored values, by their ids."""

    kind: Literal["values"]
    values: list[int]


class TracedValue(ValueOut):
    """A value with everything it was computed from, and SensorThings ids of some observations that went in."""

    inputs: list[
        Annotated[
            SnapshotInput | QueryInput | EntryInput | FileInput | ValuesInput, Field(discriminator="kind")
        ]
    ]
    observations: list[int]


class IndicatorOut(Schema):
    """An indicator; `unit` is a UCUM code, `version` that of its formula."""

    key: str
    title: str
    unit: str
    period: PeriodKind
    version: int
    code: str = Field("", description="the printed code that a kept indicator measures")
    is_kept: bool = Field(False, description="whether people enter its values")


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
    add_doors(router)
    return router


def list_indicators(request: HttpRequest) -> dict[str, Any]:
    """All indicators; `value` is null where there is none, and `reason` says why."""
    indicators = queries.list_definitions()
    latest = queries.latest_values(indicator.key for indicator in indicators)
    return {
        "indicators": [{**_describe(item), "latest": value_json(latest.get(item.key))} for item in indicators]
    }


def show_indicator(
    request: HttpRequest, key: str, limit: Annotated[int, Query(ge=1, le=LONGEST_HISTORY)] = 100
) -> dict[str, Any]:
    """One indicator; its newest value with everything it was computed from, and its history, oldest first."""
    indicator = queries.definition_of(key)
    latest = queries.latest_values([key]).get(key)
    return {
        **_describe(indicator),
        "description": indicator.description,
        "formula": indicator.formula,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "source": indicator.source,
        "method": indicator.method,
        "latest": {**value_json(latest), "inputs": latest.inputs, "observations": latest.sample}
        if latest
        else None,
        "history": [value_json(value) for value in queries.history(key, limit)],
    }


def _describe(indicator: Definition) -> dict[str, Any]:
    return {
        "key": indicator.key,
        "title": indicator.title,
        "unit": indicator.unit,
        "period": str(indicator.period),
        "version": indicator.version,
        "code": indicator.code,
        "is_kept": indicator.is_kept,
    }
