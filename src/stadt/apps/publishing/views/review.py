"""`/daten/werkstatt/freigaben/<key>/`: what a second person sees before the data are published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.publishing import presentation, quality, queries
from stadt.apps.publishing.forms import ReasonForm
from stadt.apps.publishing.history import deliveries_table, happenings_table
from stadt.apps.publishing.views.delivery import reading_of
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept import queries as kept_queries
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.states import OPEN, AccessClass, State
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_review(request: HttpRequest, key: str) -> HttpResponse:
    """What would change for readers; release it, or give it back with a reason."""
    actor = actor_of(request)
    kept = queries.get_for(actor, key, APPROVE)
    form = ReasonForm(request.POST if request.POST.get("do") == "return" else None)
    refusal: StadtError | None = None
    if request.method == "POST":
        try:
            answer = _decide(request, actor, kept, form)
        except StadtError as error:
            if error.status not in {403, 409, 422} or error.fields:
                raise
            refusal, kept = error, queries.get_for(actor, key, APPROVE)
        else:
            if answer is not None:
                return answer
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "publishing/review.html", _context(actor, kept, form, refusal), status=status)


def _decide(request: HttpRequest, actor: Actor, kept: KeptDataset, form: ReasonForm) -> HttpResponse | None:
    if request.POST.get("do") == "return":
        if not form.is_valid():
            return None
        services.return_to_draft(actor, kept.key, form.cleaned_data["reason"])
        messages.success(request, gettext("Der Datensatz ist zurückgegeben."))
        return redirect("publishing:reviews")
    revision = request.POST.get("revision", "")
    services.approve(actor, kept.key, int(revision) if revision.isdecimal() else -1)
    messages.success(request, gettext("Der Datensatz „%(title)s“ ist veröffentlicht.") % {"title": kept})
    return redirect("publishing:review", key=kept.key)


def _context(actor: Actor, kept: KeptDataset, form: ReasonForm, refusal: StadtError | None) -> dict[str, Any]:
    delivery = queries.newest_delivery(kept)
    reading = reading_of(delivery) if delivery else None
    is_new = delivery is not None and delivery.state in OPEN
    return {
        "kept": kept,
        "form": form,
        "refusal": refusal,
        "state": presentation.state_cell(kept),
        "submitted_by": kept_queries.name_of(kept.submitted_by) if kept.submitted_by else "",
        "is_in_review": kept.state == State.REVIEW,
        "is_own": _is_own(actor, kept, delivery),
        "is_public": kept.live_access == AccessClass.PUBLIC,
        "is_change": kept.is_live,
        "facts": presentation.card_facts(kept),
        "changes": presentation.card_changes(kept),
        "delivery": delivery,
        "has_new_rows": is_new,
        "file_facts": presentation.delivery_facts(delivery) if delivery else [],
        "drift": presentation.drift_sentences(delivery) if delivery else [],
        "rows_before": _rows_before(kept, delivery),
        "refused": presentation.refused_cells(delivery) if delivery else {"rows": [], "count": 0},
        "understood": presentation.understood_table(reading) if reading else None,
        "personal": presentation.personal_lines(reading),
        "quality": quality.quality_of(kept),
        "deliveries": deliveries_table(actor, kept, with_links=False),
        "events": happenings_table(kept.key),
    }


def _is_own(actor: Actor, kept: KeptDataset, delivery: Delivery | None) -> bool:
    """Whether the person had a hand in it, so that somebody else must release it."""
    hands = {kept.submitted_by, kept.changed_by}
    if delivery is not None and delivery.state in OPEN:
        hands |= {delivery.received_by, delivery.corrected_by, delivery.drift_accepted_by}
    return who_is(actor) in hands


def _rows_before(kept: KeptDataset, delivery: Delivery | None) -> int | None:
    """How many rows the delivery before had."""
    if delivery is None or delivery.state not in OPEN:
        return None
    rows = kept.deliveries.filter(number__lt=delivery.number, state="published").order_by("-number")
    before = rows.values_list("row_count", flat=True).first()
    return int(before) if before is not None else None
