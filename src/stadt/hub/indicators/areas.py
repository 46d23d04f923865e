"""An indicator told by area: the newest values of districts and quarters as a chart and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stadt.hub.indicators import queries, wording
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.states import ValueState
from stadt.hub.indicators.units import on_screen
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.outline_index import Area, current_index
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import number
from stadt.web.tables import LinkCell, StateCell, TableColumn

FEWEST = 2
TITLES = {PlaceKind.DISTRICT: gettext_noop("Stadtbezirk"), PlaceKind.QUARTER: gettext_noop("Stadtteil")}


@dataclass(frozen=True, slots=True)
class ByArea:
    """What the page shows: `when` is the period in words, `without` what an additive figure counts outside all areas."""

    when: str
    charts: tuple[Chart, ...]
    columns: tuple[TableColumn, ...]
    rows: list[dict[str, Any]]
    without: str
    simulated: bool
    ids: frozenset[int]


def told_by_area(definition: Definition, whole: queries.Value | None) -> ByArea | None:
    """The newest values by area; None where there are none. `whole` is the city's value of the same period, if known."""
    areas = current_index().areas
    found = {
        value.place_id: value for value in queries.area_values(definition.key) if value.place_id in areas
    }
    if not found:
        return None
    shown = [(area, found[area.id]) for area in areas.values() if area.id in found]
    return ByArea(
        when=wording.period_in_words(shown[0][1]),
        charts=tuple(chart for kind in TITLES if (chart := _chart(definition, kind, shown))),
        columns=(
            TableColumn("area", _("Gebiet")),
            TableColumn("kind", _("Art des Gebiets")),
            TableColumn("value", _("Wert")),
            TableColumn("parts", _("Zähler und Nenner")),
        ),
        rows=[_row(definition, area, value) for area, value in shown],
        without=_without(definition, whole, shown),
        simulated=any(value.simulated for _area, value in shown),
        ids=frozenset(value.id for _area, value in shown),
    )


def _chart(definition: Definition, kind: PlaceKind, shown: list[tuple[Area, queries.Value]]) -> Chart | None:
    rows = [[area.name, value.value] for area, value in shown if area.kind is kind]
    if sum(1 for _name, value in rows if value is not None) < FEWEST:
        return None
    names = {"title": _(definition.title), "areas": _(TITLES[kind])}
    unit = on_screen(definition.unit)
    return Chart(
        title=_("%(title)s nach %(areas)s") % names,
        kind=ChartKind.BAR,
        columns=(
            ChartColumn(_(TITLES[kind]), ColumnKind.CATEGORY),
            ChartColumn(_(definition.title), ColumnKind.NUMBER, unit, definition.digits),
        ),
        rows=rows,
        simulated=any(value.simulated for area, value in shown if area.kind is kind),
    )


def _row(definition: Definition, area: Area, value: queries.Value) -> dict[str, Any]:
    parts = [number(part) for part in (value.numerator, value.denominator) if part is not None]
    return {
        "area": LinkCell(area.name, f"{reverse('indicators:explain', args=[value.key])}?wert={value.id}"),
        "kind": _(TITLES[area.kind]) if area.kind in TITLES else _("Stadt"),
        "value": wording.with_unit(definition, value.value)
        if value.value is not None
        else StateCell(str(ValueState(value.state).label)),
        "parts": " / ".join(parts),
    }


def _without(
    definition: Definition, whole: queries.Value | None, shown: list[tuple[Area, queries.Value]]
) -> str:
    """What an additive figure counts in the city but in none of its districts, as a number; empty where there is nothing."""
    districts = [value for area, value in shown if area.kind is PlaceKind.DISTRICT]
    if not definition.additive or whole is None or whole.value is None or not districts:
        return ""
    if any(value.value is None or value.as_of != whole.as_of for value in districts):
        return ""
    rest = whole.value - sum(value.value or 0.0 for value in districts)
    return wording.with_unit(definition, rest) if rest > 0 else ""
