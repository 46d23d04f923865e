"""`/kennzahlen/`: the list of indicators, and the page that explains a number down to its readings."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.core.errors import NotFound
from stadt.core.german import german_sort_key
from stadt.core.people.access import actor_of
from stadt.core.registry import registry
from stadt.hub.indicators import areas, explaining, queries, wording
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.forms import FilterForm
from stadt.hub.indicators.kept.rights import CONFIRM, DEFINE, ENTER
from stadt.hub.indicators.states import Origin, ValueState
from stadt.hub.indicators.units import on_screen
from stadt.web.tables import LinkCell, StateCell, TableColumn

HISTORY = 60
PAGE_SIZE = 50
SLOT_EXPLAIN = "indicators.explain"
"""Apps add here where an indicator counts; the address's `key` says which indicator the page explains."""


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """All indicators with their newest value, found by words and narrowed by where they come from and how they stand."""
    form = FilterForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    definitions = [item for item in queries.list_definitions() if _has_words(item, said.get("suche", ""))]
    latest = queries.latest_values(item.key for item in definitions)
    found = [item for item in definitions if _is_wanted(item, latest.get(item.key), said)]
    found.sort(key=lambda item: german_sort_key(_(item.title)))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    actor = actor_of(request)
    context = {
        "form": form,
        "page": page,
        "columns": (
            TableColumn("title", _("Kennzahl")),
            TableColumn("value", _("Wert")),
            TableColumn("period", _("Zeitraum")),
            TableColumn("origin", _("Herkunft")),
        ),
        "rows": [_row(item, latest.get(item.key)) for item in page.object_list],
        "may_enter": actor.can(ENTER),
        "may_confirm": actor.can(CONFIRM),
        "may_define": actor.can(DEFINE),
    }
    return render(request, "indicators/list.html", context)


@require_safe
def explain(request: HttpRequest, key: str) -> HttpResponse:
    """One number: in words, its formula, and everything it was computed from. Raises NotFound.

    `?wert=` explains an earlier value, also one that was revised.
    """
    definition = queries.definition_of(key)
    newest = queries.latest_values([key]).get(key)
    value = _asked(request, key) or newest
    if value is not None and definition.is_kept:
        definition = next(
            (one for one in queries.versions_of(key) if one.version == value.version), definition
        )
    history = _history(key, value)
    by_area = areas.told_by_area(definition, newest)
    quality, quality_state = wording.quality_in_words(value.quality) if value else ("", "")
    actor = actor_of(request)
    return render(
        request,
        "indicators/explain.html",
        {
            "indicator": definition,
            "title": _(definition.title),
            "description": _(definition.description),
            "value": value,
            "is_newest": newest is None or value is None or value.id == newest.id,
            "unit": on_screen(definition.unit_of(value.series if value else "")),
            "period": wording.period_in_words(value) if value else "",
            "sentence": wording.sentence(definition, value)
            if value
            else _("Zu dieser Kennzahl gibt es noch keinen Wert.")
            if definition.is_kept
            else _("Diese Kennzahl wurde noch nicht berechnet."),
            "interval": wording.interval_in_words(definition, value) if value else "",
            "quality": quality,
            "quality_state": str(quality_state),
            "formula": explaining.lines(definition, value),
            "evidence": explaining.evidence(actor, value) if value else [],
            "inputs": wording.inputs_of(value) if value else [],
            "readings": [wording.ShownReading(pk) for pk in value.sample] if value else [],
            "chart": wording.chart_of(definition, history),
            "history": explaining.history_table(definition, history),
            "revisions": explaining.revisions_table(definition, value) if value else None,
            "by_area": by_area,
            "slots": explaining.slots_table(definition, key, by_area.ids if by_area else frozenset()),
            "versions": explaining.versions_table(key) if definition.is_kept else None,
            "may_enter": definition.is_kept and actor.can(ENTER),
            "api_url": f"/api/v1/indicators/{key}",
            "prov_url": f"/api/v1/indicators/{key}/values/{value.id}/provenance" if value else "",
            "panels": [
                {"template": panel.template, "context": panel.context(request)}
                for panel in registry.panels(SLOT_EXPLAIN)
            ],
        },
    )


def _asked(request: HttpRequest, key: str) -> queries.Value | None:
    text = request.GET.get("wert", "")
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    value = queries.find_value(number)
    if value is None or value.key != key:
        raise NotFound(_("Diesen Wert gibt es nicht."))
    return value


def _history(key: str, value: queries.Value | None) -> list[queries.Value]:
    if value is None:
        return []
    return queries.history(
        key,
        HISTORY,
        place_id=value.place_id,
        series=value.series,
        breakdown=value.dimensions,
        period=value.period if value.origin == Origin.DERIVED else None,
    )


def _has_words(definition: Definition, words: str) -> bool:
    text = f"{definition.key} {definition.code} {_(definition.title)} {_(definition.description)}"
    body = german_sort_key(text).split("\x01")[0]
    return all(word in body for word in german_sort_key(words).split("\x01")[0].split())


def _is_wanted(definition: Definition, value: queries.Value | None, said: dict[str, str]) -> bool:
    art, status = said.get("art", ""), said.get("status", "")
    if art and (art == "gefuehrt") != definition.is_kept:
        return False
    if status == "ohne":
        return value is None or value.value is None
    if status == "mit":
        return value is not None and value.value is not None
    return status != "simuliert" or (value is not None and value.simulated)


def _row(definition: Definition, value: queries.Value | None) -> dict[str, object]:
    shown: object = ""
    if value is not None:
        shown = (
            wording.with_unit(definition, value.value)
            if value.value is not None
            else StateCell(str(ValueState(value.state).label))
        )
    origin: object = _("von der Stadt geführt") if definition.is_kept else _("von der Plattform berechnet")
    if value is not None and value.simulated:
        origin = StateCell(_("Beispiel") if definition.is_kept else _("simuliert"))
    return {
        "title": LinkCell(_(definition.title), reverse("indicators:explain", kwargs={"key": definition.key})),
        "value": shown,
        "period": wording.period_in_words(value) if value else _("noch kein Wert"),
        "origin": origin,
    }
