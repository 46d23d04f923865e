"""`/api/v1/strategy/…`: measures and indicators of the strategy with their live values, as JSON."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.apps.strategy import lists
from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.apps.strategy.exchange.api import router as exchange_router
from stadt.apps.strategy.figures import LiveFigure, codes_with_value, figures_for
from stadt.apps.strategy.links import own_keys
from stadt.core.errors import NotFound

LARGEST_PAGE = 200

router = Router()
router.add_router("", exchange_router)


def load_router() -> Router:
    """The router for the platform's one HTTP interface."""
    return router


class FigureOut(Schema):
    """A live value as of a moment, or the reason why there is none; `simulated` figures are shown but never count as the state of the city."""

    key: str
    title: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    period_start: datetime | None
    period_end: datetime | None
    as_of: datetime | None
    reason: str
    quality: str | None
    simulated: bool


class MeasureOut(Schema):
    """A measure as printed; the last three fields are this project's reading of the document."""

    code: str
    number: str
    title: str
    theme: str
    field: str
    period_text: str
    funding_text: str
    sdgs: list[int]
    spatial_reference: str
    software_system: str
    indicator_codes: list[str]


class PrintedIndicatorOut(Schema):
    """A printed indicator with the platform's figures for it; `repeats` names the one that an inactive row repeats."""

    code: str
    name: str
    theme: str
    field: str
    unit: str
    direction: str
    kind: str
    formula: str
    standard: str
    source: str
    active: bool
    repeats: str
    own_keys: list[str]
    figures: list[FigureOut]


class MeasureList(Schema):
    """A page of measures; `count` is the number of all that match."""

    count: int
    items: list[MeasureOut]


class PrintedIndicatorList(Schema):
    """A page of indicators; `count` is the number of all that match."""

    count: int
    items: list[PrintedIndicatorOut]


class _ListQuery(Schema):
    q: str = Field("", max_length=100, description="words that must occur")
    theme: str = Field("", max_length=100, description="slug of the guiding theme")
    limit: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=10**6)


class MeasureQuery(_ListQuery):
    """What measures can be narrowed to."""

    sdg: int | None = Field(None, ge=1, le=17, description="number of a Sustainable Development Goal")


class IndicatorQuery(_ListQuery):
    """What indicators can be narrowed to."""

    has_value: bool | None = None


@router.get("/measures", response=MeasureList, summary="Measures of the strategy")
def list_measures(request: HttpRequest, query: Query[MeasureQuery]) -> MeasureList:
    """All measures by number, narrowed by words, theme and Sustainable Development Goal."""
    found = lists.list_measures(words=query.q, theme=query.theme, goal=query.sdg)
    page = found[query.offset : query.offset + query.limit]
    return MeasureList(count=len(found), items=[_measure(item) for item in page])


@router.get("/measures/{code}", response=MeasureOut, summary="One measure")
def get_measure(request: HttpRequest, code: str) -> MeasureOut:
    """The measure with a code such as `M-2.1.3`."""
    found = strategy().measures.get(code)
    if found is None:
        raise NotFound(f"There is no measure {code}.")
    return _measure(found)


@router.get("/indicators", response=PrintedIndicatorList, summary="Indicators of the strategy")
def list_indicators(request: HttpRequest, query: Query[IndicatorQuery]) -> PrintedIndicatorList:
    """All active indicators in printed order with their live values."""
    figures = figures_for(indicator.code for indicator in strategy().active_indicators)
    found = lists.list_indicators(
        words=query.q, theme=query.theme, with_value=query.has_value, measured=codes_with_value(figures)
    )
    page = found[query.offset : query.offset + query.limit]
    return PrintedIndicatorList(
        count=len(found), items=[_indicator(item, figures.get(item.code, [])) for item in page]
    )


@router.get("/indicators/{code}", response=PrintedIndicatorOut, summary="One indicator")
def get_indicator(request: HttpRequest, code: str) -> PrintedIndicatorOut:
    """The indicator with a code such as `K2.1-01`, active or not."""
    found = strategy().indicators.get(code)
    if found is None:
        raise NotFound(f"There is no indicator {code}.")
    return _indicator(found, figures_for([code]).get(code, []))


def _measure(found: Measure) -> MeasureOut:
    return MeasureOut(
        code=found.code,
        number=found.number,
        title=found.title,
        theme=found.theme,
        field=found.field,
        period_text=found.period_text,
        funding_text=found.funding_text,
        sdgs=list(found.sdgs),
        spatial_reference=found.spatial_reference,
        software_system=found.software_system,
        indicator_codes=list(found.indicator_codes),
    )


def _indicator(found: PrintedIndicator, figures: list[LiveFigure]) -> PrintedIndicatorOut:
    return PrintedIndicatorOut(
        code=found.code,
        name=found.name,
        theme=found.theme,
        field=found.field,
        unit=found.unit,
        direction=found.direction,
        kind=found.kind,
        formula=found.formula,
        standard=found.standard,
        source=found.source,
        active=found.is_active,
        repeats=found.repeats,
        own_keys=list(own_keys(found.code)),
        figures=[_figure(figure) for figure in figures],
    )


def _figure(figure: LiveFigure) -> FigureOut:
    latest = figure.latest
    return FigureOut(
        key=figure.key,
        title=figure.title,
        unit=figure.ucum,
        value=figure.value,
        numerator=latest.numerator if latest else None,
        denominator=latest.denominator if latest else None,
        period_start=latest.period_start if latest else None,
        period_end=latest.period_end if latest else None,
        as_of=figure.moment,
        reason=figure.reason,
        quality=str(latest.quality) if latest else None,
        simulated=figure.is_simulated,
    )
