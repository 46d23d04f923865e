"""`/vorgaenge/`: what waits for the teams, as a list and on the map; and the filters that people keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadt.apps.desk import inbox, kept_filters
from stadt.apps.desk.filters import FilterForm, Surroundings, address_of, surroundings
from stadt.apps.desk.forms import SaveFilterForm
from stadt.apps.desk.people import list_teams, team_choices
from stadt.apps.desk.rows import as_features, as_rows
from stadt.civic.cases import rights
from stadt.civic.cases.queries import CasePage, CaseQuery, counts, search_cases
from stadt.civic.cases.services import remove_filter, save_filter
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.web.maps import MapLayer

PAGE_SIZE, ON_MAP = 50, 300
CURSOR, VIEW, MAP = "weiter", "ansicht", "karte"
LONGEST_CURSOR = 200


@require_safe
@never_cache
def show_inbox(request: HttpRequest) -> HttpResponse:
    """The list of `?…` as `FilterForm` has it; `&ansicht=karte` shows the same on the map, `&weiter=` its next page."""
    actor = actor_of(request)
    around = surroundings(actor)
    form = FilterForm(request.GET, around)
    query = form.as_query()
    is_map = request.GET.get(VIEW) == MAP
    page, is_lost = _page(request, query, is_map=is_map)
    context: dict[str, Any] = {
        "form": form,
        "is_narrowed": form.is_narrowed,
        "page": page,
        "is_lost": is_lost,
        "is_map": is_map,
        "here": address_of(query),
        "queues": inbox.queues(around, query),
        "kept": kept_filters.list_kept(around, query),
        "numbers": inbox.numbers(around, query, counts(actor, query)),
        "may_export": actor.can(rights.EXPORT),
        "may_bulk": actor.can(rights.BULK),
        "next": _next(request, page.next_cursor),
        "is_later": bool(request.GET.get(CURSOR)) and not is_lost,
        "views": _views(request, is_map=is_map),
        **_shown(page, around, is_map=is_map),
    }
    return render(request, "desk/inbox.html", context)


def _page(request: HttpRequest, query: CaseQuery, *, is_map: bool) -> tuple[CasePage, bool]:
    """The page asked for; from the beginning where the mark of its place does not hold (any more)."""
    actor = actor_of(request)
    cursor = "" if is_map else request.GET.get(CURSOR, "")[:LONGEST_CURSOR]
    limit = ON_MAP if is_map else PAGE_SIZE
    try:
        return search_cases(actor, replace(query, cursor=cursor), limit), False
    except StadtError as refusal:
        if refusal.status != 422:
            raise
        return search_cases(actor, query, limit), bool(cursor)


def _shown(page: CasePage, around: Surroundings, *, is_map: bool) -> dict[str, Any]:
    rows = as_rows(page.rows)
    if not is_map:
        return {"rows": rows}
    features = as_features(rows)
    layer = MapLayer("desk.cases", gettext("Vorgänge"), features)
    return {"rows": rows, "layers": [layer], "without_place": len(rows) - len(features)}


def _next(request: HttpRequest, cursor: str) -> str:
    if not cursor:
        return ""
    asked = request.GET.copy()
    asked[CURSOR] = cursor
    return "?" + asked.urlencode()


def _views(request: HttpRequest, *, is_map: bool) -> list[tuple[str, str, bool]]:
    asked: QueryDict = request.GET.copy()
    for name in (CURSOR, VIEW):
        asked.pop(name, None)
    as_list = "?" + asked.urlencode()
    asked[VIEW] = MAP
    return [
        (gettext("Liste"), as_list, not is_map),
        (gettext("Karte"), "?" + asked.urlencode(), is_map),
        (gettext("Runde"), f"{reverse('desk:tour')}{as_list}", False),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Give the search of the address a name, for oneself or for a team."""
    actor = actor_of(request)
    asked = FilterForm(request.GET, surroundings(actor))
    query = asked.as_query()
    form = SaveFilterForm(request.POST or None)
    form.offer(team_choices(list_teams(actor, rights.MANAGE)))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            save_filter(
                actor, said["name"], query, organisation_id=int(said["team"]) if said["team"] else None
            )
        except StadtError as refusal:
            if refusal.status not in {409, 422}:
                raise
            form.add_error("name", refusal.detail)
        else:
            messages.success(request, gettext("Der Filter ist gespeichert."))
            return redirect(f"{reverse('desk:inbox')}?{address_of(query)}")
    context = {"form": form, "here": address_of(query), "says": inbox.in_words(asked)}
    return render(request, "desk/keep_filter.html", context, status=422 if form.errors else 200)


@require_POST
def forget_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a kept filter."""
    remove_filter(actor_of(request), pk)
    messages.success(request, gettext("Der Filter ist gelöscht."))
    return redirect("desk:inbox")
