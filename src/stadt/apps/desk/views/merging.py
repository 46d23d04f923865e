"""`/vorgaenge/<reference>/zusammenfuehren/`: two cases side by side, and which of them stays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import case_page
from stadt.apps.desk.actions import other_case
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.forms import MergeForm, ReferenceForm
from stadt.civic.cases.access import require
from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import MANAGE
from stadt.civic.cases.services import merge_cases
from stadt.core.errors import Invalid, StadtError
from stadt.core.people.access import actor_of

OTHER = "mit"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """`?mit=<reference>` compares; without it the number is asked for."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    require(actor, MANAGE, case)
    asked = request.GET.get(OTHER, "")
    if not asked:
        return _ask(request, case, ReferenceForm())
    try:
        other = other_case(actor, asked[:20])
    except Invalid as refusal:
        asking = ReferenceForm({"reference": asked[:20]})
        asking.is_valid()
        asking.show(refusal)
        return _ask(request, case, asking)
    form = MergeForm(request.POST or None, initial={"keep": _older(case, other).reference})
    form.offer([(one.reference, f"{one.title} ({one.reference})") for one in (case, other)])
    if request.method == "POST" and form.is_valid():
        keep, gone = (case, other) if form.cleaned_data["keep"] == case.reference else (other, case)
        try:
            merge_cases(actor, keep.pk, [gone.pk])
        except StadtError as refusal:
            if refusal.status not in {403, 409, 422}:
                raise
            form.show(refusal)
        else:
            messages.success(
                request,
                gettext("%(gone)s gehört jetzt zu %(keep)s. Alle, die gemeldet haben, bekommen Nachricht.")
                % {"gone": gone.reference, "keep": keep.reference},
            )
            return redirect("desk:case", reference=keep.reference)
    context = {"case": case, "other": other, "form": form, "sides": case_page.sides(actor, case, other)}
    return render(request, "desk/merge.html", context, status=422 if form.is_bound and form.errors else 200)


def _ask(request: HttpRequest, case: Case, form: ReferenceForm) -> HttpResponse:
    context: dict[str, Any] = {"case": case, "form": form, "sides": []}
    return render(request, "desk/merge.html", context, status=422 if form.is_bound else 200)


def _older(case: Case, other: Case) -> Case:
    return min(case, other, key=lambda one: (one.received_at, one.pk))
