"""`/vorgaenge/<reference>/schritt/<move>/`: one allowed change of state, with what it asks and what will be read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import case_page, letters, photos
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.forms import MoveForm
from stadt.apps.desk.wording import titled
from stadt.civic.cases.catalogue import Move
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import moves_for
from stadt.civic.cases.services import move_case
from stadt.civic.cases.versions import type_of
from stadt.core.errors import Conflict, NotFound, StadtError
from stadt.core.people import kept_forms
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor

TEMPLATE, PREVIEW = "vorlage", "vorschau"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def do_move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    """The move's form. `do=vorlage` puts a template in, `do=vorschau` shows what will be read, else it is done."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    try:
        allowed = find_move(actor, case, move)
    except Conflict as conflict:
        if request.method != "POST":
            raise
        return _too_late(request, case, move, conflict)
    do = request.POST.get("do", "")
    if request.method == "POST" and do != TEMPLATE:
        form = MoveForm(allowed, request.POST, request.FILES)
        if do == PREVIEW:
            form.fields.pop("photo", None)  # it is chosen again when the form is sent
        if form.is_valid() and do != PREVIEW:
            answer = _send(request, actor, case, form)
            if answer is not None:
                return answer
        return _page(request, case, form, is_preview=do == PREVIEW and form.is_valid())
    return _page(request, case, _offered(request, case, allowed))


def find_move(actor: Actor, case: Case, key: str) -> Move:
    """The move, if it is allowed now. Raises NotFound when the type has none; Conflict when another state is reached."""
    found = next((one for one in moves_for(actor, case) if one.key == key), None)
    if found is not None:
        return found
    if type_of(case).find_move(key) is None:
        raise NotFound(gettext("Diesen Schritt gibt es nicht."))
    raise Conflict(
        gettext("Dieser Schritt ist beim jetzigen Stand nicht möglich, oder er steht Ihnen nicht zu.")
    )


def _offered(request: HttpRequest, case: Case, move: Move) -> MoveForm:
    """The form as it is opened, or with a template put into what was typed."""
    first = {"revision": case.revision, "seen": case_page.last_entry(case)}
    case_type = type_of(case)
    if request.method == "POST":
        typed = {name: value for name, value in request.POST.items() if name != "text"}
        template = case_type.find_template(request.POST.get(TEMPLATE, ""))
        text = letters.offered_text(template, case, case_type)
        return MoveForm(move, initial={**first, **typed, "text": text})
    given = kept_forms.take(request)
    if given is not None:
        return MoveForm(move, initial={**first, **{name: given[name] for name in given}})
    text = letters.offered_text(case_type.find_template(move.template), case, case_type)
    return MoveForm(move, initial={**first, "text": text})


def _send(request: HttpRequest, actor: Actor, case: Case, form: MoveForm) -> HttpResponse | None:
    try:
        send_move(actor, case, form)
    except Conflict as conflict:
        return _collision(request, case, form, conflict)
    except StadtError as refusal:
        if refusal.status not in {413, 415, 422}:
            raise
        form.show(refusal)
        return None
    messages.success(request, gettext("Erledigt: %(move)s.") % {"move": titled(form.move)})
    return redirect("desk:case", reference=case.reference)


def _too_late(request: HttpRequest, case: Case, key: str, conflict: Conflict) -> HttpResponse:
    """The step went away while its form was filled in: what happened, with what was typed."""
    move = type_of(case).find_move(key)
    if move is None:
        raise conflict
    form = MoveForm(move, request.POST)
    form.is_valid()  # what of it can be read is shown again; nothing is sent
    return _collision(request, case, form, conflict)


def send_move(actor: Actor, case: Case, form: MoveForm) -> None:
    """Take the photos, then move; photos of a refused move are swept away later."""
    said = form.cleaned_data
    files = photos.take(actor, said.get("photo", []))
    move_case(
        actor,
        case.pk,
        form.move.key,
        text=said.get("text", ""),
        reason=said.get("reason", ""),
        planned_for=said.get("planned_for"),
        files=files,
        revision=said["revision"],
    )


def _collision(request: HttpRequest, case: Case, form: MoveForm, conflict: Conflict) -> HttpResponse:
    """Somebody else was quicker: what happened, and what was typed ready to be sent again where it still fits."""
    actor = actor_of(request)
    case = case_for(actor, case.reference)
    seen = form.cleaned_data.get("seen") or 0
    still = next((one for one in moves_for(actor, case) if one.key == form.move.key), None)
    typed = {name: value for name, value in form.cleaned_data.items() if name != "photo"}
    fresh = {"revision": case.revision, "seen": case_page.last_entry(case)}
    again = MoveForm(form.move, initial={**typed, **fresh})
    context: dict[str, Any] = {
        "conflict": conflict.detail,
        "news": case_page.entries_since(actor, case, seen),
        "is_possible": still is not None,
    }
    return _page(request, case, again, status=409, **context)


def _page(
    request: HttpRequest,
    case: Case,
    form: MoveForm,
    *,
    is_preview: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    case_type = type_of(case)
    move = form.move
    chosen = request.POST.get(TEMPLATE) or move.template
    preview = None
    if is_preview:
        said = form.cleaned_data
        preview = letters.preview_of(
            case,
            case_type,
            move=move,
            template=case_type.find_template(move.template),
            text=said.get("text", ""),
            reason=said.get("reason", ""),
            planned_for=said.get("planned_for"),
        )
        form = MoveForm(move, initial={**said, "photo": None})
    context = {
        "case": case,
        "title": titled(move),
        "confirm": move.translated("confirm", get_language() or "de"),
        "form": form,
        "preview": preview,
        "templates": letters.template_choices(case_type, move.template),
        "template": chosen,
        "head": case_page.head_of(case, case_type),
        "kept_by": kept_forms.mark(request),
        "is_possible": True,
        **more,
    }
    return render(request, "desk/move.html", context, status=422 if form.is_bound and form.errors else status)
