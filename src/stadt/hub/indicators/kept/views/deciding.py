"""`/kennzahlen/werkstatt/bestaetigen/<pk>/`: one figure before the second pair of eyes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.hub.indicators import queries, wording
from stadt.hub.indicators.kept import reading, services
from stadt.hub.indicators.kept.finding import get_entry
from stadt.hub.indicators.kept.forms import AnswerForm
from stadt.hub.indicators.kept.plausibility import sentence_of
from stadt.hub.indicators.kept.rights import CONFIRM
from stadt.hub.indicators.kept.storing import period_of
from stadt.hub.indicators.kept.views.entering import said_in_words
from stadt.hub.indicators.period_texts import written_period
from stadt.hub.indicators.states import Decision, QualityClass
from stadt.web.formats import moment


@require_http_methods(["GET", "HEAD", "POST"])
def review_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Confirm or refuse one figure."""
    actor = actor_of(request)
    entry = get_entry(actor, entry_id)
    actor.require(CONFIRM, entry.kept.organisation_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            if "confirm" in request.POST:
                services.confirm_value(actor, entry_id, answer)
                messages.success(request, _("Der Wert ist bestätigt und veröffentlicht."))
            else:
                services.refuse_value(actor, entry_id, answer)
                messages.success(request, _("Der Eintrag ist abgelehnt."))
            return redirect("indicators:inbox")
        except StadtError as refusal:
            form.refuse(refusal)
    definition = queries.definition_of(entry.kept.key, entry.period_start.date())
    old = queries.find_value(entry.revises_id) if entry.revises_id else None
    names = reading.names_of([entry.entered_by, entry.decided_by])
    facts = [
        (_("Zeitraum"), written_period(period_of(entry))),
        (_("Ort"), entry.place.name if entry.place else _("ganze Stadt")),
        (_("Reihe"), definition.title_of(entry.series) if entry.series else ""),
        (_("Aufgliederung"), reading.breakdown_of(entry)),
        (_("Eingetragen"), said_in_words(definition, entry)),
        (_("Wie gewonnen"), str(QualityClass(entry.quality_class).label)),
        (_("Hinweis"), entry.note),
        (_("Eingetragen von"), names.get(entry.entered_by) or _("Schnittstelle oder nicht mehr bekannt")),
        (_("Eingetragen am"), moment(entry.entered_at)),
        (_("Ersetzt"), wording.with_unit(definition, old.value, old.series) if old else ""),
        (_("Grund der Berichtigung"), entry.reason),
        (_("Stand"), str(Decision(entry.decision).label)),
        (_("Antwort"), entry.decision_note),
    ]
    context = {
        "title": definition.title,
        "facts": [(name, said) for name, said in facts if said],
        "questions": [sentence_of(finding) for finding in entry.findings],
        "form": form,
        "is_waiting": entry.decision == Decision.ENTERED and entry.file_id is None,
        "is_own": reading.is_own(actor, entry.entered_by),
    }
    return render(request, "indicators/workshop/review.html", context)
