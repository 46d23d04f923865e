"""`/strategie/zeitplan/`: when measures run, as bars beside words; uncertain ends are drawn as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadt.apps.strategy.items import Related, related_measures
from stadt.apps.strategy.now import content
from stadt.apps.strategy.record.content import Content, Measure, Period
from stadt.apps.strategy.words import measures, periods

WIDTH = 360
OPEN_YEARS = 2
"""How far an open end is drawn beyond the last year that any measure names."""
YEAR_DAYS = 365.25
LABEL_EVERY, LABEL_WIDTH = 2, 28


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on the axis, in its units. `is_open_start` and `is_open_end`: the text leaves that end open."""

    x: float
    width: float
    is_open_start: bool
    is_open_end: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the timeline; without a date it has no bar."""

    measure: Measure
    period: str
    state: str
    bars: list[Bar]
    related: list[Related]


@dataclass(frozen=True, slots=True)
class Axis:
    """The years from `first` to before `last`, `WIDTH` units wide."""

    first: int
    last: int

    def at(self, day: date) -> float:
        """The place of a day."""
        years = day.year + (day.timetuple().tm_yday - 1) / YEAR_DAYS
        share = (years - self.first) / (self.last - self.first)
        return round(WIDTH * min(1.0, max(0.0, share)), 1)

    @property
    def labels(self) -> list[tuple[int, float]]:
        """Every second year with its place, as far as there is room for the number."""
        placed = [(year, self.at(date(year, 1, 1))) for year in range(self.first, self.last, LABEL_EVERY)]
        return [(year, x) for year, x in placed if x + LABEL_WIDTH <= WIDTH]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All measures with their periods, by guiding theme; `leitthema` narrows to one."""
    known = content()
    axis = axis_of(known.measures.values())
    wanted = request.GET.get("leitthema", "")[:100]
    groups = [
        (theme, [_row(item, axis) for item in known.measures.values() if _theme(item, known) == theme.code])
        for theme in known.themes.values()
        if not wanted or theme.slug == wanted
    ]
    today = timezone.localdate()
    context = {
        "groups": [(theme, rows) for theme, rows in groups if rows],
        "themes": known.themes.values(),
        "wanted": wanted,
        "axis": axis,
        "width": WIDTH,
        "today": axis.at(today),
        "note": known.head.note,
    }
    return render(request, "strategy/timeline.html", context)


def axis_of(items: Iterable[Measure]) -> Axis:
    """The years that the measures name, today's among them."""
    years = [timezone.localdate().year]
    for item in items:
        years += [day.year for day in (item.period.start, item.period.end) if day]
        years += [day.year for phase in item.period.phases for day in (phase.start, phase.end) if day]
    return Axis(min(years), max(years) + OPEN_YEARS)


def bars_of(period: Period, axis: Axis) -> list[Bar]:
    """A bar for the period, or one for each dated phase; none where no date is known."""
    spans: Sequence[tuple[date | None, date | None, bool, bool]]
    dated = [phase for phase in period.phases if phase.start or phase.end]
    if len(dated) > 1:
        spans = [(phase.start, phase.end, phase.start is None, phase.end is None) for phase in dated]
    elif period.start or period.end:
        spans = [(period.start, period.end, period.start is None, period.end is None)]
    else:
        spans = [(None, None, True, True)] if period.is_ongoing else []
    return [_bar(axis, *span) for span in spans]


def _bar(axis: Axis, start: date | None, end: date | None, is_open_start: bool, is_open_end: bool) -> Bar:
    first = axis.at(start) if start else 0.0
    last = axis.at(end) if end else float(WIDTH)
    return Bar(first, max(2.0, round(last - first, 1)), is_open_start, is_open_end)


def _theme(item: Measure, known: Content) -> str:
    field = known.fields.get(item.field)
    return field.theme if field else ""


def _row(item: Measure, axis: Axis) -> Row:
    return Row(
        item,
        periods.in_words(item.period),
        measures.state_word(item.state),
        bars_of(item.period, axis),
        related_measures(item),
    )
