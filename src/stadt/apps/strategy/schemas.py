"""The shapes of the strategy's JSON: what is data in a measure, as `/api/v1/strategy/…` gives it."""

from datetime import date, datetime
from decimal import Decimal

from ninja import Schema


class FigureOut(Schema):
    """A live value as of a moment, or the reason why there is none; `simulated` figures are shown but never count as the state of the city."""

    key: str
    title: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    interval_low: float | None
    interval_high: float | None
    interval_level: float | None
    period_start: datetime | None
    period_end: datetime | None
    as_of: datetime | None
    reason: str
    state: str | None
    quality: str | None
    quality_class: str | None
    simulated: bool


class PhaseOut(Schema):
    """One phase of a period."""

    title: str
    start: date | None
    end: date | None
    precision: str


class PeriodOut(Schema):
    """When a measure runs: first and last day where the text names them, how exactly, and the same in ISO 8601-2."""

    text: str
    start: date | None
    end: date | None
    precision: str
    open_start: bool
    open_end: bool
    ongoing: bool
    undated: bool
    edtf: str
    phases: list[PhaseOut]


class FundingOut(Schema):
    """One source of money; `amount` is in euros and null where nobody named one."""

    source: str
    source_class: str
    programme: str
    phase: str
    state: str
    amount: Decimal | None


class DependencyOut(Schema):
    """Another measure that this one depends on; `stated` where the strategy says so itself."""

    code: str
    kind: str
    stated: bool


class SpatialOut(Schema):
    """Where a measure acts. `areas` were set by the city; `areas_read` are areas whose whole name stands in the text."""

    text: str
    types: list[str]
    level: str
    areas: list[str]
    areas_read: list[str]


class MeasureOut(Schema):
    """A measure. Titles and texts are printed; `spatial`, `software_system` and `indicator_codes` are readings of this
    project as far as the city has set nothing. What the strategy does not say is empty."""

    code: str
    number: str
    title: str
    theme: str
    field: str
    state: str
    state_note: str
    owner: str
    period_text: str
    period: PeriodOut
    funding_text: str
    funding: list[FundingOut]
    funding_open: bool
    sdgs: list[int]
    dependencies: list[DependencyOut]
    challenges: list[str]
    spatial_reference: str
    spatial: SpatialOut
    software_system: str
    indicator_codes: list[str]
    url: str


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
    url: str


class MeasureList(Schema):
    """A page of measures; `count` is the number of all that match."""

    count: int
    items: list[MeasureOut]


class PrintedIndicatorList(Schema):
    """A page of indicators; `count` is the number of all that match."""

    count: int
    items: list[PrintedIndicatorOut]


class TextOut(Schema):
    """A vision, goal, principle or challenge. `is_summary`: the text is a summary in this project's words."""

    code: str
    title: str
    text: str
    section: str
    is_summary: bool


class FieldOut(Schema):
    """A field of action with the codes of its measures and indicators."""

    code: str
    title: str
    measures: list[str]
    indicators: list[str]


class ThemeOut(Schema):
    """A guiding theme with its fields of action."""

    code: str
    title: str
    slug: str
    fields: list[FieldOut]


class StrategyOut(Schema):
    """The strategy as a whole as it is today."""

    title: str
    as_of: str
    note: str
    visions: list[TextOut]
    goals: list[TextOut]
    principles: list[TextOut]
    challenges: list[TextOut]
    themes: list[ThemeOut]
