"""`/vorgaenge/auftraege/` and `/vorgaenge/runde/`: rounds on the phone; one order with its photos and its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import orders
from stadt.apps.desk.filters import FilterForm, address_of, surroundings
from stadt.apps.desk.finding import order_for
from stadt.apps.desk.forms import MoveForm
from stadt.apps.desk.order_page import order_context
from stadt.apps.desk.rows import as_features
from stadt.apps.desk.views.moves import find_move, send_move
from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import moves_for, search_cases
from stadt.civic.cases.queries.listing import list_orders
from stadt.civic.cases.services import note_case
from stadt.core.errors import Conflict, StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.web.maps import MapLayer

START, ADDRESS, LONGEST_START = "ab", "adresse", 100
LONGEST_NOTE = 4000


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_round(request: HttpRequest) -> HttpResponse:
    """A contractor's open orders. `?ab=` or `?adresse=` name where the round begins; POST brings the device's position."""
    cases = list_orders(actor_of(request), orders.MOST + 1)
    return _round(request, cases, "desk:order", {"title": gettext("Aufträge"), "is_order": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_tour(request: HttpRequest) -> HttpResponse:
    """The inbox's list as an officer's round: the same `?…` as there, and the start as with orders."""
    actor = actor_of(request)
    query = FilterForm(request.GET, surroundings(actor)).as_query()
    found = search_cases(actor, query, orders.MOST)
    here = address_of(query)
    shown = {"title": gettext("Runde"), "here": here, "carried": list(QueryDict(here).items())}
    return _round(request, found.rows, "desk:case", shown, has_more=bool(found.next_cursor))


def _round(
    request: HttpRequest,
    cases: Sequence[Case],
    address: str,
    shown: Mapping[str, Any],
    *,
    has_more: bool = False,
) -> HttpResponse:
    asked = request.GET.get(START, "")[:LONGEST_START]
    words = request.GET.get(ADDRESS, "")[:LONGEST_START]
    found = orders.start_at(words)
    start = found[0] if found else orders.start_of(asked)
    is_here = False
    if request.method == "POST":  # in the body and not in the address, so that it stands in no log
        own = orders.own_position(request.POST.get("lon", ""), request.POST.get("lat", ""))
        start, is_here = own or start, own is not None
    made = orders.round_of(cases, start, address)
    stops = [*made.today, *made.later]
    layer = MapLayer("desk.orders", shown["title"], as_features(stop.row for stop in stops))
    is_chosen = start is not None and not is_here and not found
    context = {
        "round": made,
        "has_more": has_more or made.has_more,
        "count": len(stops),
        "starts": orders.start_choices(),
        "start": asked if is_chosen else "",
        "is_position": is_chosen and not asked.startswith("g"),
        "is_here": is_here,
        "words": words,
        "found": found[1] if found and not is_here else "",
        "is_lost": bool(words.strip()) and not found and not is_here,
        "layers": [layer],
        **shown,
    }
    return render(request, "desk/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_order(request: HttpRequest, reference: str) -> HttpResponse:
    """One order. POST `schritt=<move>` with text and photo does a step; `do=notiz` writes to the office."""
    actor = actor_of(request)
    case = order_for(actor, reference)
    if request.method != "POST":
        return _page(request, actor, case)
    if request.POST.get("do") == "notiz":
        return _note(request, actor, case)
    try:
        move = find_move(actor, case, request.POST.get("schritt", "")[:80])
    except Conflict as conflict:
        return _page(request, actor, case, conflict=conflict.detail, status=409)
    form = MoveForm(move, request.POST, request.FILES, is_for_contractor=True, auto_id=f"id_{move.key}_%s")
    if not form.is_valid():
        return _page(request, actor, case, form, status=422)
    try:
        send_move(actor, case, form)
    except Conflict as conflict:
        case = order_for(actor, reference)
        again = _form(move, case, form.cleaned_data)
        return _page(request, actor, case, again, conflict=conflict.detail, status=409)
    except StadtError as refusal:
        if refusal.status not in {413, 415, 422}:
            raise
        form.show(refusal)
        return _page(request, actor, case, form, status=422)
    messages.success(
        request, gettext("%(reference)s: %(move)s.") % {"reference": case.reference, "move": titled(move)}
    )
    return redirect("desk:round")


def _form(move: Move, case: Case, typed: Mapping[str, Any]) -> MoveForm:
    """The step's form for the case as it is now, with what was typed; photos are chosen again."""
    initial = {**typed, "photo": None, "revision": case.revision}
    return MoveForm(move, initial=initial, is_for_contractor=True, auto_id=f"id_{move.key}_%s")


def _note(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    try:
        note_case(actor, case.pk, request.POST.get("text", "").strip()[:LONGEST_NOTE], for_contractor=True)
    except StadtError as refusal:
        if refusal.status != 422:
            raise
        return _page(request, actor, case, note_error=refusal.detail, status=422)
    messages.success(request, gettext("Die Notiz ist beim Team."))
    return redirect("desk:order", reference=case.reference)


def _page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    wrong: MoveForm | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    forms = [
        wrong if wrong is not None and wrong.move.key == move.key else _form(move, case, {})
        for move in moves_for(actor, case)
    ]
    context = order_context(actor, case) | {"forms": forms, **more}
    return render(request, "desk/order.html", context, status=status)
