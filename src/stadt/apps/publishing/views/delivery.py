"""`/daten/werkstatt/<key>/lieferungen/<n>/`: how a file was understood, to be seen and corrected."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.publishing import presentation, queries
from stadt.apps.publishing.file_rows import file_rows
from stadt.apps.publishing.reading_form import COLUMNS_ON_A_PAGE, ReadingForm
from stadt.core.errors import Conflict, StadtError
from stadt.core.people import kept_forms
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept import jobs, services
from stadt.hub.datasets.kept.states import OPEN, DeliveryState, State
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.rights import KEEP
from stadt.hub.intake import Reading, is_structural


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_delivery(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What was understood, with the form that corrects it; while the worker reads, a page that waits."""
    actor = actor_of(request)
    delivery = queries.get_delivery(queries.get_for(actor, key, KEEP), number)
    if request.headers.get("HX-Request") == "true":
        return _still_waiting(delivery)
    if is_working(delivery):
        return render(
            request, "publishing/reading_wait.html", {"kept": delivery.dataset, "delivery": delivery}
        )
    if request.method == "POST" and request.POST.get("do") in {"accept", "again"}:
        return _act(request, actor, delivery)
    reading = reading_of(delivery)
    if reading is None:
        return _page(request, delivery, None, None)
    page = Paginator(reading.columns, COLUMNS_ON_A_PAGE).get_page(request.GET.get("seite"))
    if request.method == "POST":
        form = ReadingForm(reading, list(page.object_list), request.POST)
        if form.is_valid():
            answer = _correct(request, actor, delivery, form)
            if answer is not None:
                return answer
    else:
        form = ReadingForm(reading, list(page.object_list), kept_forms.take(request))
    return _page(request, delivery, form, page)


def is_working(delivery: Delivery) -> bool:
    """Whether the worker is at it, or has not begun yet."""
    return bool(delivery.step) or delivery.state == DeliveryState.RECEIVED


def reading_of(delivery: Delivery) -> Reading | None:
    """How the file was understood; None as long as it was not, or where an older edition wrote it."""
    if not delivery.reading:
        return None
    try:
        return Reading.from_json(delivery.reading)
    except msgspec.ValidationError:
        return None


def _still_waiting(delivery: Delivery) -> HttpResponse:
    """For the page that waits: nothing new, or that it should be loaded again."""
    if is_working(delivery):
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})


def _act(request: HttpRequest, actor: Actor, delivery: Delivery) -> HttpResponse:
    here = redirect("publishing:delivery", key=delivery.dataset.key, number=delivery.number)
    try:
        if request.POST["do"] == "accept":
            services.accept_drift(actor, delivery.pk)
            messages.success(request, gettext("Die neuen Spalten sind angenommen."))
            return redirect("publishing:card", key=delivery.dataset.key)
        jobs.read_later(actor, delivery.pk)
    except Conflict as conflict:
        messages.error(request, conflict.detail)
    return here


def _correct(
    request: HttpRequest, actor: Actor, delivery: Delivery, form: ReadingForm
) -> HttpResponse | None:
    """Take the corrections and have the table made; None when they were refused and stand in the form."""
    changes = form.changes()
    key, number = delivery.dataset.key, delivery.number
    if not changes and delivery.state == DeliveryState.PREPARED:
        return redirect("publishing:card", key=key)
    try:
        if changes:
            services.correct_reading(actor, delivery.pk, changes)
        if changes and is_structural(changes):
            jobs.read_later(actor, delivery.pk)
        else:
            jobs.prepare_later(actor, delivery.pk)
    except StadtError as refusal:
        if refusal.status not in {409, 422}:
            raise
        form.refuse(refusal)
        return None
    return redirect("publishing:delivery", key=key, number=number)


def _page(request: HttpRequest, delivery: Delivery, form: ReadingForm | None, page: Any) -> HttpResponse:
    kept = delivery.dataset
    reading = form.reading if form else None
    context: dict[str, Any] = {
        "kept": kept,
        "delivery": delivery,
        "form": form,
        "page": page,
        "facts": presentation.delivery_facts(delivery),
        "state": presentation.delivery_cell(delivery),
        "steps": presentation.steps(kept, "file"),
        "problems": [] if delivery.has_open_drift else delivery.problems,
        "drift": presentation.drift_sentences(delivery),
        "has_answer": bool(reading and reading.corrected and kept.approved_at),
        "remarks": [remark.sentence for remark in reading.remarks if not remark.column] if reading else [],
        "file_rows": file_rows(reading) if reading else None,
        "understood": presentation.understood_table(reading) if reading else None,
        "refused": presentation.refused_cells(delivery),
        "may_change": delivery.state in OPEN and kept.state != State.REVIEW,
        "is_read": delivery.state in {DeliveryState.READ, DeliveryState.PREPARED, DeliveryState.PUBLISHED},
        "is_prepared": delivery.state == DeliveryState.PREPARED,
        "alert_kind": "danger"
        if delivery.state in {DeliveryState.FAILED, DeliveryState.REFUSED}
        else "warning",
        "kept_by": kept_forms.mark(request),
        "next_url": reverse("publishing:card", args=[kept.key]),
    }
    return render(request, "publishing/reading.html", context, status=422 if form and form.errors else 200)
