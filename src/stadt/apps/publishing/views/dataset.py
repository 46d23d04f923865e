"""`/daten/werkstatt/<key>/`: a dataset's own page in the workshop, its check before a review, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.publishing import presentation, quality, queries
from stadt.apps.publishing.forms import ReasonForm, WithdrawForm
from stadt.apps.publishing.history import deliveries_table, happenings_table
from stadt.apps.publishing.views.delivery import reading_of
from stadt.core.errors import Conflict, StadtError
from stadt.core.people.access import actor_of
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.states import AccessClass, Kind, State
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.rights import KEEP


@require_safe
@never_cache
def show_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """How far the dataset is, what was delivered, and who did what."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    context: dict[str, Any] = {
        "kept": kept,
        "state": presentation.state_cell(kept),
        "steps": presentation.steps(kept, ""),
        "facts": presentation.card_facts(kept),
        "deliveries": deliveries_table(actor, kept),
        "events": happenings_table(key),
        "is_upload": kept.kind == Kind.UPLOAD,
        "is_in_review": kept.state == State.REVIEW,
        "is_public": kept.live_access == AccessClass.PUBLIC,
        "may_deliver": kept.kind == Kind.UPLOAD and kept.state != State.REVIEW,
        "may_delete": kept.approved_at is None and kept.state == State.DRAFT,
        "api_url": reverse("api-v1:receive_delivery", args=[key]),
    }
    return render(request, "publishing/dataset.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Everything once more before somebody else looks at it; then hand it in."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        try:
            services.submit_for_review(actor, key, int(revision) if revision.isdecimal() else -1)
        except StadtError as refusal:
            if refusal.status not in {409, 422}:
                raise
            return _check_page(request, kept, refusal)
        messages.success(
            request,
            gettext("Der Datensatz ist zur Freigabe gegeben. Eine Kollegin oder ein Kollege prüft ihn."),
        )
        return redirect("publishing:dataset", key=key)
    return _check_page(request, kept, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a published dataset back, with the reason."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(actor, key, form.cleaned_data["reason"], form.cleaned_data["note"])
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                gettext("Der Datensatz ist zurückgezogen. Seite und Dateien sind nicht mehr abrufbar."),
            )
            return redirect("publishing:dataset", key=key)
    context = {"kept": kept, "form": form}
    return render(request, "publishing/withdraw.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Take a dataset out of the review again, to change something."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.return_to_draft(actor, key, form.cleaned_data["reason"])
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Der Datensatz ist wieder ein Entwurf."))
            return redirect("publishing:dataset", key=key)
    context = {"kept": kept, "form": form}
    return render(request, "publishing/take_back.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Delete a draft that was never published, after asking once."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, KEEP)
    if request.method == "POST":
        try:
            services.delete_draft(actor, key)
        except Conflict as conflict:
            messages.error(request, conflict.detail)
            return redirect("publishing:dataset", key=key)
        messages.success(request, gettext("Der Entwurf „%(title)s“ ist gelöscht.") % {"title": kept})
        return redirect("publishing:mine")
    return render(request, "publishing/delete.html", {"kept": kept})


def _check_page(request: HttpRequest, kept: KeptDataset, refusal: StadtError | None) -> HttpResponse:
    delivery = queries.newest_delivery(kept)
    reading = reading_of(delivery) if delivery else None
    context: dict[str, Any] = {
        "kept": kept,
        "refusal": refusal,
        "missing": presentation.missing(refusal, kept) if refusal else [],
        "state": presentation.state_cell(kept),
        "steps": presentation.steps(kept, "check"),
        "facts": presentation.card_facts(kept),
        "delivery": delivery,
        "file_facts": presentation.delivery_facts(delivery) if delivery else [],
        "understood": presentation.understood_table(reading) if reading else None,
        "personal": presentation.personal_lines(reading),
        "quality": quality.quality_of(kept),
        "is_in_review": kept.state == State.REVIEW,
        "may_submit": kept.state in {State.DRAFT, State.WITHDRAWN},
    }
    return render(request, "publishing/check.html", context, status=refusal.status if refusal else 200)
