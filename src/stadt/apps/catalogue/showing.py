"""`/daten/<key>/`: everything about one dataset, of its newest version or of an older one."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.catalogue import preview, withdrawn
from stadt.apps.catalogue.facts import downloads_of, facts_of, versions_of
from stadt.apps.catalogue.paging import preview_page
from stadt.apps.catalogue.programs import embed_code, examples_of
from stadt.apps.catalogue.suggestions import suggest_chart
from stadt.apps.catalogue.usage import usage_chart
from stadt.apps.reuse import public as reuse
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import Parts
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.history import snapshot_at
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.opendata.records import Record, get_record
from stadt.web.charts import Chart
from stadt.web.maps import MapLayer

LARGEST_NUMBER = 2**31 - 1


@require_safe
def show_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """The page. `stand=` shows an older version, `am=` (a day) leads to the one that was the newest at its end.

    `seite=` and `sortieren=` turn and sort the preview. A withdrawn dataset has a page with status 410.
    """
    try:
        newest = get_record(key)
    except (Gone, NotFound):
        return withdrawn.answer(request, key)
    if day := request.GET.get("am", ""):
        return _as_of(key, day)
    record = _version(newest, request.GET.get("stand", ""))
    context: dict[str, Any] = {
        "record": record,
        "newest": newest,
        "is_old": record.snapshot != newest.snapshot,
        "link": record.link,
        "facts": facts_of(record),
        "downloads": downloads_of(record),
        "usage": usage_chart(key),
        "versions": versions_of(newest),
        "rows_url": f"/api/v1/datasets/{key}/rows",
        "api_url": f"/api/v1/datasets/{key}",
        "feed_url": reverse("catalogue:dataset_feed", args=[key]),
        "has_failed": bool(queries.find_error(key)),
        "examples": examples_of(record),
        "made": reuse.made_with(key),
        "today": timezone.localdate(),
    }
    if record.snapshot:
        context |= _contents(request, record, record.snapshot)
    context["sections"] = _sections(context)
    return render(request, "catalogue/dataset.html", context)


def picture_of(record: Record) -> tuple[list[MapLayer], Chart | None]:
    """The first map or chart: a series over time, else places on a map, else bars by year or kind."""
    is_series = record.dataset.parts is Parts.BY_DAY
    chart = preview.chart_of(record) if is_series else None
    layers = [] if chart else preview.map_layers(record)
    if not layers and chart is None:
        chart = preview.chart_of(record) or suggest_chart(record)
    return layers, chart


def _contents(request: HttpRequest, record: Record, snapshot: SnapshotInfo) -> dict[str, Any]:
    layers, chart = picture_of(record)
    address = reverse("catalogue:embed", args=[record.key])
    return {
        "layers": layers,
        "chart": chart,
        "map_limit": preview.MAP_FEATURES if snapshot.row_count > preview.MAP_FEATURES else 0,
        "preview": preview_page(snapshot, request.GET, is_series=record.dataset.parts is Parts.BY_DAY),
        "columns": preview.column_rows(snapshot),
        "embed": embed_code(record, address) if layers or chart else "",
        "embed_url": address,
    }


def _version(newest: Record, text: str) -> Record:
    if not text:
        return newest
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= LARGEST_NUMBER):
        raise NotFound(
            gettext("„%(number)s“ ist kein Stand des Datensatzes „%(key)s“.")
            % {"number": text[:20], "key": newest.key}
        )
    return replace(newest, snapshot=queries.get_snapshot(newest.key, int(text)))


def _as_of(key: str, text: str) -> HttpResponse:
    """To the version of a local day's end."""
    try:
        wanted = date.fromisoformat(text)
        end = timezone.make_aware(datetime.combine(wanted + timedelta(days=1), time()))
    except (ValueError, OverflowError):
        message = gettext("ist kein Tag")
        raise Invalid(f"am: {message}.", fields=(FieldError("am", message),)) from None
    found = snapshot_at(key, end - timedelta(microseconds=1))
    return redirect(f"{reverse('catalogue:dataset', args=[key])}?stand={found.number}")


def _sections(context: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The way inside the page."""
    wanted = (
        ("picture", gettext("Auf einen Blick"), context.get("layers") or context.get("chart")),
        ("preview", gettext("Vorschau"), context.get("preview")),
        ("downloads", gettext("Herunterladen"), context["downloads"]["rows"]),
        ("columns", gettext("Spalten"), context.get("columns")),
        ("about", gettext("Über den Datensatz"), True),
        ("versions", gettext("Stände"), context["versions"]["rows"]),
        ("use", gettext("Nutzung"), True),
        ("programs", gettext("Für Programme"), context["examples"]),
    )
    return [(title, f"#{anchor}", False) for anchor, title, is_there in wanted if is_there]
