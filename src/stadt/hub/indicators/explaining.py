"""The lines and tables of the page that explains a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.core.people.actor import Actor
from stadt.hub.indicators import queries, wording
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept.finding import works_on
from stadt.hub.indicators.kept.reading import names_of
from stadt.hub.indicators.models import Entry
from stadt.hub.indicators.states import Origin, QualityClass, ValueState
from stadt.hub.places.queries import area_names
from stadt.web.formats import day, moment, number
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

Lines = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table for `{% table %}`."""

    columns: tuple[TableColumn, ...]
    rows: list[dict[str, Any]]


def lines(definition: Definition, value: queries.Value | None) -> Lines:
    """How the number comes about: formula, its two numbers, source, quality, interval, moment and version."""
    found: Lines = [(_("Formel"), _(definition.formula))]
    for words, name, part in (
        (definition.numerator, _("Zähler"), value.numerator if value else None),
        (definition.denominator, _("Nenner"), value.denominator if value else None),
    ):
        if words:
            found.append((name, f"{_(words)}: {_('kein Wert') if part is None else number(part)}"))
    found.append((_("Quelle"), _(definition.source)))
    if definition.method:
        found.append((_("Verfahren"), _(definition.method)))
    if value is None:
        return found
    found.append((_("Wie gewonnen"), str(QualityClass(value.quality_class).label)))
    if interval := wording.interval_in_words(definition, value):
        found.append((_("Unsicherheit"), interval))
    if value.note:
        found.append((_("Hinweis"), value.note))
    numbers = {"version": value.version, "release": value.release}
    return [
        *found,
        (_("Berechnet"), moment(value.computed_at)),
        (_("Fassung"), _("Formel %(version)s, Plattform %(release)s") % numbers),
    ]


def evidence(actor: Actor, value: queries.Value) -> Lines:
    """Where a value of people comes from; names and file names only for colleagues."""
    if value.origin == Origin.PLATFORM:
        return []
    [cited] = value.inputs
    if value.origin == Origin.DERIVED:
        years = _("Mittel aus %(count)s gespeicherten Jahreswerten") % {"count": len(cited["values"])}
        links = [
            (years, LinkCell(_("Wert %(id)s") % {"id": pk}, _address(value.key, pk)))
            for pk in cited["values"]
        ]
        return [(_("Grundlage"), years), *((_("Jahreswert"), cell) for _years, cell in links)]
    entry = Entry.objects.select_related("kept__organisation").defer("file__content").get(pk=cited["entry"])
    found: Lines = [
        (_("Geführt von"), entry.kept.organisation.name),
        (_("Eingetragen"), moment(entry.entered_at)),
        (_("Bestätigt"), _("%(moment)s, von einer zweiten Person") % {"moment": moment(entry.decided_at)}),
    ]
    if cited["kind"] == "file":
        found += _file_lines(entry, cited)
    if works_on(actor, entry.kept):
        found += _inside(entry)
    return found


def _file_lines(entry: Entry, cited: dict[str, Any]) -> Lines:
    place = _("Zeile %(row)s") % {"row": cited["row"]}
    if cited.get("sheet"):
        place = _("Blatt „%(sheet)s“, Zeile %(row)s") % {"sheet": cited["sheet"], "row": cited["row"]}
    found: Lines = [
        (
            _("Datei"),
            _("Lieferung %(number)s, %(place)s")
            % {"number": entry.file.number if entry.file else "", "place": place},
        ),
        (_("Prüfsumme der Datei (SHA-256)"), cited["sha256"]),
    ]
    if entry.file and entry.file.source:
        found.append((_("Bezogen aus"), entry.file.source))
    return found


def _inside(entry: Entry) -> Lines:
    names = names_of([entry.entered_by, entry.decided_by])
    found: Lines = [
        (_("Eingetragen von"), names.get(entry.entered_by) or _("nicht mehr bekannt")),
        (_("Bestätigt von"), names.get(entry.decided_by) or _("nicht mehr bekannt")),
    ]
    if entry.file:
        found.append((_("Dateiname"), entry.file.filename))
    if entry.decision_note:
        found.append((_("Antwort auf Rückfragen"), entry.decision_note))
    return found


