"""Decided targets and verdicts as rows that everybody may have: for the datasets and the interface alike.

Nothing else leaves: no proposals, no reasons that were typed, no people, no warnings.
"""

from collections.abc import Iterator
from typing import Any

from stadt.apps.steering.ist import figure_of
from stadt.apps.steering.lines import list_targets
from stadt.apps.steering.models import Target
from stadt.apps.steering.presentation import title_of
from stadt.apps.steering.verdicts import Verdict, list_verdicts


def target_rows() -> Iterator[dict[str, Any]]:
    """The decided targets that hold today."""
    for target in list_targets():
        figure = figure_of(target.code, target.figure, target.series)
        yield {
            "target": target.pk,
            "code": target.code,
            "name": title_of(target.code),
            "measure": target.measure or None,
            "frame": target.frame or None,
            "place": target.place.key if target.place else None,
            "series": target.series or None,
            "low": target.low,
            "high": target.high,
            "tolerance": target.tolerance,
            "measuring": target.measuring,
            "unit": figure.unit if figure else None,
            "due": target.due,
            "base_value": target.base_value,
            "base_on": target.base_on,
            "path": _path(target),
            "valid_from": target.valid_from,
            "decided_at": target.decided_at,
            "decision": target.decision_reference,
            "example": target.is_example,
        }


def verdict_rows() -> Iterator[dict[str, Any]]:
    """The verdict on each of them."""
    for one in list_verdicts():
        yield {**_verdict(one), "example": one.is_example or one.simulated}


def _verdict(one: Verdict) -> dict[str, Any]:
    estimate = one.forecast.estimate
    return {
        "target": one.target_id,
        "code": one.code,
        "name": title_of(one.code),
        "measure": one.measure or None,
        "frame": one.frame or None,
        "verdict": str(one.state),
        "reason": str(one.reason) or None,
        "low": one.wanted.low if one.wanted else None,
        "high": one.wanted.high if one.wanted else None,
        "value": one.value,
        "interval_low": one.interval.low if one.interval else None,
        "interval_high": one.interval.high if one.interval else None,
        "unit": one.figure.unit if one.figure else None,
        "value_on": one.on,
        "outlook": str(one.outlook),
        "gap_closed": one.progress.closed,
        "gap_expected": one.progress.expected,
        "due": one.due,
        "forecast": estimate.value if estimate else None,
        "forecast_low": estimate.low if estimate else None,
        "forecast_high": estimate.high if estimate else None,
        "figure": one.figure.key if one.figure else None,
    }


def _path(target: Target) -> str | None:
    """The points as `2026-12-31 20..30`, an open side empty."""
    points = [f"{item['on']} {_side(item['low'])}..{_side(item['high'])}" for item in target.path]
    return "; ".join(points) or None


def _side(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
