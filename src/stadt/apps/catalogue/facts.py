"""What a dataset's page says about it in lists and tables: facts, downloads, versions."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.catalogue.finding import HIGH_VALUE_TITLES
from stadt.hub.datasets import queries
from stadt.hub.opendata.records import Record, interval_in_words
from stadt.hub.opendata.vocabulary import SAMPLES
from stadt.web.formats import day, moment, number
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

VERSIONS = 10


def facts_of(record: Record) -> list[tuple[str, Any]]:
    """Terms with their values, in the order people ask for them."""
    snapshot, dataset = record.snapshot, record.dataset
    facts: list[tuple[str, Any]] = [
        (gettext("Herausgeber"), record.publisher),
        (gettext("Thema"), record.theme),
    ]
    if dataset.kept is None:
        facts.append((gettext("Aktualisierung"), interval_in_words(dataset.refresh)))
    else:
        facts += _period(record)
    if snapshot:
        facts += [
            (gettext("Stand"), f"{snapshot.number} – {moment(snapshot.published_at)}"),
            (gettext("Zeilen"), number(snapshot.row_count)),
        ]
        if snapshot.is_simulated:
            facts.append((gettext("davon simuliert"), number(snapshot.simulated_count)))
    if dataset.high_value:
        facts.append(
            (gettext("Hochwertiger Datensatz nach EU-Recht"), gettext(HIGH_VALUE_TITLES[dataset.high_value]))
        )
    if dataset.sample:
        facts.append((gettext("Musterdatenkatalog"), LinkCell(dataset.sample, SAMPLES + dataset.sample)))
    if record.keywords:
        facts.append((gettext("Schlagworte"), ", ".join(record.keywords)))
    if record.contact:
        is_address = "@" in record.contact
        facts.append(
            (
                gettext("Fragen an"),
                LinkCell(record.contact, f"mailto:{record.contact}" if is_address else record.contact),
            )
        )
    facts.append((gettext("Schlüssel"), record.key))
    return facts


def _period(record: Record) -> list[tuple[str, Any]]:
    kept = record.dataset.kept
    if kept is None or not (kept.temporal_start or kept.temporal_end):
        return []
    start = day(kept.temporal_start) if kept.temporal_start else ""
    end = day(kept.temporal_end) if kept.temporal_end else ""
    return [(gettext("Zeitraum der Daten"), f"{start} – {end}".strip())]


def downloads_of(record: Record) -> dict[str, Any]:
    """The files of the snapshot shown; none of a dataset that lies elsewhere."""
    rows = [
        {
            "newest": LinkCell(item.title, item.url),
            "opens_in": _opens_in(item.format),
            "size": filesizeformat(item.size_bytes)
            if item.size_bytes is not None
            else gettext("wird beim ersten Abruf erstellt"),
            "permanent": LinkCell(
                gettext("%(title)s, Stand %(number)s")
                % {"title": item.title, "number": record.snapshot.number if record.snapshot else 0},
                item.permanent_url,
            ),
        }
        for item in (() if record.link else record.distributions)
    ]
    columns = (
        TableColumn("newest", gettext("Immer der neueste Stand")),
        TableColumn("opens_in", gettext("Öffnet sich in")),
        TableColumn("size", gettext("Größe")),
        TableColumn("permanent", gettext("Unveränderliche Adresse")),
    )
    return {"columns": columns, "rows": rows}


def _opens_in(form: str) -> str:
    return {
        "csv": gettext("Excel und LibreOffice auf Deutsch"),
        "csv-en": gettext("anderen Tabellenprogrammen (Komma, Dezimalpunkt)"),
        "xlsx": gettext("Excel und LibreOffice"),
        "json": gettext("Programmen und Webseiten"),
        "geojson": gettext("Karten und GIS, etwa QGIS"),
        "gpkg": gettext("GIS, etwa QGIS und ArcGIS"),
        "fgb": gettext("GIS und Webkarten mit vielen Orten"),
        "parquet": gettext("Auswertungen mit Python, R oder DuckDB"),
    }.get(form, "")


def versions_of(record: Record) -> dict[str, Any]:
    """The newest versions, each with its difference to the one before."""
    found = queries.list_versions(record.key, VERSIONS + 1)
    page = reverse("catalogue:dataset", args=[record.key])
    compare = reverse("catalogue:difference", args=[record.key])
    rows = []
    for place, version in enumerate(found[:VERSIONS]):
        older = next((item for item in found[place + 1 :] if not item.purged_at), None)
        is_there = version.purged_at is None
        rows.append(
            {
                "number": LinkCell(
                    gettext("Stand %(number)s") % {"number": version.number}, f"{page}?stand={version.number}"
                )
                if is_there
                else gettext("Stand %(number)s") % {"number": version.number},
                "published": version.published_at,
                "rows": version.row_count,
                "difference": LinkCell(
                    gettext("Unterschied zu Stand %(number)s") % {"number": older.number},
                    f"{compare}?alt={older.number}&neu={version.number}",
                )
                if is_there and older
                else "",
                "hash": version.content_hash[:16],
                "state": _state(version),
            }
        )
    columns = (
        TableColumn("number", gettext("Stand")),
        TableColumn("published", gettext("veröffentlicht"), CellKind.DATETIME),
        TableColumn("rows", gettext("Zeilen"), CellKind.NUMBER),
        TableColumn("difference", gettext("Was sich geändert hat")),
        TableColumn("hash", gettext("Prüfsumme (Anfang)"), CellKind.CODE),
        TableColumn("state", gettext("Hinweis")),
    )
    return {"columns": columns, "rows": rows}


def _state(version: queries.Version) -> StateCell | str:
    if version.purged_at:
        return StateCell(gettext("gelöscht"), State.WARNING)
    if version.held:
        return StateCell(gettext("wird von einer Kennzahl zitiert"), State.INFO)
    return ""
