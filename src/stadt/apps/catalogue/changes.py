"""`/daten/<key>/vergleich/`, the feed of a dataset's versions, and the page for frames of other sites."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.catalogue import feed as feeds
from stadt.apps.catalogue import withdrawn
from stadt.apps.catalogue.preview import heading_of, in_words, type_title
from stadt.apps.catalogue.showing import LARGEST_NUMBER, picture_of
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.history import Difference, difference
from stadt.hub.indicators.units import on_screen
from stadt.hub.opendata.records import Record, get_record
from stadt.web.atom import MEDIA_TYPE
from stadt.web.security import content_security_policy
from stadt.web.tables import CellKind, TableColumn


@require_safe
def show_difference(request: HttpRequest, key: str) -> HttpResponse:
    """What changed from version `alt` to version `neu`."""
    try:
        record = get_record(key)
    except Gone:
        return withdrawn.answer(request, key)
    older, newer = (_number(request, name) for name in ("alt", "neu"))
    found = difference(key, older, newer)
    context = {
        "record": record,
        "found": found,
        "columns": _columns(found),
        "column_heads": [
            TableColumn("name", gettext("Spalte"), CellKind.CODE),
            TableColumn("what", gettext("Was sich geändert hat")),
        ],
        "added": _examples(record, found.examples_added),
        "removed": _examples(record, found.examples_removed),
    }
    return render(request, "catalogue/difference.html", context)


@require_safe
def show_feed(request: HttpRequest, key: str) -> HttpResponse:
    """`/daten/<key>/feed.atom`: a dataset's versions."""
    record = get_record(key)
    answer = HttpResponse(feeds.render_versions(record, queries.list_versions(key)), content_type=MEDIA_TYPE)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


@require_safe
def show_embed(request: HttpRequest, key: str) -> HttpResponse:
    """`/daten/<key>/einbetten/`: the first map or chart alone, with its source and licence, for frames of other sites.

    Only this page may stand in a frame; it has no forms and needs no session.
    """
    record = get_record(key)
    layers, chart = picture_of(record) if record.snapshot else ([], None)
    answer = render(request, "catalogue/embed.html", {"record": record, "layers": layers, "chart": chart})
    policy = content_security_policy(current().basemap.origins).replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    answer["Content-Security-Policy"] = policy
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 11 and 1 <= int(text) <= LARGEST_NUMBER):
        raise NotFound(gettext("Diesen Stand gibt es nicht."))
    return int(text)


def _columns(found: Difference) -> list[dict[str, Any]]:
    return [
        *({"name": column.name, "what": gettext("neu dazugekommen")} for column in found.columns_added),
        *({"name": column.name, "what": gettext("weggefallen")} for column in found.columns_removed),
        *(
            {
                "name": item.name,
                "what": gettext("vorher %(was)s, jetzt %(now)s")
                % {"was": _kind(item.was), "now": _kind(item.now)},
            }
            for item in found.columns_changed
        ),
    ]


def _kind(column: Column) -> str:
    return f"{type_title(column.type)} {on_screen(column.unit)}".strip()


def _examples(record: Record, rows: Any) -> dict[str, Any] | None:
    if not rows:
        return None
    known = {column.name: column for column in (record.snapshot.columns if record.snapshot else ())}
    shown = [known[name] for name in rows[0] if name in known and known[name].type is not ColumnType.GEOMETRY]
    return {
        "columns": [TableColumn(column.name, heading_of(column)) for column in shown],
        "rows": [{column.name: in_words(column, row[column.name]) for column in shown} for row in rows],
    }
