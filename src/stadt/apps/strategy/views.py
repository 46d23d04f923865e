"""Pages of the strategy: theme, field of action, measure, indicator."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from stadt.apps.strategy import links, lists, panels
from stadt.apps.strategy.document import ActionField, Measure, PrintedIndicator, Theme, strategy
from stadt.apps.strategy.figures import LiveFigure, codes_with_value, figures_for, history_chart
from stadt.apps.strategy.forms import IndicatorFilter, MeasureFilter
from stadt.apps.strategy.sdgs import goal_title
from stadt.apps.strategy.wording import direction_word, kind_word
from stadt.core.errors import NotFound
from stadt.core.german import german_slug
from stadt.core.manifest import EVERYBODY
from stadt.core.registry import RegisteredApp
from stadt.hub.datasets.declaration import Dataset

PAGE_LENGTH = 25


def overview(request: HttpRequest) -> HttpResponse:
    """The whole strategy: its themes, its size, and how much of it is measured live."""
    document = strategy()
    active = document.active_indicators
    figures = figures_for(indicator.code for indicator in active)
    measured = codes_with_value(figures)
    simulated = {
        code for code in measured if all(f.is_simulated for f in figures[code] if f.value is not None)
    }
    by_theme = lists.count_by_theme(measured)
    context = {
        "document": document,
        "themes": [(theme, by_theme[theme.slug]) for theme in document.themes],
        "measure_count": len(document.measures),
        "indicator_count": len(active),
        "measured_count": len(measured),
        "simulated_count": len(simulated),
        "measured": _with_figures([i for i in active if i.code in measured], figures),
        "blocks": panels.public_blocks(request, panels.OVERVIEW),
    }
    return render(request, "strategy/overview.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One guiding theme with its fields of action and their measures."""
    found = next((theme for theme in strategy().themes if theme.slug == slug), None)
    if found is None:
        raise NotFound(gettext("Dieses Leitthema gibt es nicht."))
    figures = figures_for(indicator.code for indicator in found.indicators)
    return render(
        request, "strategy/theme.html", {"theme": found, "measured_count": len(codes_with_value(figures))}
    )


def field(request: HttpRequest, slug: str) -> HttpResponse:
    """One field of action with its measures and indicators."""
    found = next((field for field in strategy().fields if field.slug == slug), None)
    if found is None:
        raise NotFound(gettext("Dieses Handlungsfeld gibt es nicht."))
    figures = figures_for(indicator.code for indicator in found.indicators)
    context = {
        "field": found,
        "theme": _theme_of(found),
        "indicators": _with_figures(list(found.indicators), figures),
    }
    return render(request, "strategy/field.html", context)


def measures(request: HttpRequest) -> HttpResponse:
    """All measures, narrowed by theme, goal and words."""
    form = MeasureFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = lists.list_measures(
        words=wanted.get("suche", ""),
        theme=wanted.get("leitthema", ""),
        goal=int(wanted["sdg"]) if wanted.get("sdg") else None,
    )
    page = Paginator(found if form.is_valid() else [], PAGE_LENGTH).get_page(request.GET.get("seite"))
    context = {"form": form, "page": page, "found": page.paginator.count}
    return render(request, "strategy/measures.html", context, status=200 if form.is_valid() else 400)


def indicators(request: HttpRequest) -> HttpResponse:
    """All active indicators with their values, narrowed by theme, words and whether there is a value."""
    form = IndicatorFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    figures = figures_for(indicator.code for indicator in strategy().active_indicators)
    found = lists.list_indicators(
        words=wanted.get("suche", ""),
        theme=wanted.get("leitthema", ""),
        with_value={"ja": True, "nein": False}.get(wanted.get("wert", "")),
        measured=codes_with_value(figures),
    )
    page = Paginator(found if form.is_valid() else [], PAGE_LENGTH).get_page(request.GET.get("seite"))
    shown = _with_figures(list(page.object_list), figures)
    context = {"form": form, "page": page, "found": page.paginator.count, "indicators": shown}
    return render(request, "strategy/indicators.html", context, status=200 if form.is_valid() else 400)


def measure(request: HttpRequest, code: str) -> HttpResponse:
    """One measure: everything printed, its indicators with values, and what of the platform carries it."""
    document = strategy()
    found = document.measures.get(code)
    if found is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    related = [document.indicators[code] for code in found.indicator_codes]
    context = {
        "measure": found,
        "place": _place_of(found),
        "goals": [goal_title(goal) for goal in found.sdgs],
        "indicators": _with_figures(related, figures_for(found.indicator_codes)),
        "carriers": [_carrier(app) for app in links.carriers(found.code)],
        "blocks": panels.public_blocks(request, panels.MEASURE),
        "internal": panels.internal_blocks(request, panels.MEASURE, code),
    }
    return render(request, "strategy/measure.html", context)


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: printed name, proposed definition, live values with their history, and its measures."""
    found = strategy().indicators.get(code)
    if found is None:
        raise NotFound(gettext("Diese Kennzahl gibt es nicht."))
    figures = figures_for([code]).get(code, [])
    context = {
        "indicator": found,
        "place": _place_of(found),
        "direction": direction_word(found.direction),
        "kind": kind_word(found.kind),
        "figures": [(figure, history_chart(figure)) for figure in figures],
        "has_value": any(figure.value is not None for figure in figures),
        "is_simulated": any(figure.is_simulated for figure in figures),
        "measures": links.measures_of(code),
        "blocks": panels.public_blocks(request, panels.INDICATOR),
        "internal": panels.internal_blocks(request, panels.INDICATOR, code),
    }
    return render(request, "strategy/indicator.html", context)


def door(request: HttpRequest) -> dict[str, Any]:
    """What the start page tells about the strategy."""
    document = strategy()
    figures = figures_for(indicator.code for indicator in document.active_indicators)
    return {
        "document": document,
        "measure_count": len(document.measures),
        "indicator_count": len(document.active_indicators),
        "measured_count": len(codes_with_value(figures)),
    }


def counts_for(request: HttpRequest) -> dict[str, Any]:
    """Which printed indicators an explained indicator measures, each with the measures it is meant to follow."""
    match = request.resolver_match
    key = str(match.kwargs.get("key", "")) if match else ""
    return {"printed": [(found, links.measures_of(found.code)) for found in links.printed_indicators_of(key)]}


def _theme_of(found: ActionField) -> Theme:
    return next(theme for theme in strategy().themes if theme.slug == found.theme_slug)


def _place_of(item: Measure | PrintedIndicator) -> dict[str, str]:
    """Names and addresses of the theme and field that an item stands in."""
    return {
        "theme": item.theme,
        "theme_url": reverse("strategy:theme", args=[german_slug(item.theme)]),
        "field": item.field,
        "field_url": reverse("strategy:field", args=[german_slug(item.field)]),
    }


def _with_figures(
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


def _carrier(app: RegisteredApp) -> dict[str, Any]:
    """An app's title, the address of its first public page, and the datasets it publishes."""
    return {
        "title": gettext(app.title),
        "url": _first_page(app),
        "datasets": [gettext(item.title) for item in app.manifest.datasets if isinstance(item, Dataset)],
    }


def _first_page(app: RegisteredApp) -> str:
    for page in app.manifest.pages:
        if page.menu is not None and page.permission is EVERYBODY:
            try:
                return reverse(f"{app.label}:{page.name}")
            except NoReverseMatch:
                continue
    return ""
