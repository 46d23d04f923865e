"""Pages about what is missing in the strategy; nothing internal stands on them, so everybody may read them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from stadt.apps.strategy.gaps import carriage, finding, frames, hints, readiness
from stadt.apps.strategy.gaps.carriage import Carriage, Way
from stadt.apps.strategy.gaps.files import csv_file
from stadt.apps.strategy.gaps.forms import DUPLICATE, CarriageFilter, FrameFilter, ReadinessFilter
from stadt.apps.strategy.gaps.kinds import About, Entry, Found, Gap
from stadt.apps.strategy.gaps.readiness import CRITERIA, Readiness
from stadt.apps.strategy.gaps.shown import field_title, lines_of, place_to_close, tabs, theme_chart, url_of
from stadt.apps.strategy.gaps.state import State, read_state
from stadt.apps.strategy.record.content import PrintedIndicator
from stadt.apps.strategy.sdgs import goal_title
from stadt.core.errors import NotFound
from stadt.core.registry import registry

PAGE_LENGTH = 40
GROUPS = (
    (About.MEASURE, _("Maßnahmen")),
    (About.INDICATOR, _("Kennzahlen")),
    (About.FRAME, _("Leitthemen und Ziele")),
)


@require_safe
def show_gaps(request: HttpRequest) -> HttpResponse:
    """`/strategie/luecken/`: every kind of gap with its count."""
    state = read_state()
    found = finding.find_all(state)
    groups = [
        (gettext(title), [(gap, result) for gap, result in found if gap.about is about])
        for about, title in GROUPS
    ]
    context = {
        "tabs": tabs("strategy:gaps"),
        "groups": groups if len(state.content) else [],
        "measure_count": len(state.measures),
        "indicator_count": len(state.indicators),
        "chart": _levers_and_proofs(state) if state.content.themes else None,
    }
    return render(request, "strategy/gaps/overview.html", context)


@require_safe
def show_gap(request: HttpRequest, key: str) -> HttpResponse:
    """`/strategie/luecken/kennzahl-ohne-soll/`: one kind of gap with its list. Raises NotFound."""
    state, gap, found = _get_gap(key)
    page = Paginator(found.entries, PAGE_LENGTH).get_page(request.GET.get("seite"))
    counts = state.count_by_theme(entry.code for entry in found.entries)
    title = gettext(gap.title)
    context = {
        "gap": gap,
        "title": title,
        "meaning": gettext(gap.meaning),
        "closing": gettext(gap.closing),
        "place": place_to_close(request, gap.where),
        "found": found,
        "page": page,
        "lines": lines_of(state, page.object_list),
        "has_notes": any(entry.note for entry in found.entries),
        "unknown": lines_of(state, found.unknown),
        "chart": theme_chart(title, "", [title], [(theme, [count]) for theme, count in counts])
        if gap.about is not About.FRAME and found.count
        else None,
    }
    return render(request, "strategy/gaps/gap.html", context)


@require_safe
def download_gap(request: HttpRequest, key: str) -> HttpResponse:
    """The list of one gap as CSV. Raises NotFound."""
    state, gap, found = _get_gap(key)
    unclear = gettext("nicht beurteilbar")

    def row(entry: Entry, note: str) -> tuple[str, str, str, str]:
        return entry.code, entry.title, field_title(state, entry.code), note

    rows = [row(entry, entry.note) for entry in found.entries]
    rows += [row(entry, entry.note or unclear) for entry in found.unknown]
    heading = [gettext("Code"), gettext("Titel"), gettext("Handlungsfeld"), gettext("Anmerkung")]
    return csv_file(gap.key, heading, rows)


@require_safe
def show_readiness(request: HttpRequest) -> HttpResponse:
    """`/strategie/bereitschaft/`: for each indicator what it still needs before it can steer anything."""
    state = read_state()
    form = ReadinessFilter(request.GET, state=state)
    every = readiness.list_readiness(state)
    active = [item for item in every if not item.is_duplicate]
    found = _narrowed(form, state, every) if form.is_valid() else []
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("seite"))
    context = {
        "tabs": tabs("strategy:readiness"),
        "form": form,
        "found": len(found),
        "page": page,
        "rows": [_ready_row(state, item) for item in page.object_list],
        "needed": len(CRITERIA),
        "criteria": [
            (gettext(item.title), count, len(active)) for item, count in readiness.count_met(active)
        ],
        "ready": sum(1 for item in active if item.is_ready),
        "active": len(active),
        "duplicates": len(every) - len(active),
    }
    return render(request, "strategy/gaps/readiness.html", context, status=200 if form.is_valid() else 400)


@require_safe
def download_readiness(request: HttpRequest) -> HttpResponse:
    """All indicators with a column for each thing they need, as CSV."""
    state = read_state()
    yes, no = gettext("ja"), gettext("nein")
    heading = [
        gettext("Code"),
        gettext("Titel"),
        gettext("vorhanden"),
        *(gettext(item.title) for item in CRITERIA),
    ]
    rows: list[list[str | int]] = []
    for item in readiness.list_readiness(state):
        facts = [gettext("doppelt") if item.is_duplicate else yes if c in item.met else no for c in CRITERIA]
        score = "" if item.is_duplicate else item.score
        rows.append([item.indicator.code, item.indicator.name, score, *facts])
    return csv_file("bereitschaft", heading, rows)


@require_safe
def show_carriage(request: HttpRequest) -> HttpResponse:
    """`/strategie/abdeckung/`: which measure is carried by which part of the platform."""
    state = read_state()
    form = CarriageFilter(request.GET, state=state)
    every = carriage.list_carriage(state)
    counts = carriage.count_ways(state, every)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = [
        item
        for item in every
        if form.is_valid()
        and (not wanted["stand"] or item.way == wanted["stand"])
        and _is_in(state, item.measure.code, wanted["leitthema"])
    ]
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("seite"))
    words = [gettext(word) for word in carriage.WORDS.values()]
    context = {
        "tabs": tabs("strategy:carriage"),
        "form": form,
        "found": len(found),
        "page": page,
        "rows": [_carried_row(item) for item in page.object_list],
        "words": words,
        "totals": [
            (gettext(carriage.WORDS[way]), sum(count[way] for _theme, count in counts)) for way in Way
        ],
        "counts": [(theme, list(count.values()), sum(count.values())) for theme, count in counts],
        "chart": theme_chart(
            gettext("Maßnahmen je Leitthema"),
            gettext("Wie die Maßnahmen zur Plattform stehen."),
            words,
            [(theme, list(count.values())) for theme, count in counts],
            stacked=True,
        )
        if counts
        else None,
        "total": len(every),
    }
    return render(request, "strategy/gaps/carriage.html", context, status=200 if form.is_valid() else 400)


@require_safe
def download_carriage(request: HttpRequest) -> HttpResponse:
    """All measures with the parts of the platform that carry them, as CSV."""
    heading = [
        gettext("Code"),
        gettext("Titel"),
        gettext("Stand"),
        gettext("Teile der Plattform"),
        gettext("Datensätze"),
    ]
    rows = [
        (
            item.measure.code,
            item.measure.title,
            item.word,
            ", ".join(gettext(part.title) for part in item.parts) or item.planned,
            ", ".join(key for part in item.parts for key, _title in part.datasets),
        )
        for item in carriage.list_carriage(read_state())
    ]
    return csv_file("abdeckung", heading, rows)


@require_safe
def show_frames(request: HttpRequest) -> HttpResponse:
    """`/strategie/rahmen/`: the same indicators seen through development goals, U4SSC, CITYkeys and the city's own."""
    state = read_state()
    form = FrameFilter(request.GET, state=state)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = [
        item
        for item in state.indicators
        if form.is_valid()
        and (not wanted["rahmen"] or frames.frame_of(item) == wanted["rahmen"])
        and _is_in(state, item.code, wanted["leitthema"])
    ]
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("seite"))
    context = {
        "tabs": tabs("strategy:frames"),
        "form": form,
        "found": len(found),
        "page": page,
        "rows": [_frame_row(state, item) for item in page.object_list],
        "goals": [
            (
                goal_title(goal.number),
                goal,
                f"{reverse('strategy:measures')}?sdg={goal.number}" if goal.measures else "",
            )
            for goal in frames.list_goals(state)
        ],
        "totals": [
            (gettext(word), sum(1 for item in state.indicators if frames.frame_of(item) is frame))
            for frame, word in frames.FRAME_WORDS.items()
        ],
    }
    return render(request, "strategy/gaps/frames.html", context, status=200 if form.is_valid() else 400)


