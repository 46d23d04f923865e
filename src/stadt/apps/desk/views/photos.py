"""`/vorgaenge/<reference>/fotos/<id>/`: black boxes over what nobody may see, and who may see the photo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import photos
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.redaction import Box, BoxForm, box_forms
from stadt.civic.cases.access import require
from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import REDACT
from stadt.civic.files.services import publish, redact, unpublish
from stadt.core.errors import NotFound, StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit_photo(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """`do=vorschau` draws the boxes over the photo, `schwaerzen` burns them in; `freigeben` and `verbergen` publish or not."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    require(actor, REDACT, case)
    photo = next((one for one in photos.photos_of(case) if one.pk == pk and one.is_photo), None)
    if photo is None:
        raise NotFound(gettext("Dieses Foto gibt es nicht."))
    do = request.POST.get("do", "")
    if do in {"freigeben", "verbergen"}:
        return _show(request, actor, case, pk, is_public=do == "freigeben")
    forms = box_forms(request.POST if do else None)
    if not do:
        return _page(request, case, photo, forms, [])
    sound = [form.is_valid() for form in forms]  # each, so that every fault is told at once
    if not all(sound):
        return _page(request, case, photo, forms, [], status=422)
    boxes = [box for form in forms if (box := form.box()) is not None]
    if do != "schwaerzen":
        return _page(request, case, photo, forms, boxes)
    if not boxes:
        forms[0].add_error("left", gettext("Bitte geben Sie mindestens einen Bereich an."))
        return _page(request, case, photo, forms, [], status=422)
    try:
        redact(actor, pk, [box.shares() for box in boxes])
    except StadtError as refusal:
        if refusal.status not in {409, 422}:
            raise
        forms[0].add_error("left", refusal.detail)
        return _page(request, case, photo, forms, boxes, status=422)
    messages.success(request, gettext("Das Foto ist geschwärzt. Die Stellen darunter gibt es nicht mehr."))
    return redirect("desk:photo", reference=case.reference, pk=pk)


def _show(request: HttpRequest, actor: Actor, case: Case, pk: int, *, is_public: bool) -> HttpResponse:
    try:
        (publish if is_public else unpublish)(actor, pk)
    except StadtError as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, refusal.detail)
    else:
        told = (
            gettext("Das Foto ist öffentlich.")
            if is_public
            else gettext("Das Foto ist nicht mehr öffentlich.")
        )
        messages.success(request, told)
    return redirect("desk:photo", reference=case.reference, pk=pk)


def _page(
    request: HttpRequest,
    case: Case,
    photo: photos.Photo,
    forms: list[BoxForm],
    boxes: list[Box],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "photo": photo,
        "forms": forms,
        "boxes": boxes,
        "errors": [
            (field.id_for_label, error)
            for form in forms
            if form.is_bound
            for field in form
            for error in field.errors
        ],
    }
    return render(request, "desk/photo.html", context, status=status)
