"""Live values of printed indicators, as the platform's own indicators have them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.strategy.document import PrintedIndicator
from stadt.apps.strategy.links import own_keys
from stadt.hub.indicators import queries
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.units import on_screen
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind

HISTORY_LENGTH = 400
FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """One of the platform's own indicators with its newest value; `value` is None where there is none yet.

    `ucum` is the unit's UCUM code, `unit` the same as written on screen.
    """

    key: str
    title: str
    ucum: str
    unit: str
    digits: int | None
    latest: Value | None
    explain_url: str

    @property
    def value(self) -> float | None:
        return self.latest.value if self.latest else None

    @property
    def is_simulated(self) -> bool:
        return bool(self.latest and self.latest.simulated)

    @property
    def reason(self) -> str:
        """Why there is no value, if that is known."""
        return self.latest.reason if self.latest else ""

    @property
    def moment(self) -> datetime | None:
        return self.latest.as_of if self.latest else None


def figures_for(codes: Iterable[str]) -> dict[str, list[LiveFigure]]:
    """The own indicators of each printed code with their newest values, main figure first; two queries."""
    keys = {code: own_keys(code) for code in codes}
    known = queries.figures_of(key for found in keys.values() for key in found)
    return {
        code: [_figure(known[key]) for key in found if key in known] for code, found in keys.items() if found
    }


def codes_with_value(figures: Mapping[str, list[LiveFigure]]) -> set[str]:
    """Codes of which at least one figure has a value."""
    return {code for code, found in figures.items() if any(figure.value is not None for figure in found)}


def with_figures(
    found: list[PrintedIndicator], figures: dict[str, list[LiveFigure]]
) -> list[tuple[PrintedIndicator, list[LiveFigure], bool]]:
    """Each indicator with the figures that have a value, and whether it has several of its own, so that they need names."""
    return [
        (
            indicator,
            [figure for figure in figures.get(indicator.code, []) if figure.value is not None],
            len(figures.get(indicator.code, [])) > 1,
        )
        for indicator in found
    ]


def history_chart(figure: LiveFigure) -> Chart | None:
    """The values so far as a line; None as long as there are fewer than two."""
    past = queries.history(figure.key, HISTORY_LENGTH)
    if sum(1 for value in past if value.value is not None) < FEWEST_POINTS:
        return None
    return Chart(
        title=gettext("Verlauf: %(title)s") % {"title": figure.title},
        kind=ChartKind.LINE,
        columns=[
            ChartColumn(gettext("Zeitraum ab"), ColumnKind.TIME),
            ChartColumn(figure.title, ColumnKind.NUMBER, figure.unit, figure.digits),
        ],
        rows=[[value.period_start, value.value] for value in past],
        simulated=any(value.simulated for value in past),
    )


def _figure(known: queries.Known) -> LiveFigure:
    definition = known.definition
    return LiveFigure(
        key=definition.key,
        title=gettext(definition.title),
        ucum=definition.unit,
        unit=on_screen(definition.unit),
        digits=definition.digits,
        latest=known.latest,
        explain_url=reverse("indicators:explain", args=[definition.key]),
    )