def related_panel(request: HttpRequest) -> dict[str, Any]:
    """On an indicator's page: figures of the platform that come near it, and why they are not the same."""
    match = request.resolver_match
    code = str(match.kwargs.get("code", "")) if match else ""
    return {
        "related": [
            (
                gettext(registry.indicators[item.key].title),
                reverse("indicators:explain", args=[item.key]),
                item.why,
            )
            for item in hints.related(code)
        ]
    }


def _get_gap(key: str) -> tuple[State, Gap, Found]:
    gap = finding.ALL.get(key)
    if gap is None:
        raise NotFound(gettext("Diese Liste gibt es nicht."))
    state = read_state()
    return state, gap, gap.find(state)


def _levers_and_proofs(state: State) -> Any:
    """How many indicators have no measure and how many measures no indicator, by guiding theme."""
    keys = ("kennzahl-ohne-massnahme", "massnahme-ohne-kennzahl")
    columns = [
        state.count_by_theme(entry.code for entry in finding.ALL[key].find(state).entries) for key in keys
    ]
    rows = [
        (theme, [count, other])
        for (theme, count), (_theme, other) in zip(columns[0], columns[1], strict=True)
    ]
    return theme_chart(
        gettext("Lücken je Leitthema"),
        gettext("Kennzahlen, die keine Maßnahme bewegen soll, und Maßnahmen, die keine Kennzahl nachweist."),
        [gettext(finding.ALL[key].title) for key in keys],
        rows,
    )


