"""`/kennzahlen/werkstatt/datei/<pk>/`: say how a file is read, with a preview; and its review by a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stadt.core.errors import Invalid, StadtError
from stadt.core.people.access import actor_of
from stadt.hub.indicators import queries
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept import reading, services
from stadt.hub.indicators.kept.finding import get_file
from stadt.hub.indicators.kept.forms import AnswerForm, HeaderForm, MappingForm
from stadt.hub.indicators.kept.mapping import (
    cells_of,
    guess_header,
    headings_of,
    read_mapping,
    sentences,
)
from stadt.hub.indicators.kept.plausibility import sentence_of
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.kept.services.files import understand
from stadt.hub.indicators.kept.storing import period_of
from stadt.hub.indicators.kept.views.entering import said_in_words
from stadt.hub.indicators.models import Entry, FigureFile
from stadt.hub.indicators.period_texts import written_period
from stadt.hub.indicators.states import FileState
from stadt.hub.intake.cells import Cells
from stadt.web.formats import moment, number
from stadt.web.tables import TableColumn

SHOWN_ROWS, SHOWN_CELLS = 12, 8


@require_http_methods(["GET", "HEAD", "POST"])
def map_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Which sheet, which row of headings, which column is what; what would come of it is shown before it is sent."""
    actor = actor_of(request)
    file = get_file(actor, file_id)
    actor.require(ENTER, file.kept.organisation_id)
    context: dict[str, Any] = {
        "file": file,
        "facts": _facts(file),
        "is_open": file.state == FileState.RECEIVED,
    }
    if file.state != FileState.RECEIVED:
        return render(request, "indicators/workshop/file.html", {**context, **_proposed(file)})
    try:
        cells, header = _table_of(request, file)
    except Invalid as unreadable:
        return render(request, "indicators/workshop/file.html", {**context, "unreadable": unreadable.detail})
    definition = queries.definition_of(file.kept.key)
    posted = request.POST if request.method == "POST" else None
    form = MappingForm(definition, headings_of(cells, header), posted, initial=_initial(file))
    if posted is not None and form.is_valid():
        mapping = form.as_mapping(header, cells.sheet)
        try:
            if "propose" in request.POST:
                services.map_file(actor, file_id, mapping)
                messages.success(
                    request, _("Die Werte warten nun auf die Bestätigung durch eine zweite Person.")
                )
                return redirect("indicators:keep", file.kept.key)
            context["preview"] = _preview(understand(actor, file, read_mapping(mapping)))
        except StadtError as refusal:
            form.refuse(refusal)
    context |= {
        "form": form,
        "header_form": HeaderForm(cells.sheets, initial={"sheet": cells.sheet, "header": header}),
        "head": {"header": header, "sheet": cells.sheet},
        "rows": [[number(at), *row[:SHOWN_CELLS]] for at, row in enumerate(cells.rows[:SHOWN_ROWS], start=1)],
        "preview_columns": preview_columns(),
    }
    return render(request, "indicators/workshop/file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """All figures of a file, to be confirmed or refused as a whole."""
    actor = actor_of(request)
    file = get_file(actor, file_id)
    actor.require(CONFIRM, file.kept.organisation_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            if "confirm" in request.POST:
                services.confirm_file(actor, file_id, answer)
                messages.success(request, _("Die Werte sind bestätigt und veröffentlicht."))
            else:
                services.refuse_file(actor, file_id, answer)
                messages.success(request, _("Die Datei ist abgelehnt."))
            return redirect("indicators:inbox")
        except StadtError as refusal:
            form.refuse(refusal)
    definition = queries.definition_of(file.kept.key)
    return render(
        request,
        "indicators/workshop/review.html",
        {
            "title": definition.title,
            "facts": _facts(file),
            "form": form,
            "is_waiting": file.state == FileState.PROPOSED,
            "is_own": reading.is_own(actor, file.received_by),
            **_proposed(file),
        },
    )


def preview_columns() -> tuple[TableColumn, ...]:
    """The columns of a preview."""
    return (
        TableColumn("row", _("Zeile")),
        TableColumn("period", _("Zeitraum")),
        TableColumn("said", _("Wert")),
        TableColumn("kind", _("Neu oder Berichtigung")),
        TableColumn("findings", _("Rückfragen")),
    )


def _table_of(request: HttpRequest, file: FigureFile) -> tuple[Cells, int]:
    """The sheet and the row of headings: those asked for, else those of the last file, else guessed."""
    said = request.POST if request.method == "POST" else request.GET
    remembered = file.kept.mapping
    sheet = said.get("sheet", "") or remembered.get("sheet", "")
    try:
        cells = cells_of(file, sheet)
    except Invalid:
        if not sheet:
            raise
        cells = cells_of(file)
    text = said.get("header", "")
    if text.isascii() and text.isdigit() and len(text) < 5:
        return cells, int(text)
    header = remembered.get("header", 0)
    wanted = set(remembered.get("columns", {}).values())
    return cells, header if wanted and wanted <= set(headings_of(cells, header)) else guess_header(cells)


def _initial(file: FigureFile) -> dict[str, Any]:
    remembered = file.kept.mapping
    return {
        **remembered.get("columns", {}),
        "decimal": remembered.get("decimal", ","),
        "quality_class": remembered.get("quality_class", "measured"),
    }


def _preview(made: Any) -> dict[str, Any]:
    return {
        "rows": _rows(made.entries[:100]),
        "count": len(made.entries),
        "unchanged": made.unchanged,
        "refused": sentences(made.refused)[:20],
    }


def _proposed(file: FigureFile) -> dict[str, Any]:
    entries = file.entries.select_related("kept", "place", "file").order_by("pk")
    return {"preview_columns": preview_columns(), "proposed": _rows(list(entries[:500]))}


def _rows(entries: list[Entry]) -> list[dict[str, Any]]:
    """Their definitions are read once."""
    versions = {one.version: one for entry in entries[:1] for one in queries.versions_of(entry.kept.key)}
    return [_row(versions[entry.version], entry) for entry in entries]


def _row(definition: Definition, entry: Entry) -> dict[str, Any]:
    parts = [
        written_period(period_of(entry)),
        entry.place.name if entry.place else "",
        reading.breakdown_of(entry),
    ]
    return {
        "row": _("Zeile %(row)s") % {"row": entry.cited["row"]},
        "period": " · ".join(filter(None, parts)),
        "said": said_in_words(definition, entry),
        "kind": _("Berichtigung") if entry.revises_id else _("neu"),
        "findings": " ".join(sentence_of(finding) for finding in entry.findings),
    }


def _facts(file: FigureFile) -> list[tuple[str, Any]]:
    return [
        (_("Dateiname"), file.filename),
        (_("Eingegangen"), moment(file.received_at)),
        (_("Bezogen aus"), file.source),
        (_("Prüfsumme der Datei (SHA-256)"), file.sha256),
        (_("Stand"), str(FileState(file.state).label)),
    ]
