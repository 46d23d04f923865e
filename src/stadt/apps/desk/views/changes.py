"""`/vorgaenge/<reference>/aendern/<what>/`: everything else that the office does with a case, one form each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import case_page, forms, letters, photos
from stadt.apps.desk.actions import BY_KEY, QUESTION, Action
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.people import list_contractors, list_handlers, list_teams, team_choices
from stadt.apps.desk.wording import titled
from stadt.civic.cases.access import require
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case
from stadt.civic.cases.moves import find_question
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.versions import type_of
from stadt.core.errors import Conflict, NotFound, StadtError
from stadt.core.people import kept_forms
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.web.map_rendering import map_context

TEMPLATE, PREVIEW = "vorlage", "vorschau"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """The action's form; `do=vorlage` and `do=vorschau` as on a move's page, for texts that the reporter reads."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    action = BY_KEY.get(what)
    if action is None:
        raise NotFound(gettext("Diese Seite gibt es nicht."))
    require(actor, action.permission, case)
    case_type = type_of(case)
    if action.key == QUESTION and request.method != "POST":
        step = find_question(actor, case, case_type)
        if (
            step is not None
        ):  # the type's own way to ask, with its template and the state in which the clock stands
            return redirect("desk:move", reference=case.reference, move=step.key)
    do = request.POST.get("do", "") if action.is_read_outside else ""
    if request.method == "POST" and do != TEMPLATE:
        form = _offer(
            action.form(request.POST, request.FILES, initial=_initial(case)), actor, case, case_type
        )
        if form.is_valid() and do != PREVIEW:
            return _perform(request, actor, case, action, form)
        return _page(request, case, action, form, is_preview=do == PREVIEW and form.is_valid())
    initial = _initial(case) | _typed(request, case, case_type)
    return _page(request, case, action, _offer(action.form(initial=initial), actor, case, case_type))


def _initial(case: Case) -> dict[str, Any]:
    return {
        "revision": case.revision,
        "seen": case_page.last_entry(case),
        "organisation": case.organisation_id,
        "assignee": case.assignee_id or "",
        "category": case.category,
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "asset": case.asset,
        "priority": case.priority,
    }


def _typed(request: HttpRequest, case: Case, case_type: CaseType) -> dict[str, Any]:
    """What was typed before signing in again, or the template that was chosen."""
    if request.method == "POST":
        template = case_type.find_template(request.POST.get(TEMPLATE, ""))
        return {"text": letters.offered_text(template, case, case_type)}
    given = kept_forms.take(request)
    return {name: given[name] for name in given} if given is not None else {}


def _offer(form: Any, actor: Actor, case: Case, case_type: CaseType) -> Any:
    """The form with its choices."""
    if isinstance(form, forms.AssignForm):
        teams = list_teams(actor, HANDLE)
        people = list_handlers(one.organisation.pk for one in teams)
        form.offer(team_choices(teams), [(str(one.pk), one.get_full_name()) for one in people])
    elif isinstance(form, forms.HandOverForm):
        form.offer([(str(one.pk), one.name) for one in list_contractors()])
        form.fields["organisation"].initial = case.contractor_id or ""
        form.initial["organisation"] = case.contractor_id or ""
    elif isinstance(form, forms.CategoryForm):
        form.offer([(one.key, titled(one)) for one in case_type.categories if not one.stops])
    elif isinstance(form, forms.ReleaseForm) and "text" not in form.initial:
        form.initial["text"] = case.published_text or case.text
    return form


def _perform(
    request: HttpRequest, actor: Actor, case: Case, action: Action, form: forms.CaseForm
) -> HttpResponse:
    said = form.cleaned_data
    if action.is_read_outside:
        case_type = type_of(case)
        template = case_type.find_template(request.POST.get(TEMPLATE, ""))
        said = said | {"plain": letters.plain_text(template, said["text"], case, case_type)}
    try:
        action.perform(actor, case, said)
    except Conflict as conflict:
        return _collision(request, actor, case, action, form, conflict)
    except StadtError as refusal:
        if refusal.status not in {413, 422}:
            raise
        form.show(refusal)
        return _page(request, case, action, form)
    messages.success(request, str(action.told))
    return redirect("desk:case", reference=case.reference)


def _collision(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    action: Action,
    form: forms.CaseForm,
    conflict: Conflict,
) -> HttpResponse:
    """Somebody else was quicker: what happened meanwhile, and what was typed ready to be sent again."""
    case = case_for(actor, case.reference)
    seen = form.cleaned_data.get("seen") or 0
    fresh = {"revision": case.revision, "seen": case_page.last_entry(case)}
    again = _offer(action.form(initial={**form.cleaned_data, **fresh}), actor, case, type_of(case))
    again.initial.update(form.cleaned_data, **fresh)
    more: dict[str, Any] = {"conflict": conflict.detail, "news": case_page.entries_since(actor, case, seen)}
    return _page(request, case, action, again, status=409, **more)


def _ground() -> dict[str, Any]:
    """What the picker of a place needs: the city's extent, its outlines and the basemap."""
    return map_context((), "", "medium", 0, outlines=True, legend=False)


def _page(
    request: HttpRequest,
    case: Case,
    action: Action,
    form: forms.CaseForm,
    *,
    is_preview: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    case_type = type_of(case)
    chosen = request.POST.get(TEMPLATE, "")
    preview = None
    if is_preview:
        text = form.cleaned_data["text"]
        preview = letters.preview_of(case, case_type, text=text, template=case_type.find_template(chosen))
    context = {
        "case": case,
        "action": action,
        "form": form,
        "preview": preview,
        "templates": letters.template_choices(case_type) if action.is_read_outside else [],
        "template": chosen,
        "ground": _ground() if isinstance(form, forms.PlaceForm) else None,
        "hidden_photos": photos.unreleased(case, case_type) if isinstance(form, forms.HandOverForm) else 0,
        "told": case.text if isinstance(form, forms.ReleaseForm) else "",
        "head": case_page.head_of(case, case_type),
        "kept_by": kept_forms.mark(request),
        **more,
    }
    wrong = form.is_bound and form.errors
    return render(request, "desk/change.html", context, status=422 if wrong else status)
