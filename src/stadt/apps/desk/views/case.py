"""`/vorgaenge/<reference>/`: everything about one case at a glance, its print view, and the look at contact data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stadt.apps.desk import case_page
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.services import see_contact
from stadt.civic.cases import services
from stadt.civic.cases.models import Case, Party
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of


@require_safe
@never_cache
def show_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case as the actor may see it; contact data only after they were asked for."""
    return _page(request, case_for(actor_of(request), reference))


@require_safe
@never_cache
def print_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case for paper, without contact data and without internal notes unless `?notizen=1`."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    context = case_page.context_of(actor, case) | {"with_notes": request.GET.get("notizen") == "1"}
    return render(request, "desk/print.html", context)


@require_POST
@never_cache
def show_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """The same page with contact data; the look is kept in the audit."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    return _page(request, case, see_contact(actor, case))


@require_POST
def set_task(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Tick a task off, or on again."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    try:
        services.set_task(actor, case.pk, key, is_done=request.POST.get("erledigt") == "1")
    except StadtError as refusal:
        if refusal.status not in {409, 422}:
            raise
        messages.error(request, refusal.detail)
    return redirect("desk:case", reference=case.reference)


@require_POST
def take_over(request: HttpRequest, reference: str) -> HttpResponse:
    """The quickest thing to do: this one is mine."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    revision = request.POST.get("revision", "")
    try:
        services.assign_case(
            actor,
            case.pk,
            assignee_id=actor.user_id,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
        )
    except StadtError as refusal:
        if refusal.status not in {409, 422}:
            raise
        messages.error(request, refusal.detail)
    else:
        messages.success(request, gettext("Der Vorgang gehört jetzt Ihnen."))
    return redirect("desk:case", reference=case.reference)


def _page(request: HttpRequest, case: Case, parties: list[Party] | None = None) -> HttpResponse:
    context: dict[str, Any] = case_page.context_of(actor_of(request), case, with_contact=parties is not None)
    if parties is not None:
        context["parties"] = case_page.parties_in_words(parties)
    return render(request, "desk/case.html", context)
