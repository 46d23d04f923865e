"""`/daten/werkstatt/`: the datasets of the own organisations, and what waits for somebody."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stadt.apps.publishing import presentation, queries
from stadt.core.people.access import actor_of
from stadt.hub.datasets.kept import queries as kept_queries
from stadt.hub.datasets.kept.states import State
from stadt.web.tables import CellKind, LinkCell, TableColumn

PAGE_SIZE = 25


@require_safe
@never_cache
def show_mine(request: HttpRequest) -> HttpResponse:
    """`?q=&zustand=&seite=`: what waits first, then the datasets, those changed last first."""
    actor = actor_of(request)
    words, state = request.GET.get("q", "").strip()[:100], request.GET.get("zustand", "")
    state = state if state in State.values else ""
    number = request.GET.get("seite", "1")
    found = kept_queries.list_kept(
        actor, words=words, state=state, page=int(number) if number.isdecimal() and len(number) < 6 else 1
    )
    paginator = Paginator(range(found.total), kept_queries.PAGE_SIZE)
    context: dict[str, Any] = {
        "waiting": presentation.waiting_for_keeper(actor),
        "columns": _columns(),
        "rows": [_row(kept) for kept in found.items],
        "total": found.total,
        "page": paginator.get_page(number),
        "words": words,
        "state": state,
        "states": [(value, label) for value, label in State.choices],
        "is_narrowed": bool(words or state),
    }
    return render(request, "publishing/overview.html", context)


@require_safe
@never_cache
def show_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a release by the person who asks."""
    actor = actor_of(request)
    page = Paginator(queries.for_review(actor), PAGE_SIZE).get_page(request.GET.get("seite"))
    columns = [
        TableColumn("title", gettext("Datensatz")),
        TableColumn("organisation", gettext("Organisation")),
        TableColumn("by", gettext("gegeben von")),
        TableColumn("at", gettext("am"), CellKind.DATETIME),
    ]
    rows = [
        {
            "title": LinkCell(str(kept), reverse("publishing:review", args=[kept.key])),
            "organisation": kept.organisation.name,
            "by": kept_queries.name_of(kept.submitted_by),
            "at": kept.submitted_at,
        }
        for kept in page.object_list
    ]
    return render(request, "publishing/reviews.html", {"columns": columns, "rows": rows, "page": page})


def _columns() -> list[TableColumn]:
    return [
        TableColumn("title", gettext("Datensatz")),
        TableColumn("state", gettext("Zustand")),
        TableColumn("organisation", gettext("Organisation")),
        TableColumn("changed", gettext("zuletzt geändert"), CellKind.DATETIME),
    ]


def _row(kept: Any) -> dict[str, Any]:
    return {
        "title": LinkCell(str(kept), reverse("publishing:dataset", args=[kept.key])),
        "state": presentation.state_cell(kept),
        "organisation": kept.organisation.name,
        "changed": kept.changed_at,
    }
