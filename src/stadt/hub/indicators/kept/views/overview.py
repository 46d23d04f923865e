"""`/kennzahlen/werkstatt/…`: what one keeps, what waits for confirmation, what the rules ask, and the threshold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.hub.indicators import queries, wording
from stadt.hub.indicators.kept import reading, services
from stadt.hub.indicators.kept.forms import ThresholdForm
from stadt.hub.indicators.kept.plausibility import sentence_of
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.kept.storing import period_of
from stadt.hub.indicators.kept.suppression import threshold
from stadt.hub.indicators.models import Entry
from stadt.hub.indicators.period_texts import written_period
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn


@require_safe
def show_workshop(request: HttpRequest) -> HttpResponse:
    """The indicators for which somebody may enter figures."""
    actor = actor_of(request)
    kept = reading.list_kept(actor, ENTER)
    known = queries.figures_of([one.key for one in kept])
    rows = []
    for one in kept:
        found = known[one.key]
        rows.append(
            {
                "title": LinkCell(found.definition.title, reverse("indicators:keep", args=[one.key])),
                "code": one.code,
                "value": wording.with_unit(found.definition, found.latest.value) if found.latest else "",
                "period": wording.period_in_words(found.latest) if found.latest else _("noch kein Wert"),
                "organisation": one.organisation.name,
            }
        )
    columns = (
        TableColumn("title", _("Kennzahl")),
        TableColumn("code", _("Nummer"), CellKind.CODE),
        TableColumn("value", _("Neuester Wert")),
        TableColumn("period", _("Zeitraum")),
        TableColumn("organisation", _("Geführt von")),
    )
    return render(request, "indicators/workshop/overview.html", {"columns": columns, "rows": rows})


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Figures and files that wait for a second person, and what the rules over several figures ask."""
    actor = actor_of(request)
    entries, files = reading.list_waiting(actor, CONFIRM)
    keys = [*(entry.kept.key for entry in entries), *(file.kept.key for file in files)]
    titles = {key: known.definition.title for key, known in queries.figures_of(keys).items()}
    mine = {one.key for one in reading.list_kept(actor, CONFIRM)}
    context: dict[str, Any] = {
        "columns": (
            TableColumn("title", _("Kennzahl")),
            TableColumn("period", _("Zeitraum")),
            TableColumn("asked", _("Rückfragen")),
            TableColumn("state", _("Ihre Sache")),
        ),
        "entries": [_entry_row(actor, entry, titles) for entry in entries],
        "files": [
            {
                "title": LinkCell(titles[file.kept.key], reverse("indicators:file_review", args=[file.pk])),
                "period": _("Datei %(number)s") % {"number": file.number},
                "asked": "",
                "state": _own(reading.is_own(actor, file.received_by)),
            }
            for file in files
        ],
        "finding_columns": (
            TableColumn("title", _("Gruppe")),
            TableColumn("period", _("Jahr")),
            TableColumn("sentence", _("Rückfrage")),
        ),
        "findings": [
            {"title": one.title, "period": one.period, "sentence": sentence_of(one.finding)}
            for one in reading.list_group_findings()
            if mine & set(one.keys)
        ],
    }
    return render(request, "indicators/workshop/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def set_threshold(request: HttpRequest) -> HttpResponse:
    """From how many people on figures are shown."""
    form = ThresholdForm(
        request.POST if request.method == "POST" else None, initial={"threshold": threshold()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_smallest_cell(actor_of(request), **form.cleaned_data)
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Die Schwelle gilt für alles, was von jetzt an bestätigt wird."))
            return redirect("indicators:list")
    return render(request, "indicators/workshop/threshold.html", {"form": form})


def _entry_row(actor: Any, entry: Entry, titles: dict[str, str]) -> dict[str, Any]:
    parts = [
        written_period(period_of(entry)),
        entry.place.name if entry.place else "",
        reading.breakdown_of(entry),
    ]
    return {
        "title": LinkCell(titles[entry.kept.key], reverse("indicators:entry_review", args=[entry.pk])),
        "period": " · ".join(filter(None, parts)),
        "asked": StateCell(str(len(entry.findings)), State.WARNING) if entry.findings else "",
        "state": _own(reading.is_own(actor, entry.entered_by)),
    }


def _own(is_own: bool) -> str:
    return _("von Ihnen eingetragen") if is_own else _("zu entscheiden")
