"""`/kennzahlen/werkstatt/<key>/`: enter a figure, deliver a file, see what waits; and the revision of a value."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stadt.core.errors import NotFound, StadtError
from stadt.core.people.access import actor_of
from stadt.hub.indicators import dimensions, queries, wording
from stadt.hub.indicators.kept import reading, services
from stadt.hub.indicators.kept.entering import EXAMPLES
from stadt.hub.indicators.kept.finding import find_for, get_entry
from stadt.hub.indicators.kept.forms import FileForm, RevisionForm, ValueForm
from stadt.hub.indicators.kept.mapping import DIMENSION
from stadt.hub.indicators.kept.rights import DEFINE, ENTER
from stadt.hub.indicators.kept.storing import period_of
from stadt.hub.indicators.models import Entry, IndicatorValue, KeptIndicator
from stadt.hub.indicators.period_texts import written_period
from stadt.hub.indicators.states import Decision, FileState, ValueState
from stadt.hub.places.queries import area_names, find_area_by_id
from stadt.web.formats import number
from stadt.web.maps import State
from stadt.web.tables import LinkCell, StateCell, TableColumn

COLOURS = {Decision.ENTERED: State.INFO, Decision.CONFIRMED: State.SUCCESS, Decision.REFUSED: State.WARNING}


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """The page of one kept indicator; the form's button says whether a figure or a file is sent."""
    actor = actor_of(request)
    kept = find_for(actor, key, ENTER)
    definition = queries.definition_of(key)
    is_file = request.method == "POST" and "deliver" in request.POST
    is_value = request.method == "POST" and not is_file
    form = ValueForm(definition, EXAMPLES[definition.period], request.POST if is_value else None)
    file_form = FileForm(*((request.POST, request.FILES) if is_file else ()))
    if is_value and form.is_valid():
        try:
            entry = services.enter_value(actor, key, form.as_draft())
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            return _entered(request, entry)
    if is_file and file_form.is_valid():
        sent = file_form.cleaned_data["file"]
        try:
            file = services.take_file(actor, key, sent.name, sent.chunks(), file_form.cleaned_data["source"])
        except StadtError as refusal:
            file_form.refuse(refusal)
        else:
            return redirect("indicators:file", file.pk)
    context = {
        "kept": kept,
        "definition": definition,
        "form": form,
        "file_form": file_form,
        "may_define": actor.can(DEFINE, kept.organisation_id),
    }
    return render(request, "indicators/workshop/keep.html", {**context, **_tables(actor, kept)})


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, value_id: int) -> HttpResponse:
    """Another figure in place of one that stands."""
    actor = actor_of(request)
    row = IndicatorValue.objects.filter(pk=value_id, superseded_at=None).select_related("entry").first()
    if row is None or row.entry is None:
        raise NotFound(_("Diesen Wert gibt es nicht, oder er wurde schon ersetzt."))
    find_for(actor, row.key, ENTER)
    definition = queries.definition_of(row.key, row.period_start.date())
    posted = request.POST if request.method == "POST" else None
    form = RevisionForm(definition, EXAMPLES[definition.period], posted, initial=_initial(row.entry))
    if posted is not None and form.is_valid():
        try:
            entry = services.revise_value(actor, value_id, form.as_draft(), form.cleaned_data["reason"])
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            return _entered(request, entry)
    return render(request, "indicators/workshop/revise.html", {"definition": definition, "form": form})


@require_POST
def take_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take back what one entered."""
    actor = actor_of(request)
    entry = get_entry(actor, entry_id)
    services.refuse_value(actor, entry_id, _("Zurückgenommen."))
    messages.success(request, _("Der Eintrag ist zurückgenommen."))
    return redirect("indicators:keep", entry.kept.key)


def _entered(request: HttpRequest, entry: Entry) -> HttpResponse:
    words = _("Eingetragen. Der Wert erscheint, sobald eine zweite Person ihn bestätigt hat.")
    if entry.findings:
        words += " " + _("Die Prüfregeln fragen nach; bitte sagen Sie der zweiten Person, was dahintersteht.")
    messages.success(request, words)
    return redirect("indicators:keep", entry.kept.key)


def _tables(actor: Any, kept: KeptIndicator) -> dict[str, Any]:
    entries, definition = reading.entries_of(kept), queries.definition_of(kept.key)
    values = reading.values_of(kept)
    names = area_names([value.place_id for value in values if value.place_id is not None])
    return {
        "entry_columns": (
            TableColumn("period", _("Zeitraum")),
            TableColumn("said", _("Eingetragen")),
            TableColumn("state", _("Stand")),
            TableColumn("note", _("Bemerkung")),
        ),
        "entries": [_entry_row(definition, entry) for entry in entries],
        "own_waiting": [
            {"pk": entry.pk, "period": written_period(period_of(entry))}
            for entry in entries
            if entry.decision == Decision.ENTERED and reading.is_own(actor, entry.entered_by)
        ],
        "file_columns": (TableColumn("number", _("Datei")), TableColumn("name", _("Dateiname")), TableColumn("state", _("Stand"))),
        "files": [
            {
                "number": LinkCell(_("Datei %(number)s") % {"number": file.number}, reverse("indicators:file", args=[file.pk])),
                "name": file.filename,
                "state": str(FileState(file.state).label),
            }
            for file in reading.files_of(kept)
        ],
        "value_columns": (
            TableColumn("period", _("Zeitraum")),
            TableColumn("what", _("Ort, Reihe, Art")),
            TableColumn("value", _("Wert")),
            TableColumn("revise", _("Berichtigen")),
        ),
        "values": [
            {
                "period": wording.period_in_words(value),
                "what": " · ".join(filter(None, (names.get(value.place_id or 0, ""), definition.title_of(value.series) if value.series else "", reading.breakdown_of(value)))),
                "value": wording.with_unit(definition, value.value, value.series) if value.value is not None else str(ValueState(value.state).label),
                "revise": LinkCell(_("Wert %(id)s berichtigen") % {"id": value.id}, reverse("indicators:revise", args=[value.id])),
            }
            for value in values
        ],
    }  # fmt: skip


def _entry_row(definition: Any, entry: Entry) -> dict[str, Any]:
    parts = [
        written_period(period_of(entry)),
        entry.place.name if entry.place else "",
        reading.breakdown_of(entry),
    ]
    return {
        "period": " · ".join(filter(None, parts)),
        "said": said_in_words(definition, entry),
        "state": StateCell(str(Decision(entry.decision).label), COLOURS[Decision(entry.decision)]),
        "note": entry.decision_note,
    }


def said_in_words(definition: Any, entry: Entry) -> str:
    """What was entered: the value, or its two numbers, or why there is none."""
    if entry.state != ValueState.VALUE:
        return str(ValueState(entry.state).label)
    if entry.value is not None:
        return wording.with_unit(definition, entry.value, entry.series)
    return " / ".join(number(part) for part in (entry.numerator, entry.denominator) if part is not None)


def _initial(entry: Entry) -> dict[str, Any]:
    area = find_area_by_id(entry.place_id) if entry.place_id else None
    said = {
        name: "" if getattr(entry, name) is None else wording.plain_number(getattr(entry, name))
        for name in ("value", "numerator", "denominator", "deviation")
    }
    return {
        **said,
        "period": written_period(period_of(entry)),
        "state": entry.state,
        "place": area.key if area else "",
        "series": entry.series,
        "quality_class": entry.quality_class,
        "note": entry.note,
        **{f"{DIMENSION}{name}": value for name, value in dimensions.read(entry.dimension).items()},
    }
