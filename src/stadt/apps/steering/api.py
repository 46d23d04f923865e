"""`/api/v1/steering`: decided targets and verdicts, for machines."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from stadt.apps.steering import rows, strategy
from stadt.apps.steering.forecast import Outlook
from stadt.apps.steering.targets import Measuring
from stadt.apps.steering.verdict import Reason, State
from stadt.core.errors import NotFound


class TargetOut(Schema):
    """A decided target that holds today; an open side of the range is null."""

    target: int
    code: str
    name: str
    measure: str | None = Field(description="null: of the whole strategy")
    frame: str | None = Field(description="whose target it is; null: the city's own")
    place: str | None
    series: str | None
    low: float | None
    high: float | None
    tolerance: float
    measuring: Measuring = Field(description="from_one: the range is of the distance |x - 1|")
    unit: str | None
    due: date | None
    base_value: float | None
    base_on: date | None
    path: str | None
    valid_from: date
    decided_at: datetime
    decision: str
    example: bool = Field(description="made up for a demo; counts for nothing")


class TargetList(Schema):
    """All of them, by code."""

    targets: list[TargetOut]


class VerdictOut(Schema):
    """The verdict on a target: `value` is the last whole period's, `gap_*` are shares of the way (1 is all of it)."""

    target: int
    code: str
    name: str
    measure: str | None
    frame: str | None
    verdict: State
    reason: Reason | None = Field(description="why there is no verdict")
    low: float | None
    high: float | None
    value: float | None
    interval_low: float | None
    interval_high: float | None
    unit: str | None
    value_on: date | None
    outlook: Outlook
    gap_closed: float | None
    gap_expected: float | None
    due: date | None
    forecast: float | None
    forecast_low: float | None
    forecast_high: float | None
    figure: str | None
    example: bool = Field(description="target or value is made up; counts for nothing")


class VerdictList(Schema):
    """All of them, by code."""

    verdicts: list[VerdictOut]


def load_router() -> Router:
    """The router, made when addresses are built."""
    router = Router(tags=["steering"])

    @router.get("/targets", response=TargetList, summary="Decided targets of the strategy")
    def list_targets(request: HttpRequest, code: str | None = None) -> dict[str, object]:
        """All decided targets that hold today, or those of one indicator or measure."""
        return {"targets": [row for row in rows.target_rows() if _is_about(row, code)]}

    @router.get("/verdicts", response=VerdictList, summary="Verdicts on the targets")
    def list_verdicts(request: HttpRequest, code: str | None = None) -> dict[str, object]:
        """The verdict on each decided target, or on those of one indicator or measure."""
        return {"verdicts": [row for row in rows.verdict_rows() if _is_about(row, code)]}

    return router


def _is_about(row: dict[str, object], code: str | None) -> bool:
    if code is None:
        return True
    if strategy.find_indicator(code) is None and strategy.find_measure(code) is None:
        raise NotFound(gettext("Es gibt keine Kennzahl und keine Maßnahme „%(code)s“.") % {"code": code[:40]})
    return code in {row["code"], row["measure"]}
