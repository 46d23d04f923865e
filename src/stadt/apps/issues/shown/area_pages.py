"""Figures of reports as pages: of the whole city, of a district, of a quarter."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.issues.shown import queries, statistics, words
from stadt.apps.issues.shown.queries import IssueQuery
from stadt.apps.issues.shown.statistics import Figures
from stadt.apps.issues.shown.views import shown_row
from stadt.core.city import current
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area, children, get_area, list_areas
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import number, percent
from stadt.web.tables import CellKind, LinkCell, TableColumn

LATEST = 8
MOST_BARS = 10


@require_safe
def show_city(request: HttpRequest) -> HttpResponse:
    """`/melden/zahlen/`: the whole city's figures, by category and by area."""
    place = {"city": current().name}
    context = _context(None, timezone.localdate()) | {
        "title": gettext("Meldungen in Zahlen"),
        "here": gettext("In Zahlen"),
        "lead": gettext("Wie viel in %(city)s gemeldet wird und wie lange es dauert.") % place,
        "list_url": reverse("issues:map"),
        "feed_url": reverse("issues:feed"),
        "subscribe_url": reverse("issues:subscribe"),
    }
    return render(request, "issues/shown/figures.html", context)


@require_safe
def show_area(request: HttpRequest, key: str) -> HttpResponse:
    """`/melden/in/<area>/`: the figures of a district or quarter, and what changed there last. Raises NotFound."""
    area = get_area(key)
    asked = urlencode({"gebiet": area.key})
    context = _context(area, timezone.localdate()) | {
        "title": gettext("Meldungen in %(name)s") % {"name": area.name},
        "here": area.name,
        "lead": gettext("Was hier gemeldet wurde und was daraus wird."),
        "list_url": f"{reverse('issues:map')}?{asked}",
        "feed_url": reverse("issues:area_feed", args=[area.key]),
        "subscribe_url": f"{reverse('issues:subscribe')}?{asked}",
    }
    return render(request, "issues/shown/figures.html", context)


def _context(area: Area | None, today: date) -> dict[str, Any]:
    found = statistics.figures(area, today)
    categories = statistics.figures_by("category", area, today)
    latest = queries.list_changed(IssueQuery(area=area), LATEST)
    names = words.names_of(latest)
    return {
        "figures": found,
        "shown": shown_figures(found),
        "months": _months(area, today, is_example=found.is_example),
        "category_chart": _category_chart(categories, is_example=found.is_example),
        "columns": [TableColumn("name", gettext("Thema")), *_columns()],
        "categories": [_row(words.category_title(part.key), part) for part in categories],
        "area_columns": [TableColumn("name", gettext("Gebiet")), *_columns()],
        "areas": _areas(area, today),
        "latest": [shown_row(issue, names) for issue in latest],
        "fewest": statistics.FEWEST,
    }


def shown_figures(found: Figures) -> list[dict[str, Any]]:
    """The big numbers. Where too few reports are closed, the reason stands in place of a number."""
    few = gettext("noch zu wenige abgeschlossen: %(count)s")
    year = gettext("aus %(count)s Meldungen eines Jahres")
    days_note = (year if found.median_days is not None else few) % {"count": number(found.timed)}
    share = found.share_in_time
    share_note = (year if share is not None else few) % {"count": number(found.with_deadline)}
    return [
        {"label": gettext("offen"), "value": found.open, "digits": 0},
        {"label": gettext("in 30 Tagen gemeldet"), "value": found.received, "digits": 0},
        {"label": gettext("in 30 Tagen erledigt"), "value": found.done, "digits": 0},
        {
            "label": gettext("dauert in der Mitte"),
            "value": found.median_days,
            "unit": gettext("Arbeitstage"),
            "digits": 0 if found.median_days is not None and found.median_days.is_integer() else 1,
            "note": days_note,
        },
        {
            "label": gettext("in der Frist"),
            "value": None if share is None else 100 * share,
            "unit": "%",
            "digits": 0,
            "note": share_note,
        },
    ]


def _columns() -> list[TableColumn]:
    return [
        TableColumn("open", gettext("offen"), CellKind.NUMBER, digits=0),
        TableColumn("received", gettext("in einem Jahr gemeldet"), CellKind.NUMBER, digits=0),
        TableColumn("done", gettext("in einem Jahr erledigt"), CellKind.NUMBER, digits=0),
        TableColumn("days", gettext("Arbeitstage in der Mitte")),
        TableColumn("share", gettext("in der Frist")),
    ]


def _row(name: str | LinkCell, part: Figures) -> dict[str, Any]:
    too_few = gettext("zu wenige")
    share = part.share_in_time
    return {
        "name": name,
        "open": part.open,
        "received": part.received_year,
        "done": part.done_year,
        "days": too_few
        if part.median_days is None
        else number(part.median_days, 0 if part.median_days.is_integer() else 1),
        "share": too_few if share is None else percent(share, 0),
    }


def _areas(area: Area | None, today: date) -> list[dict[str, Any]]:
    """The parts of the area, also those without any report; none for a quarter."""
    parts = list_areas(PlaceKind.DISTRICT) if area is None or area.kind is PlaceKind.CITY else children(area)
    if not parts:
        return []
    column = "district_id" if parts[0].kind is PlaceKind.DISTRICT else "quarter_id"
    found = {part.key: part for part in statistics.figures_by(column, area, today)}
    return [
        _row(
            LinkCell(part.name, words.area_url(part)),
            found.get(str(part.id), statistics.nothing(str(part.id))),
        )
        for part in parts
    ]


def _months(area: Area | None, today: date, *, is_example: bool) -> Chart:
    counted = statistics.by_month(area, today)
    return Chart(
        gettext("Gemeldet und erledigt"),
        ChartKind.LINE,
        [
            ChartColumn(gettext("Monat"), ColumnKind.DATE),
            ChartColumn(gettext("gemeldet"), digits=0),
            ChartColumn(gettext("erledigt"), digits=0),
        ],
        [(month.month, month.received, month.done) for month in counted],
        summary=gettext("Meldungen je Monat; der laufende Monat ist noch nicht zu Ende."),
        simulated=is_example,
    )


def _category_chart(categories: list[Figures], *, is_example: bool) -> Chart:
    return Chart(
        gettext("Häufigste Themen"),
        ChartKind.BAR,
        [
            ChartColumn(gettext("Thema"), ColumnKind.CATEGORY),
            ChartColumn(gettext("in einem Jahr gemeldet"), digits=0),
        ],
        [(words.category_title(part.key), part.received_year) for part in categories[:MOST_BARS]],
        summary=gettext("Wie oft jedes Thema in den letzten zwölf Monaten gemeldet wurde."),
        simulated=is_example,
    )
