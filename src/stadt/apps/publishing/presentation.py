"""What the workshop's pages show of a dataset: its way, its facts, what waits, and its rows so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.publishing import queries, words
from stadt.apps.publishing.file_rows import is_left_out
from stadt.apps.publishing.personal import find_personal
from stadt.core.people.actor import Actor
from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.datasets.kept import queries as kept_queries
from stadt.hub.datasets.kept.drift import sentences_of
from stadt.hub.datasets.kept.states import DeliveryState, Kind, State
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.indicators.units import on_screen
from stadt.hub.intake import ReadColumn, Reading
from stadt.hub.intake.reading import Role
from stadt.web import formats
from stadt.web.maps import State as Look
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

ROWS_SHOWN = 12
CELLS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: where to go, and why."""

    title: str
    url: str
    why: str
    look: Look = Look.INFO
    word: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps of a dataset to its publication; without an address it cannot be done yet."""

    title: str
    url: str
    is_done: bool
    is_current: bool


def steps(kept: KeptDataset, current: str) -> list[Step]:
    """The way: file or address, card, check, release."""
    delivery = queries.newest_delivery(kept)
    has_rows = kept.kind == Kind.LINK or (
        delivery is not None and delivery.state in {DeliveryState.PREPARED, DeliveryState.PUBLISHED}
    )
    is_sent = kept.state in {State.REVIEW, State.PUBLISHED}
    first = ""
    if kept.kind == Kind.UPLOAD:
        first = (
            reverse("publishing:delivery", args=[kept.key, delivery.number])
            if delivery
            else reverse("publishing:upload_next", args=[kept.key])
        )
    card = reverse("publishing:card", args=[kept.key])
    check = reverse("publishing:check", args=[kept.key])
    way = [
        ("file", gettext("Datei verstehen"), first, has_rows),
        ("card", gettext("Angaben"), card, bool(kept.description and kept.theme and kept.licence)),
        ("check", gettext("Prüfen und abgeben"), check, is_sent),
    ]
    if kept.kind == Kind.LINK:
        way = way[1:]
    return [Step(title, url, is_done, key == current) for key, title, url, is_done in way]


def state_cell(kept: KeptDataset) -> StateCell:
    """The state as a badge; a change to something published says both."""
    label = str(State(kept.state).label)
    if kept.is_live and kept.state in {State.DRAFT, State.REVIEW}:
        label = gettext("Änderung: %(state)s") % {"state": label}
    return StateCell(label, words.STATE_LOOKS[State(kept.state)])


def delivery_cell(delivery: Delivery) -> StateCell:
    """A delivery's state as a badge."""
    if delivery.has_open_drift:
        return StateCell(gettext("andere Spalten"), Look.WARNING)
    return StateCell(
        str(DeliveryState(delivery.state).label), words.DELIVERY_LOOKS[DeliveryState(delivery.state)]
    )


def waiting_for_keeper(actor: Actor) -> list[Task]:
    """What somebody of the own organisations has to do next, the urgent first."""
    tasks = [_task_of(delivery) for delivery in queries.open_deliveries(actor)]
    tasks += [
        Task(
            str(kept),
            reverse("publishing:dataset", args=[kept.key]),
            gettext("Zurückgegeben: %(reason)s") % {"reason": kept.returned_reason},
            Look.WARNING,
            gettext("zurückgegeben"),
        )
        for kept in queries.returned(actor)
    ]
    tasks += [
        Task(
            str(late.kept),
            reverse("publishing:upload_next", args=[late.kept.key]),
            gettext("Neue Daten waren bis %(day)s zu erwarten.") % {"day": formats.day(late.due)},
            Look.WARNING,
            gettext("überfällig"),
        )
        for late in queries.list_overdue(actor)
    ]
    rank = {Look.DANGER: 0, Look.WARNING: 1}
    return sorted(tasks, key=lambda task: rank.get(task.look, 2))


def _task_of(delivery: Delivery) -> Task:
    url = reverse("publishing:delivery", args=[delivery.dataset.key, delivery.number])
    title, state = str(delivery.dataset), DeliveryState(delivery.state)
    if state in {DeliveryState.FAILED, DeliveryState.REFUSED}:
        why = delivery.problems[0] if delivery.problems else gettext("Die Datei ließ sich nicht lesen.")
        return Task(title, url, why, Look.DANGER, gettext("nicht gelesen"))
    if delivery.has_open_drift:
        why = gettext("Die Lieferung hat andere Spalten als bisher. Bitte ansehen und entscheiden.")
        return Task(title, url, why, Look.WARNING, gettext("andere Spalten"))
    if state is DeliveryState.PREPARED:
        url = reverse("publishing:card", args=[delivery.dataset.key])
        return Task(
            title,
            url,
            gettext("Die Datei ist gelesen. Es fehlen noch Angaben und die Abgabe."),
            Look.INFO,
            gettext("weiter"),
        )
    if delivery.step or state is DeliveryState.RECEIVED:
        return Task(title, url, gettext("Die Datei wird gerade gelesen."), Look.INFO, gettext("läuft"))
    return Task(
        title,
        url,
        gettext("Die Datei ist gelesen. Bitte ansehen, ob alles stimmt."),
        Look.INFO,
        gettext("ansehen"),
    )


