"""Pages of one measure and one indicator, in words a resident understands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from stadt.apps.strategy import links, panels
from stadt.apps.strategy.document import Measure, PrintedIndicator, strategy
from stadt.apps.strategy.embedding import embed_code
from stadt.apps.strategy.figures import figures_for, history_chart, with_figures
from stadt.apps.strategy.now import content
from stadt.apps.strategy.record.content import Measure as Content
from stadt.apps.strategy.sdgs import goal_title
from stadt.apps.strategy.spaces import named_areas
from stadt.apps.strategy.words import funding, measures, periods
from stadt.apps.strategy.words.indicators import about_interval, direction_word, kind_word
from stadt.core.errors import NotFound
from stadt.core.german import german_slug
from stadt.core.manifest import EVERYBODY
from stadt.core.people.models import Organisation
from stadt.core.registry import RegisteredApp
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.indicators.areas import told_by_area
from stadt.hub.indicators.queries import definition_of


def measure(request: HttpRequest, code: str) -> HttpResponse:
    """One measure: what, why, until when, who pays, where, what it moves, what hangs on it and where this is written."""
    document = strategy()
    found = document.measures.get(code)
    item = content().measures.get(code)
    if found is None or item is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    related = [document.indicators[code] for code in found.indicator_codes if code in document.indicators]
    context = {
        "document": document,
        "measure": found,
        "item": item,
        "place": place_of(found),
        "shown": shown_measure(item),
        "goals": [goal_title(goal) for goal in found.sdgs],
        "indicators": with_figures(related, figures_for(found.indicator_codes)),
        "carriers": [_carrier(app) for app in links.carriers(found.code)],
        "related": related_measures(item),
        "areas": named_areas(item),
        "challenges": [
            content().challenges[key].title for key in item.challenges if key in content().challenges
        ],
        "annotations": content().annotations_of(code),
        "embed": embed_code(found.title, reverse("strategy:measure_embed", args=[code])),
        "blocks": panels.public_blocks(request, panels.MEASURE),
        "internal": panels.internal_blocks(request, panels.MEASURE, code),
    }
    return render(request, "strategy/measure.html", context)


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what is measured, why, the goal, values with date, source and uncertainty, and what is done."""
    found = strategy().indicators.get(code)
    if found is None:
        raise NotFound(gettext("Diese Kennzahl gibt es nicht."))
    figures = figures_for([code]).get(code, [])
    context = {
        "indicator": found,
        "place": place_of(found),
        "direction": direction_word(found.direction),
        "kind": kind_word(found.kind),
        "figures": [(figure, history_chart(figure)) for figure in figures],
        "intervals": [(figure, said) for figure in figures if (said := about_interval(figure))],
        "by_area": [
            (figure, told)
            for figure in figures
            if (told := told_by_area(definition_of(figure.key), figure.latest)) and told.charts
        ],
        "has_value": any(figure.value is not None for figure in figures),
        "is_simulated": any(figure.is_simulated for figure in figures),
        "rows": measure_rows(links.measures_of(code)),
        "annotations": content().annotations_of(code),
        "embed": embed_code(found.name, reverse("strategy:indicator_embed", args=[code])),
        "blocks": panels.public_blocks(request, panels.INDICATOR),
        "internal": panels.internal_blocks(request, panels.INDICATOR, code),
    }
    return render(request, "strategy/indicator.html", context)


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """What of a measure is data, in words."""

    state: str
    colour: str
    knowledge: str
    period: str
    phases: list[str]
    owner: str
    money: str
    sources: list[funding.ShownSource]
    level: str
    types: list[str]


def shown_measure(item: Content) -> ShownMeasure:
    """State, period, money and Raumbezug in words. One query where an organisation owns the measure."""
    owner = Organisation.objects.filter(key=item.owner).first() if item.owner else None
    return ShownMeasure(
        state=measures.state_word(item.state),
        colour=measures.state_colour(item.state),
        knowledge=measures.knowledge(item, content().head.note),
        period=periods.in_words(item.period),
        phases=[periods.phase_in_words(phase) for phase in item.period.phases],
        owner=owner.name if owner else "",
        money=funding.summary(item.funding),
        sources=funding.sources(item.funding),
        level=measures.level_word(item.spatial.level),
        types=measures.type_words(item),
    )


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as a line of a list."""

    measure: Measure
    period: str
    state: str
    colour: str
    is_open: bool


def measure_rows(found: Iterable[Measure]) -> list[MeasureRow]:
    """Measures with period and state in words, and whether money is still to be found."""
    known = content().measures
    return [
        MeasureRow(
            item,
            periods.in_words(known[item.code].period),
            measures.state_word(known[item.code].state),
            measures.state_colour(known[item.code].state),
            known[item.code].funding.is_open,
        )
        for item in found
    ]


@dataclass(frozen=True, slots=True)
class Related:
    """Another measure, how this one hangs together with it, and whether the strategy says so itself."""

    relation: str
    measure: Content
    is_stated: bool


def related_measures(item: Content) -> list[Related]:
    """What a measure needs, then what needs it."""
    known = content().measures
    needs = [
        Related(gettext(measures.DEPENDS[found.kind]), known[found.code], found.stated)
        for found in item.dependencies
        if found.code in known
    ]
    needed = [
        Related(gettext(measures.NEEDED_BY[found.kind]), other, found.stated)
        for other in known.values()
        for found in other.dependencies
        if found.code == item.code
    ]
    return needs + needed


def place_of(item: Measure | PrintedIndicator) -> dict[str, str]:
    """Names and addresses of the theme and field that an item stands in; an address stays when the title changes."""
    part = next((one for one in strategy().fields if item in (*one.measures, *one.indicators)), None)
    return {
        "theme": item.theme,
        "theme_url": reverse("strategy:theme", args=[part.theme_slug if part else german_slug(item.theme)]),
        "field": item.field,
        "field_url": reverse("strategy:field", args=[part.slug if part else german_slug(item.field)]),
    }


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
