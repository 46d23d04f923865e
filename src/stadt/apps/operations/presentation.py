"""Puts facts of operations into tables, lists and sentences."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stadt.apps.operations import parts
from stadt.apps.operations.findings import Finding
from stadt.apps.operations.models import CheckChange, Sample
from stadt.apps.operations.queries import Server
from stadt.core.models import JobRun
from stadt.core.registry import registry
from stadt.web import formats
from stadt.web.maps import State
from stadt.web.tables import CellKind, StateCell, TableColumn

Table = tuple[list[TableColumn], list[dict[str, Any]]]


def subnav(current: str) -> list[tuple[str, str, bool]]:
    """The pages of operations."""
    pages = (
        ("overview", _("Überblick")),
        ("jobs", _("Aufgaben")),
        ("checks", _("Prüfungen")),
        ("mail", _("E-Mail-Versand")),
        ("database", _("Datenbank")),
        ("trends", _("Verlauf")),
    )
    return [(title, reverse(f"operations:{name}"), name == current) for name, title in pages]


def headline(bad: Sequence[Finding]) -> str:
    """The one sentence that says whether something needs a person."""
    if not bad:
        return _("Alles in Ordnung: Es ist nichts zu tun.")
    loud = sum(one.is_loud for one in bad)
    if not loud:
        return _("Es ist nichts Neues zu tun: Was offen ist, hat schon jemand gesehen.")
    return ngettext("%(count)d Sache braucht Sie.", "%(count)d Dinge brauchen Sie.", loud) % {"count": loud}


def period_links(current: str) -> list[tuple[str, str, bool]]:
    """The periods of the charts."""
    titles = (("tag", _("1 Tag")), ("woche", _("7 Tage")), ("monat", _("30 Tage")), ("quartal", _("90 Tage")))
    return [(title, f"?zeitraum={key}", key == current) for key, title in titles]


def failure_rows(runs: Iterable[JobRun]) -> Table:
    """Failed runs, newest first."""
    columns = [
        TableColumn("task", _("Aufgabe"), CellKind.CODE),
        TableColumn("at", _("Begonnen"), CellKind.DATETIME),
        TableColumn("attempt", _("Versuch"), CellKind.NUMBER, digits=0),
        TableColumn("seconds", _("Dauer (s)"), CellKind.NUMBER, digits=1),
        TableColumn("error", _("Letzte Zeile des Fehlers")),
    ]
    rows = [
        {
            "task": run.task,
            "at": run.started_at,
            "attempt": run.attempt,
            "seconds": run.seconds,
            "error": run.error,
        }
        for run in runs
    ]
    return columns, rows


def change_rows(changes: Iterable[CheckChange]) -> Table:
    """When the answers of checks turned."""
    titles = {check.key: check.title for check in registry.watched_checks}
    language = (get_language() or "de")[:2]
    columns = [
        TableColumn("check", _("Prüfung")),
        TableColumn("at", _("Zeitpunkt"), CellKind.DATETIME),
        TableColumn("state", _("Ergebnis")),
        TableColumn("told", _("Was war")),
    ]
    rows = [
        {
            "check": _(titles[change.key]) if change.key in titles else change.key,
            "at": change.at,
            "state": StateCell(_("auffällig"), State.WARNING)
            if change.is_bad
            else StateCell(_("wieder gut"), State.SUCCESS),
            "told": change.told.get(language) or change.told.get("de", ""),
        }
        for change in changes
    ]
    return columns, rows


def table_columns() -> list[TableColumn]:
    """Of the largest tables."""
    return [
        TableColumn("name", _("Tabelle"), CellKind.CODE),
        TableColumn("size", _("Größe mit Indizes")),
        TableColumn("rows", _("Zeilen (geschätzt)"), CellKind.NUMBER, digits=0),
    ]


def table_rows(tables: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """[name, bytes, rows] as shown."""
    return [{"name": name, "size": parts.size(size), "rows": rows} for name, size, rows in tables]


def statement_columns() -> list[TableColumn]:
    """Of the costliest statements."""
    return [
        TableColumn("text", _("Abfrage"), CellKind.CODE),
        TableColumn("share", _("Anteil an der Zeit")),
        TableColumn("calls", _("Aufrufe"), CellKind.NUMBER, digits=0),
        TableColumn("mean", _("Mittel (ms)"), CellKind.NUMBER, digits=2),
    ]


def statement_rows(statements: Iterable[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Statements as a sample keeps them, as shown."""
    return [
        {
            "text": one["text"],
            "share": formats.percent(one["share"], 1),
            "calls": one["calls"],
            "mean": one["mean_ms"],
        }
        for one in statements or ()
    ]


def server_items(server: Server, newest: Sample | None) -> list[tuple[str, Any]]:
    """The database server in a few facts."""
    grown = parts.growth_of_a_day(newest)
    sign = "+" if grown is not None and grown >= 0 else formats.MINUS
    return [
        ("PostgreSQL", server.version),
        (_("Größe"), parts.size(newest.database_bytes) if newest else None),
        (_("in 24 Stunden"), sign + (parts.size(abs(grown)) or "") if grown is not None else None),
        (
            _("Verbindungen"),
            _("%(used)s von %(most)s") % {"used": server.connections, "most": server.most_connections},
        ),
        (_("Rolle"), server.role),
    ]


def mail_items() -> list[tuple[str, Any]]:
    """How mail leaves."""
    return [(_("Weg"), parts.mail_way())]
