"""`/kennzahlen/`: the list of indicators, and the page that explains a number down to its readings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.core.registry import registry
from stadt.hub.indicators import queries, wording
from stadt.hub.indicators.declaration import Indicator
from stadt.hub.indicators.services import get_indicator
from stadt.hub.indicators.units import on_screen
from stadt.web.formats import moment, number
from stadt.web.tables import LinkCell, StateCell, TableColumn

HISTORY = 60
SLOT_EXPLAIN = "indicators.explain"
"""Apps add here where an indicator counts; the address's `key` says which indicator the page explains."""


def show_list(request: HttpRequest) -> HttpResponse:
    """All indicators with their newest value."""
    indicators = queries.list_indicators()
    latest = queries.latest_values(indicator.key for indicator in indicators)
    rows = []
    for indicator in indicators:
        value = latest.get(indicator.key)
        rows.append(
            {
                "title": LinkCell(
                    _(indicator.title), reverse("indicators:explain", kwargs={"key": indicator.key})
                ),
                "value": wording.with_unit(indicator, value.value)
                if value and value.value is not None
                else "",
                "period": wording.period_in_words(value) if value else _("noch nicht berechnet"),
                "simulated": StateCell(_("simuliert")) if value and value.simulated else "",
            }
        )
    columns = (
        TableColumn("title", _("Kennzahl")),
        TableColumn("value", _("Wert")),
        TableColumn("period", _("Zeitraum")),
        TableColumn("simulated", _("Herkunft")),
    )
    return render(request, "indicators/list.html", {"columns": columns, "rows": rows})


def explain(request: HttpRequest, key: str) -> HttpResponse:
    """One number: in words, its formula, and everything it was computed from. Raises NotFound."""
    indicator = get_indicator(key)
    value = queries.latest_values([key]).get(key)
    quality, quality_state = wording.quality_in_words(value.quality) if value else ("", "")
    return render(
        request,
        "indicators/explain.html",
        {
            "indicator": indicator,
            "title": _(indicator.title),
            "description": _(indicator.description),
            "value": value,
            "unit": on_screen(indicator.unit),
            "period": wording.period_in_words(value) if value else "",
            "sentence": wording.sentence(indicator, value)
            if value
            else _("Diese Kennzahl wurde noch nicht berechnet."),
            "quality": quality,
            "quality_state": str(quality_state),
            "formula": _explained(indicator, value),
            "inputs": wording.inputs_of(value) if value else [],
            "readings": [wording.ShownReading(pk) for pk in value.sample] if value else [],
            "chart": wording.chart_of(indicator, queries.history(key, HISTORY)),
            "api_url": f"/api/v1/indicators/{key}",
            "panels": [
                {"template": panel.template, "context": panel.context(request)}
                for panel in registry.panels(SLOT_EXPLAIN)
            ],
        },
    )


def _explained(indicator: Indicator, value: queries.Value | None) -> list[tuple[str, str]]:
    lines = [(_("Formel"), _(indicator.formula))]
    if indicator.numerator:
        shown = number(value.numerator) if value and value.numerator is not None else _("kein Wert")
        lines.append((_("Zähler"), f"{_(indicator.numerator)}: {shown}"))
    if indicator.denominator:
        shown = number(value.denominator) if value and value.denominator is not None else _("kein Wert")
        lines.append((_("Nenner"), f"{_(indicator.denominator)}: {shown}"))
    lines.append((_("Quelle"), _(indicator.source)))
    if indicator.method:
        lines.append((_("Verfahren"), _(indicator.method)))
    if value:
        lines += [
            (_("Berechnet"), moment(value.computed_at)),
            (
                _("Fassung"),
                _("Formel %(version)s, Plattform %(release)s")
                % {"version": value.version, "release": value.release},
            ),
        ]
    return lines
