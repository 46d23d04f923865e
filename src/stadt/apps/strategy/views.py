"""Pages of the strategy: the whole, a theme, a field of action, and the lists; one item has its page in `items`."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.strategy import links, lists, panels
from stadt.apps.strategy.document import ActionField, Theme, strategy
from stadt.apps.strategy.figures import codes_with_value, figures_for, with_figures
from stadt.apps.strategy.forms import IndicatorFilter, MeasureFilter
from stadt.apps.strategy.items import measure_rows
from stadt.apps.strategy.now import content
from stadt.apps.strategy.words.measures import state_colour, state_word
from stadt.core.errors import NotFound

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
    known = content()
    context = {
        "document": document,
        "visions": known.visions.values(),
        "principles": known.principles.values(),
        "themes": [(theme, by_theme[theme.slug]) for theme in document.themes],
        "states": [
            (state, state_word(state), state_colour(state), count)
            for state, count in lists.count_by_state().items()
        ],
        "open_money": sum(1 for item in known.measures.values() if item.funding.is_open),
        "measure_count": len(document.measures),
        "indicator_count": len(active),
        "measured_count": len(measured),
        "simulated_count": len(simulated),
        "measured": with_figures([i for i in active if i.code in measured], figures),
        "blocks": panels.public_blocks(request, panels.OVERVIEW),
    }
    return render(request, "strategy/overview.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One guiding theme with its fields of action and their measures."""
    found = next((theme for theme in strategy().themes if theme.slug == slug), None)
    if found is None:
        raise NotFound(gettext("Dieses Leitthema gibt es nicht."))
    figures = figures_for(indicator.code for indicator in found.indicators)
    items = [content().measures[measure.code] for measure in found.measures]
    context = {
        "theme": found,
        "text": next((item.text for item in content().themes.values() if item.title == found.name), ""),
        "measured_count": len(codes_with_value(figures)),
        "document": strategy(),
        "list_url": f"{reverse('strategy:measures')}?leitthema={slug}",
        "active_count": sum(1 for indicator in found.indicators if indicator.is_active),
        "open_money": sum(1 for item in items if item.funding.is_open),
        "updated": sum(1 for item in items if item.state),
    }
    return render(request, "strategy/theme.html", context)


def field(request: HttpRequest, slug: str) -> HttpResponse:
    """One field of action with its measures and indicators."""
    found = next((field for field in strategy().fields if field.slug == slug), None)
    if found is None:
        raise NotFound(gettext("Dieses Handlungsfeld gibt es nicht."))
    figures = figures_for(indicator.code for indicator in found.indicators)
    context = {
        "field": found,
        "rows": measure_rows(found.measures),
        "text": content().fields[found.code].text if found.code in content().fields else "",
        "theme": _theme_of(found),
        "indicators": with_figures(list(found.indicators), figures),
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
        state=wanted.get("stand", ""),
        year=wanted.get("jahr"),
        money=wanted.get("geld", ""),
        area=wanted.get("gebiet", ""),
    )
    page = Paginator(found if form.is_valid() else [], PAGE_LENGTH).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "page": page,
        "found": page.paginator.count,
        "rows": measure_rows(page.object_list),
    }
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
    shown = with_figures(list(page.object_list), figures)
    context = {"form": form, "page": page, "found": page.paginator.count, "indicators": shown}
    return render(request, "strategy/indicators.html", context, status=200 if form.is_valid() else 400)


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
