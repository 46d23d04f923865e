"""The charts of a station."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from stadt.apps.environment.models import Station
from stadt.apps.environment.quantities import HUMIDITY, NOISE, POLLUTANTS, TEMPERATURE, Quantity
from stadt.apps.environment.queries import history
from stadt.web import formats
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind

GROUPS: tuple[tuple[Quantity, ...], ...] = (POLLUTANTS, (TEMPERATURE,), (HUMIDITY,), (NOISE,))
"""Quantities that share a unit share a chart."""


def station_charts(station: Station) -> list[Chart]:
    """Hourly means of the last seven days; a chart for each group of quantities that has values."""
    rows = history(station)
    charts = (_chart(group, rows, is_simulated=station.is_simulated) for group in GROUPS)
    return [chart for chart in charts if chart]


def _chart(group: Sequence[Quantity], rows: Sequence[dict[str, Any]], *, is_simulated: bool) -> Chart | None:
    there = [quantity for quantity in group if any(row[quantity.column] is not None for row in rows)]
    if not there:
        return None
    title = _("Schadstoffe") if len(group) > 1 else _(group[0].title)
    return Chart(
        title=_("%(title)s, letzte sieben Tage") % {"title": title},
        kind=ChartKind.LINE,
        columns=[
            ChartColumn(_("Stunde"), ColumnKind.TIME),
            *(
                ChartColumn(_(quantity.title), unit=quantity.symbol, digits=quantity.digits)
                for quantity in there
            ),
        ],
        rows=[[row["hour"], *(_rounded(row[quantity.column]) for quantity in there)] for row in rows],
        summary=" ".join(_summary(quantity, rows) for quantity in there),
        simulated=is_simulated or any(row["simulated"] for row in rows),
    )


def _summary(quantity: Quantity, rows: Sequence[dict[str, Any]]) -> str:
    values = [row[quantity.column] for row in rows if row[quantity.column] is not None]
    return _("%(title)s: Stundenmittel von %(low)s bis %(high)s %(unit)s.") % {
        "title": _(quantity.title),
        "low": formats.number(min(values), quantity.digits),
        "high": formats.number(max(values), quantity.digits),
        "unit": quantity.symbol,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
