"""`/vorgaenge/auftraege/`: a contractor's round on the phone, and one order with its photos and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.desk import orders
from stadt.apps.desk.finding import order_for
from stadt.apps.desk.forms import MoveForm
from stadt.apps.desk.order_page import order_context
from stadt.apps.desk.rows import as_features
from stadt.apps.desk.views.moves import find_move, send_move
from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import moves_for
from stadt.civic.cases.services import note_case
from stadt.core.errors import Conflict, StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.web.maps import MapLayer

START, LONGEST_START = "ab", 60
LONGEST_NOTE = 4000


@require_safe
@never_cache
def show_round(request: HttpRequest) -> HttpResponse:
    """The open orders; `?ab=` names where the round begins."""
    actor = actor_of(request)
    asked = request.GET.get(START, "")[:LONGEST_START]
    start = orders.start_of(asked)
    found = orders.round_of(actor, start)
    stops = [*found.today, *found.later]
    layer = MapLayer("desk.orders", gettext("Aufträge"), as_features(stop.row for stop in stops))
    context = {
        "round": found,
        "count": len(stops),
        "starts": orders.start_choices(),
        "start": asked if start is not None else "",
        "is_position": start is not None and not asked.startswith("g"),
        "layers": [layer],
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
