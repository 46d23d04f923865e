"""`/daten/werkstatt/hochladen/`: a file begins a dataset, or is the next delivery of one."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.publishing import forms, queries
from stadt.core.errors import FieldError, Invalid, StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.declaration import Licence
from stadt.hub.datasets.kept import jobs, services
from stadt.hub.datasets.kept.files import LARGEST_BYTES
from stadt.hub.datasets.kept.states import Kind
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.rights import KEEP
from stadt.web.errors import wants_problem


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload_new(request: HttpRequest) -> HttpResponse:
    """Begin a dataset with a file."""
    actor = actor_of(request)
    form = forms.UploadForm(actor, *_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            delivery = _begin(actor, form)
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            return _go_on(request, delivery)
    return _page(request, form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload_next(request: HttpRequest, key: str) -> HttpResponse:
    """Deliver the next file of a dataset."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    form = forms.FileForm(*_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            delivery = deliver(actor, key, form.cleaned_data["file"])
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            return _go_on(request, delivery)
    return _page(request, form, {"kept": kept, "has_answer": kept.reading is not None})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_link(request: HttpRequest) -> HttpResponse:
    """Begin a dataset that lies elsewhere."""
    actor = actor_of(request)
    form = forms.LinkForm(actor, *_given(request)[:1])
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        organisation = given.pop("organisation")
        card = {**given, "key": queries.propose_key(organisation, given["title"]), "kind": Kind.LINK}
        try:
            kept = services.start_dataset(actor, organisation.pk, card)
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            return redirect("publishing:card", key=kept.key)
    return render(request, "publishing/new_link.html", {"form": form}, status=422 if form.errors else 200)


def deliver(actor: Actor, key: str, file: Any) -> Delivery:
    """Take a file in and have it read."""
    delivery = services.receive_delivery(actor, key, str(file.name or ""), file.chunks())
    jobs.read_later(actor, delivery.pk)
    return delivery


def _begin(actor: Actor, form: forms.UploadForm) -> Delivery:
    """Start the dataset and take its first file in; a file that is refused leaves no dataset."""
    file, organisation = form.cleaned_data["file"], form.cleaned_data["organisation"]
    title = form.cleaned_data["title"] or title_of(str(file.name or ""))
    card = {
        "key": queries.propose_key(organisation, title),
        "title": title,
        "kind": Kind.UPLOAD,
        "licence": Licence.DL_DE_BY_2.name,
    }
    with transaction.atomic():
        kept = services.start_dataset(actor, organisation.pk, card)
        return deliver(actor, kept.key, file)


def title_of(filename: str) -> str:
    """A first title from a file's name: `haushalte_2025.xlsx` gives „haushalte 2025“."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return " ".join(stem.replace("_", " ").split())[:200] or "Datensatz"


def _given(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _go_on(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    url = reverse("publishing:delivery", args=[delivery.dataset.key, delivery.number])
    return JsonResponse({"url": url}) if wants_problem(request) else redirect(url)


def _page(request: HttpRequest, form: forms.FileForm, more: dict[str, Any]) -> HttpResponse:
    if form.errors and wants_problem(request):
        fields = tuple(FieldError(name, " ".join(map(str, said))) for name, said in form.errors.items())
        raise Invalid(" ".join(item.message for item in fields), fields=fields)
    context = {"form": form, "largest": LARGEST_BYTES, **more}
    return render(request, "publishing/upload.html", context, status=422 if form.errors else 200)