def history_table(definition: Definition, history: list[queries.Value]) -> ShownTable | None:
    """The newest first, with breaks marked; None without values."""
    if not history:
        return None
    breaks = {one.version for one in queries.versions_of(definition.key) if one.is_break}
    rows, later = [], None
    for value in reversed(history):
        if later is not None and later["version"] != value.version and later["version"] in breaks:
            later["note"] = StateCell(_("Bruch: neue Festlegung"), State.WARNING)
        row = _value_row(definition, value)
        rows.append(row)
        later = row
    return ShownTable(
        (TableColumn("period", _("Zeitraum")), *_numbers(), TableColumn("note", _("Bemerkung"))), rows
    )


def revisions_table(definition: Definition, value: queries.Value) -> ShownTable | None:
    """Everything that was said for this period, when more than once."""
    found = queries.revisions_of(value)
    if len(found) < 2:
        return None
    rows = []
    for one in reversed(found):
        row = _value_row(definition, one)
        row["revision"] = LinkCell(
            _("Stand %(number)s") % {"number": one.revision}, _address(one.key, one.id)
        )
        row["reason"] = one.revision_reason
        row["since"] = one.computed_at
        rows.append(row)
    columns = (
        TableColumn("revision", _("Stand")),
        TableColumn("value", _("Wert")),
        TableColumn("since", _("bekannt seit"), CellKind.DATETIME),
        TableColumn("reason", _("Grund der Änderung")),
    )
    return ShownTable(columns, rows)


def slots_table(definition: Definition, key: str, shown: frozenset[int]) -> ShownTable | None:
    """The newest values of places, series, breakdowns and moving means but those shown already; None without any."""
    found = [value for value in queries.newest_slots(key) if value.id not in shown]
    if not found:
        return None
    names = area_names([value.place_id for value in found if value.place_id is not None])
    rows = []
    for value in found:
        parts = [
            names.get(value.place_id, "") if value.place_id else "",
            _(definition.title_of(value.series)) if value.series else "",
            *(
                f"{_(definition.dimensions.get(name, name))}: {said}"
                for name, said in value.dimensions.items()
            ),
            _("gleitendes Mittel") if value.origin == Origin.DERIVED else "",
        ]
        row = _value_row(definition, value)
        row["what"] = LinkCell(" · ".join(filter(None, parts)) or _("ganze Stadt"), _address(key, value.id))
        rows.append(row)
    return ShownTable((TableColumn("what", _("Was")), *_numbers(), TableColumn("when", _("Zeitraum"))), rows)


def versions_table(key: str) -> ShownTable | None:
    """The versions of a kept indicator's definition, when there are several."""
    found = queries.versions_of(key)
    if len(found) < 2:
        return None
    rows = [
        {
            "number": _("Fassung %(number)s") % {"number": one.version},
            "since": day(one.valid_from) if one.valid_from else "",
            "formula": one.formula,
            "reason": one.reason,
            "break": StateCell(_("Bruch"), State.WARNING) if one.is_break else "",
        }
        for one in reversed(found)
    ]
    columns = (
        TableColumn("number", _("Fassung")),
        TableColumn("since", _("gilt ab")),
        TableColumn("formula", _("Formel")),
        TableColumn("reason", _("Grund")),
        TableColumn("break", _("vergleichbar")),
    )
    return ShownTable(columns, rows)


def _numbers() -> tuple[TableColumn, ...]:
    return (
        TableColumn("value", _("Wert")),
        TableColumn("interval", _("Unsicherheit")),
        TableColumn("quality", _("Wie gewonnen")),
    )


def _value_row(definition: Definition, value: queries.Value) -> dict[str, Any]:
    interval = value.interval
    words = wording.period_in_words(value)
    return {
        "version": value.version,
        "period": LinkCell(words, _address(value.key, value.id)),
        "when": words,
        "value": wording.with_unit(definition, value.value, value.series)
        if value.value is not None
        else StateCell(str(ValueState(value.state).label)),
        "interval": f"{number(interval.low, definition.digits)} – {number(interval.high, definition.digits)}"
        if interval
        else "",
        "quality": str(QualityClass(value.quality_class).label),
        "note": value.revision_reason or value.note or (_("simuliert") if value.simulated else ""),
    }


def _address(key: str, pk: int) -> str:
    return f"{reverse('indicators:explain', kwargs={'key': key})}?wert={pk}"
