"""`/api/v1/indicators`: values with their lineage, for machines."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from stadt.hub.indicators import queries
from stadt.hub.indicators.declaration import Indicator
from stadt.hub.indicators.services import get_indicator


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.get("", summary="Indicators with their newest value")(list_indicators)
    router.get("/{key}", summary="One indicator with lineage and history")(show_indicator)
    return router


def list_indicators(request: HttpRequest) -> dict[str, Any]:
    """All indicators; `value` is null where there is none, and `reason` says why."""
    indicators = queries.list_indicators()
    latest = queries.latest_values(indicator.key for indicator in indicators)
    return {
        "indicators": [{**_describe(item), "latest": _value(latest.get(item.key))} for item in indicators]
    }


def show_indicator(request: HttpRequest, key: str, limit: int = 100) -> dict[str, Any]:
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
        "history": [_value(value) for value in queries.history(key, max(1, min(limit, 1000)))],
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
        return {"value": None, "reason": "noch nicht berechnet"}
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
