"""`/vorgaenge/sammeln/`: one change for many cases, asked once more before, told case by case after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk.many_forms import FORMS, ManyForm
from stadt.apps.desk.rows import as_rows
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import count_told, moves_for
from stadt.civic.cases.queries.listing import list_by_reference
from stadt.civic.cases.services import bulk
from stadt.civic.cases.services.many import MOST
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor

CASE, WHAT, SURE = "fall", "was", "sicher"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_many(request: HttpRequest) -> HttpResponse:
    """POST `fall=<reference>` for each; then `was=<change>` with its fields; then the same with `sicher=1`."""
    actor = actor_of(request)
    if request.method != "POST":
        return redirect("desk:inbox")
    references = list(dict.fromkeys(request.POST.getlist(CASE)))[:MOST]
    cases = list_by_reference(actor, references)
    what = request.POST.get(WHAT, "")
    context: dict[str, Any] = {
        "cases": cases,
        "rows": as_rows(cases),
        "back": request.POST.get("zurueck", "")[:500],
        "gone": len(references) - len(cases),
        "choices": [(key, made.title) for key, made in FORMS.items()],
        "what": what,
    }
    if not cases or what not in FORMS:
        return render(request, "desk/many.html", context)
    is_sent = SURE in request.POST or "weiter" in request.POST
    form = FORMS[what](request.POST if is_sent else None)
    form.prepare(actor, cases, common_moves(actor, cases) if form.needs_moves else [])
    context["form"] = form
    if is_sent and form.is_valid():
        if SURE not in request.POST:
            return render(request, "desk/many.html", context | _asked(cases, form))
        return _run(request, actor, cases, form, context)
    wrong = form.is_bound and form.errors
    return render(request, "desk/many.html", context, status=422 if wrong else 200)


def _asked(cases: Sequence[Case], form: ManyForm) -> dict[str, Any]:
    """What is asked once more: what was chosen and, of what people outside read, the first one and how many are told."""
    preview = form.preview(cases[0])
    told = count_told([case.pk for case in cases]) if preview is not None and preview.text else 0
    return {"says": form.in_words(), "preview": preview, "first": cases[0], "told": told}


def common_moves(actor: Actor, cases: Sequence[Case]) -> list[Any]:
    """The moves that are allowed now for every one of the cases, in the order of the first."""
    each = [moves_for(actor, case) for case in cases]
    shared = set.intersection(*({move.key for move in moves} for moves in each))
    return [move for move in each[0] if move.key in shared and "photo" not in move.asks]


def _run(
    request: HttpRequest, actor: Actor, cases: Sequence[Case], form: ManyForm, context: Mapping[str, Any]
) -> HttpResponse:
    try:
        result = bulk(actor, [case.pk for case in cases], form.verb, **form.arguments())
    except StadtError as refusal:
        if refusal.status != 422:
            raise
        form.add_error(None, refusal.detail)
        return render(request, "desk/many.html", {**context, "form": form}, status=422)
    told = {
        "done": [case for case in cases if case.pk in set(result.done)],
        "refused": [(case, result.refused[case.pk]) for case in cases if case.pk in result.refused],
        "title": form.title,
        "says": form.in_words(),
        "back": context["back"],
        "lead": gettext("Jeder Vorgang wurde für sich geändert. Was abgelehnt wurde, ist unverändert."),
    }
    return render(request, "desk/many_done.html", told)
