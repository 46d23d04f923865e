"""`/daten/werkstatt/<key>/angaben/`: the card, with the points it would get and buttons that mend."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.publishing import presentation, quality, queries, words
from stadt.apps.publishing.forms import CardForm, initial_of
from stadt.apps.publishing.views.delivery import reading_of
from stadt.core.errors import Conflict, StadtError
from stadt.core.people import kept_forms
from stadt.core.people.access import actor_of
from stadt.hub.datasets.kept import queries as kept_queries
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.states import State
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.rights import KEEP
from stadt.web.tables import TableColumn


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit_card(request: HttpRequest, key: str) -> HttpResponse:
    """Fill in the card. A press on a mending button saves what was typed as well."""
    kept = queries.get_for(actor_of(request), key, KEEP)
    if request.method != "POST":
        given = kept_forms.take(request)
        return _page(request, kept, CardForm(kept, given), is_back=given is not None)
    form = CardForm(kept, request.POST)
    if not form.is_valid():
        return _page(request, kept, form)
    changes, mended = form.changes(), request.POST.get("mend", "")
    if mended in changes and (value := quality.find_value(kept, mended)) is not None:
        changes[mended] = value
    try:
        services.change_card(actor_of(request), key, form.cleaned_data["revision"], changes)
    except Conflict as conflict:
        return _collision(request, key, form, conflict)
    except StadtError as refusal:
        if refusal.status != 422:
            raise
        form.refuse(refusal)
        return _page(request, kept, form)
    if "weiter" in request.POST:
        return redirect("publishing:check", key=key)
    messages.success(request, gettext("Die Angaben sind gespeichert."))
    return redirect("publishing:card", key=key)


def _page(request: HttpRequest, kept: KeptDataset, form: CardForm, *, is_back: bool = False) -> HttpResponse:
    form.is_valid()
    form.mark_needed()
    context = _context(request, kept, form) | {"is_back": is_back}
    return render(
        request, "publishing/card.html", context, status=422 if form.errors and not is_back else 200
    )


def _context(request: HttpRequest, kept: KeptDataset, form: CardForm) -> dict[str, Any]:
    delivery = queries.newest_delivery(kept)
    reading = reading_of(delivery) if delivery else None
    return {
        "kept": kept,
        "form": form,
        "steps": presentation.steps(kept, "card"),
        "quality": quality.quality_of(kept),
        "personal": presentation.personal_lines(reading),
        "is_in_review": kept.state == State.REVIEW,
        "kept_by": kept_forms.mark(request),
    }


def _collision(request: HttpRequest, key: str, form: CardForm, conflict: Conflict) -> HttpResponse:
    """Somebody else saved meanwhile: both versions, and the own one ready to be saved over the other."""
    kept = queries.get_for(actor_of(request), key, KEEP)
    own, now = form.changes(), {**initial_of(kept), "keywords": kept.keywords}
    rows = [
        {
            "field": str(words.FIELDS[name]),
            "now": words.in_words(name, _plain(now[name])),
            "own": words.in_words(name, _plain(own[name])),
        }
        for name in words.FIELDS
        if name in own and _plain(own[name]) != _plain(now[name])
    ]
    data: QueryDict = request.POST.copy()
    data["revision"] = str(kept.revision)
    again = CardForm(kept, data)
    again.full_clean()
    context = _context(request, kept, again) | {
        "conflict": conflict.detail,
        "other": kept_queries.name_of(kept.changed_by),
        "columns": (
            TableColumn("field", gettext("Angabe")),
            TableColumn("now", gettext("steht jetzt da")),
            TableColumn("own", gettext("Ihre Eingabe")),
        ),
        "rows": rows,
    }
    return render(request, "publishing/card.html", context, status=409)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value or ""