def _is_in(state: State, code: str, slug: str) -> bool:
    theme = state.content.themes.get(state.theme_of(code))
    return not slug or (theme is not None and theme.slug == slug)


def _narrowed(form: ReadinessFilter, state: State, every: list[Readiness]) -> list[Readiness]:
    missing, theme = form.cleaned_data["fehlt"], form.cleaned_data["leitthema"]
    if missing == DUPLICATE:
        chosen = [item for item in every if item.is_duplicate]
    else:
        chosen = [item for item in every if not missing or missing in {c.key for c in item.missing}]
    return [item for item in chosen if _is_in(state, item.indicator.code, theme)]


def _ready_row(state: State, item: Readiness) -> dict[str, Any]:
    return {
        "indicator": item.indicator,
        "url": url_of(state, item.indicator.code),
        "score": item.score,
        "is_duplicate": item.is_duplicate,
        "missing": [gettext(criterion.missing) for criterion in item.missing],
    }


def _carried_row(item: Carriage) -> dict[str, Any]:
    return {
        "item": item,
        "url": reverse("strategy:measure", args=[item.measure.code]),
        "parts": [
            (
                gettext(part.title),
                reverse(part.page) if part.page else "",
                [gettext(title) for _key, title in part.datasets],
            )
            for part in item.parts
        ],
        "state": {Way.CARRIED: "success", Way.PLANNED: "info"}.get(item.way, "neutral"),
    }


def _frame_row(state: State, item: PrintedIndicator) -> dict[str, Any]:
    return {
        "indicator": item,
        "url": url_of(state, item.code),
        "frame": gettext(frames.FRAME_WORDS[frames.frame_of(item)]),
        "code": frames.u4ssc_code(item),
        "has_value": item.code in state.measured,
    }