def card_facts(kept: KeptDataset) -> list[tuple[str, Any]]:
    """The card in words."""
    names = [name for name in words.FIELDS if name not in {"columns", "title", "link_url", "link_format"}]
    said = {name: words.in_words(name, _shown(getattr(kept, name))) for name in names}
    facts: list[tuple[str, Any]] = [(str(words.FIELDS[name]), value) for name, value in said.items() if value]
    unsaid = [str(words.FIELDS[name]) for name, value in said.items() if not value]
    if kept.kind == Kind.LINK:
        facts.insert(0, (str(words.FIELDS["link_url"]), LinkCell(kept.link_url, kept.link_url)))
        facts.insert(1, (str(words.FIELDS["link_format"]), kept.link_format))
    facts.append((gettext("Schlüssel"), kept.key))
    return [*facts, (gettext("nicht angegeben"), ", ".join(unsaid))] if unsaid else facts


def card_changes(kept: KeptDataset) -> dict[str, Any]:
    """How the card differs from the one that readers see; without rows where nothing is published."""
    columns = (
        TableColumn("field", gettext("Angabe")),
        TableColumn("was", gettext("bisher")),
        TableColumn("now", gettext("neu")),
    )
    rows = []
    for name in words.FIELDS:
        if name == "columns" or not kept.is_live:
            continue
        was = kept.live_access if name == "access" else kept.live.get(name)
        now = _shown(getattr(kept, name))
        if (was or "") != (now or "") and list(was or ()) != list(now or ()):
            rows.append(
                {
                    "field": str(words.FIELDS[name]),
                    "was": words.in_words(name, was),
                    "now": words.in_words(name, now),
                }
            )
    return {"columns": columns, "rows": rows}


def delivery_facts(delivery: Delivery) -> list[tuple[str, Any]]:
    """The file in words."""
    facts: list[tuple[str, Any]] = [
        (gettext("Datei"), delivery.filename),
        (gettext("Größe"), str(filesizeformat(delivery.size_bytes))),
        (
            gettext("geliefert"),
            gettext("%(moment)s durch %(name)s")
            % {
                "moment": formats.moment(delivery.received_at),
                "name": kept_queries.name_of(delivery.received_by),
            },
        ),
    ]
    if delivery.row_count is not None:
        facts.append((gettext("Zeilen"), formats.number(delivery.row_count)))
    report = delivery.part.get("report", {}) if delivery.part else {}
    dropped = dropped_in_words(report.get("dropped", {}))
    if dropped:
        facts.append((gettext("weggelassen"), dropped))
    return facts


def dropped_in_words(dropped: Mapping[str, int]) -> str:
    """Which rows of the file are not in the table."""
    titles = {
        "title": gettext("Titelzeilen"),
        "header": gettext("Überschriften"),
        "footer": gettext("Fußnoten"),
        "totals": gettext("Summenzeilen"),
        "empty": gettext("Leere Zeilen"),
        "malformed": gettext("Beschädigte Zeilen"),
    }
    return ", ".join(
        f"{titles.get(kind, kind)}: {formats.number(count)}" for kind, count in dropped.items() if count
    )


def refused_cells(delivery: Delivery) -> dict[str, Any]:
    """The first cells that do not fit their column."""
    columns = (
        TableColumn("row", gettext("Zeile der Datei"), CellKind.NUMBER),
        TableColumn("column", gettext("Spalte"), CellKind.CODE),
        TableColumn("text", gettext("Inhalt")),
    )
    report = delivery.part.get("report", {}) if delivery.part else {}
    rows = [
        {"row": cell["row"], "column": cell["column"], "text": cell["text"]}
        for cell in report.get("refused", ())
    ]
    return {"columns": columns, "rows": rows[:20], "count": report.get("refused_count", 0)}


def drift_sentences(delivery: Delivery) -> list[str]:
    """How the columns differ from the accepted ones."""
    return sentences_of(delivery.drift) if delivery.drift else []


def understood_table(reading: Reading) -> dict[str, Any]:
    """The first rows as they will be published."""
    kept = reading.kept[:CELLS_SHOWN]
    columns = [
        TableColumn(
            str(place),
            column.title or column.name,
            CellKind.NUMBER if _is_amount(column) else CellKind.TEXT,
            unit=on_screen(column.unit),
        )
        for place, column in enumerate(kept)
    ]
    rows = [
        [_cell(row.understood, place, column) for place, column in enumerate(kept)]
        for row in reading.sample
        if row.understood and not is_left_out(reading, row)
    ]
    return {"columns": columns, "rows": rows[:ROWS_SHOWN]}


def personal_lines(reading: Reading | None) -> list[str]:
    """The columns that seem to tell about persons, each with why."""
    found = find_personal(reading) if reading else {}
    titles = {column.name: column.title or column.name for column in reading.columns} if reading else {}
    return [f"„{titles.get(name, name)}“: {why}" for name, why in found.items()]


def _is_amount(column: ReadColumn) -> bool:
    """Whether a column holds amounts, which are written with dots; years and keys are not."""
    return column.type in {ColumnType.NUMBER, ColumnType.INTEGER} and column.role not in {Role.YEAR, Role.ID}


def _cell(cells: Sequence[str | None], place: int, column: ReadColumn) -> Any:
    value = cells[place] if place < len(cells) else None
    if value is None or not _is_amount(column):
        return value
    try:
        return int(value) if column.type is ColumnType.INTEGER else float(value)
    except ValueError:
        return value


def _shown(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def missing(refusal: Any, kept: KeptDataset) -> list[tuple[str, str, str]]:
    """What a verb misses: name of the field, what is wrong, and where it is mended."""
    card = reverse("publishing:card", args=[kept.key])
    return [
        (str(words.FIELDS.get(item.field, item.field)), item.message, f"{card}#id_{item.field}")
        for item in refusal.fields
    ]
