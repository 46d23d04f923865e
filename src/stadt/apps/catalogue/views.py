"""`/daten/`: the catalogue's list, a page for each dataset, and the feed."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.catalogue import feed as feeds
from stadt.apps.catalogue import finding, listing, preview
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import Parts
from stadt.hub.indicators.queries import latest_values, list_indicators
from stadt.hub.opendata.index.entries import list_newest
from stadt.hub.opendata.queries import count_published
from stadt.hub.opendata.records import Record, get_record, interval_in_words, records_of
from stadt.web.formats import moment, number
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

FEED_ENTRIES = 100
USAGE_DAYS = 30
VERSIONS = 10


def show_list(request: HttpRequest) -> HttpResponse:
    """`/daten/`: see `listing`."""
    return render(request, "catalogue/list.html", listing.context_of(request.GET))


def show_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """`/daten/<key>/`: everything about one dataset. Raises NotFound."""
    record = get_record(key)
    context: dict[str, Any] = {
        "record": record,
        "facts": _facts(record),
        "downloads": _downloads(record),
        "usage": _usage(key),
        "versions": _versions(record),
        "rows_url": f"/api/v1/datasets/{key}/rows",
        "api_url": f"/api/v1/datasets/{key}",
        "has_failed": bool(queries.find_error(key)),
    }
    if record.snapshot is None:
        return render(request, "catalogue/dataset.html", context)
    is_series = record.dataset.parts is Parts.BY_DAY
    context["preview_columns"], context["preview_rows"] = preview.preview_table(
        record.snapshot, is_series=is_series
    )
    context["column_columns"], context["column_rows"] = preview.column_table(record.snapshot)
    context["chart"] = preview.chart_of(record) if is_series else None
    context["layers"] = [] if context["chart"] else preview.map_layers(record)
    if not context["layers"]:
        context["chart"] = context["chart"] or preview.chart_of(record)
    context["map_limit"] = preview.MAP_FEATURES if record.snapshot.row_count > preview.MAP_FEATURES else 0
    return render(request, "catalogue/dataset.html", context)


def show_feed(request: HttpRequest) -> HttpResponse:
    """`/daten/feed.atom`: the datasets that were published last."""
    records = records_of(list_newest(FEED_ENTRIES))
    answer = HttpResponse(feeds.render_feed(records), content_type=feeds.MEDIA_TYPE)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


def door(_request: HttpRequest) -> dict[str, Any]:
    """What the start page tells about the data and the indicators made from them."""
    datasets, rows = count_published()
    indicators = list_indicators()
    values = latest_values(indicator.key for indicator in indicators)
    return {
        "datasets": datasets,
        "rows": rows,
        "indicators": len(indicators),
        "with_value": sum(1 for value in values.values() if value.value is not None),
    }


def _facts(record: Record) -> list[tuple[str, Any]]:
    snapshot = record.snapshot
    facts: list[tuple[str, Any]] = [
        (gettext("Herausgeber"), record.publisher),
        (gettext("Lizenz"), LinkCell(record.licence.title, record.licence.url)),
        (gettext("Thema"), record.theme),
        (gettext("Aktualisierung"), interval_in_words(record.dataset.refresh)),
    ]
    if record.attribution:
        facts.insert(2, (gettext("Quellenangabe"), record.attribution))
    if snapshot:
        facts += [
            (gettext("Neuester Stand"), f"{snapshot.number} – {moment(snapshot.published_at)}"),
            (gettext("Zeilen"), number(snapshot.row_count)),
        ]
        if snapshot.is_simulated:
            facts.append((gettext("davon simuliert"), number(snapshot.simulated_count)))
    if record.keywords:
        facts.append((gettext("Schlagworte"), ", ".join(record.keywords)))
    if record.contact:
        facts.append((gettext("Fragen an"), LinkCell(record.contact, f"mailto:{record.contact}")))
    facts.append((gettext("Schlüssel"), record.key))
    return facts


def _downloads(record: Record) -> dict[str, Any]:
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
        for item in record.distributions
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
        "geojson": gettext("Karten und GIS, etwa QGIS"),
        "parquet": gettext("Auswertungen mit Python, R oder DuckDB"),
    }.get(form, "")


def _usage(key: str) -> list[tuple[str, str]]:
    since = timezone.localdate() - timedelta(days=USAGE_DAYS)
    titles = {**finding.FORMAT_TITLES, "api": gettext("Schnittstelle")}
    return [(titles.get(form, form), number(count)) for form, count in queries.usage(key, since).items()]


def _versions(record: Record) -> dict[str, Any]:
    rows = [
        {
            "number": version.number,
            "published": version.published_at,
            "rows": version.row_count,
            "state": _state(version),
            "hash": version.content_hash[:16],
        }
        for version in queries.list_versions(record.key, VERSIONS)
    ]
    columns = (
        TableColumn("number", gettext("Nummer des Standes"), CellKind.NUMBER),
        TableColumn("published", gettext("veröffentlicht"), CellKind.DATETIME),
        TableColumn("rows", gettext("Zeilen"), CellKind.NUMBER),
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
