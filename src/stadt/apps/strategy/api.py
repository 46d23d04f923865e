"""`/api/v1/strategy/…`: measures and indicators of the strategy with their live values, as JSON."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.apps.strategy import lists
from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.apps.strategy.exchange.api import router as exchange_router
from stadt.apps.strategy.figures import LiveFigure, codes_with_value, figures_for
from stadt.apps.strategy.links import own_keys
from stadt.apps.strategy.now import content
from stadt.apps.strategy.record import api as record_api
from stadt.apps.strategy.record.content import Challenge, Content, Goal, Period, Principle, Vision
from stadt.apps.strategy.record.content import Measure as Item
from stadt.apps.strategy.record.lifecycle import State
from stadt.apps.strategy.schemas import (
    DependencyOut,
    FieldOut,
    FigureOut,
    FundingOut,
    MeasureList,
    MeasureOut,
    PeriodOut,
    PhaseOut,
    PrintedIndicatorList,
    PrintedIndicatorOut,
    SpatialOut,
    StrategyOut,
    TextOut,
    ThemeOut,
)
from stadt.apps.strategy.spaces import named_areas
from stadt.apps.strategy.words.measures import UNKNOWN
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.hub.indicators.states import ValueState

LARGEST_PAGE = 200

router = Router()
router.add_router("", exchange_router)
router.add_router("", record_api.router)


def load_router() -> Router:
    """The router for the platform's one HTTP interface."""
    return router


class _ListQuery(Schema):
    q: str = Field("", max_length=100, description="words that must occur")
    theme: str = Field("", max_length=100, description="slug of the guiding theme")
    limit: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)
    offset: int = Field(0, ge=0, le=10**6)


class MeasureQuery(_ListQuery):
    """What measures can be narrowed to."""

    sdg: int | None = Field(None, ge=1, le=17, description="number of a Sustainable Development Goal")
    state: str = Field("", max_length=20, description="state of the life cycle; `unknown`: not updated")
    year: int | None = Field(None, ge=1900, le=2200, description="measures that run in this year")
    funding: str = Field("", max_length=10, description="`open` where money is to be found, or `named`")
    area: str = Field("", max_length=80, description="key of an area that the measure names")


class IndicatorQuery(_ListQuery):
    """What indicators can be narrowed to."""

    has_value: bool | None = None


@router.get("/", response=StrategyOut, summary="The strategy as a whole")
def get_strategy(request: HttpRequest) -> StrategyOut:
    """Vision, goals, principles, challenges and the tree of themes and fields, as they are today."""
    known = content()
    return StrategyOut(
        title=known.head.title,
        as_of=known.head.as_of,
        note=known.head.note,
        visions=[_text(item) for item in known.visions.values()],
        goals=[_text(item) for item in known.goals.values()],
        principles=[_text(item) for item in known.principles.values()],
        challenges=[_text(item) for item in known.challenges.values()],
        themes=[
            ThemeOut(code=item.code, title=item.title, slug=item.slug, fields=_fields(item.code, known))
            for item in known.themes.values()
        ],
    )


@router.get("/measures", response=MeasureList, summary="Measures of the strategy")
def list_measures(request: HttpRequest, query: Query[MeasureQuery]) -> MeasureList:
    """All measures by number, narrowed by words, theme, goal, state, year, funding and area."""
    known = {"state": {"", UNKNOWN, *map(str, State)}, "funding": {"", "open", "named"}}
    wrong = [
        FieldError(name, "is unknown") for name, words in known.items() if getattr(query, name) not in words
    ]
    if wrong:
        raise Invalid("Please check the query.", fields=tuple(wrong))
    found = lists.list_measures(
        words=query.q, theme=query.theme, goal=query.sdg, state=query.state, year=query.year, money=query.funding,
        area=query.area,
    )  # fmt: skip
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


def _text(item: Vision | Goal | Principle | Challenge) -> TextOut:
    return TextOut(
        code=item.code, title=item.title, text=item.text, section=item.section, is_summary=item.is_summary
    )


def _fields(theme: str, known: Content) -> list[FieldOut]:
    return [
        FieldOut(
            code=field.code,
            title=field.title,
            measures=[code for code, item in known.measures.items() if item.field == field.code],
            indicators=[code for code, item in known.indicators.items() if item.field == field.code],
        )
        for field in known.fields.values()
        if field.theme == theme
    ]


def _measure(found: Measure) -> MeasureOut:
    item = content().measures[found.code]
    return MeasureOut(
        code=found.code,
        number=found.number,
        title=found.title,
        theme=found.theme,
        field=found.field,
        state=item.state or UNKNOWN,
        state_note=item.state_note,
        owner=item.owner,
        period_text=found.period_text,
        period=_period(item.period),
        funding_text=found.funding_text,
        funding=[
            FundingOut(
                source=one.source, source_class=one.source_class, programme=one.programme, phase=one.phase,
                state=one.state, amount=one.amount,
            )
            for one in item.funding.items
        ],
        funding_open=item.funding.is_open,
        sdgs=list(found.sdgs),
        dependencies=[
            DependencyOut(code=one.code, kind=one.kind, stated=one.stated) for one in item.dependencies
        ],
        challenges=list(item.challenges),
        spatial_reference=found.spatial_reference,
        spatial=_spatial(item),
        software_system=found.software_system,
        indicator_codes=list(found.indicator_codes),
        url=settings.STADT.url + reverse("strategy:measure", args=[found.code]),
    )  # fmt: skip


def _period(period: Period) -> PeriodOut:
    return PeriodOut(
        text=period.text,
        start=period.start,
        end=period.end,
        precision=period.precision,
        open_start=period.open_start,
        open_end=period.open_end,
        ongoing=period.is_ongoing,
        undated=period.is_undated,
        edtf=period.edtf,
        phases=[
            PhaseOut(title=phase.title, start=phase.start, end=phase.end, precision=phase.precision)
            for phase in period.phases
        ],
    )


def _spatial(item: Item) -> SpatialOut:
    return SpatialOut(
        text=item.spatial.text,
        types=list(item.spatial.types),
        level=item.spatial.level,
        areas=list(item.spatial.areas),
        areas_read=[named.area.key for named in named_areas(item) if named.is_reading],
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
        url=settings.STADT.url + reverse("strategy:indicator", args=[found.code]),
    )


def _figure(figure: LiveFigure) -> FigureOut:
    latest = figure.latest
    told = latest if latest and latest.state is not ValueState.SUPPRESSED else None
    interval = told.interval if told else None
    return FigureOut(
        key=figure.key,
        title=figure.title,
        unit=figure.ucum,
        value=told.value if told else None,
        numerator=told.numerator if told else None,
        denominator=told.denominator if told else None,
        interval_low=interval.low if interval else None,
        interval_high=interval.high if interval else None,
        interval_level=interval.level if interval else None,
        period_start=latest.period_start if latest else None,
        period_end=latest.period_end if latest else None,
        as_of=figure.moment,
        reason=figure.reason,
        state=str(latest.state) if latest else None,
        quality=str(latest.quality) if latest else None,
        quality_class=str(latest.quality_class) if latest else None,
        simulated=figure.is_simulated,
    )
