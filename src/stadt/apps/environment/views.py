"""Pages of the environment app: overview with map, one page for each station, the index explained, the list's forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.environment import charts, layers, queries, services
from stadt.apps.environment.air_quality import BANDS_2019, CURRENT, AirClass, Bands
from stadt.apps.environment.forms import StationForm
from stadt.apps.environment.models import Station, Surroundings
from stadt.apps.environment.quantities import QUANTITIES
from stadt.apps.environment.rights import MANAGE
from stadt.apps.environment.summary import summarise
from stadt.core.errors import Invalid
from stadt.core.people.access import actor_of
from stadt.web import formats
from stadt.web.maps import MapLayer
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

REFRESH_SECONDS = 60
BAND_TITLES = {"pm10": "PM10", "pm2-5": "PM2,5", "o3": "O₃", "no2": "NO₂", "so2": "SO₂"}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All stations: the air in a sentence, figures, map and table."""
    found = queries.all_stations_now()
    context = {
        "summary": summarise(found),
        "layers": [_layer(found)],
        "refresh": REFRESH_SECONDS,
        "columns": _columns(),
        "rows": [_row(now) for now in found],
        "may_manage": actor_of(request).can(MANAGE),
    }
    return render(request, "environment/overview.html", context)


@require_safe
def show_station(request: HttpRequest, number: str) -> HttpResponse:
    """One station with its newest values and the last seven days."""
    station = queries.get_station(number)
    [now] = queries.stations_now([station])
    state, label = layers.air_of(now)
    context = {
        "station": station,
        "now": now,
        "state": str(state),
        "state_label": label,
        "is_fresh": now.is_fresh(timezone.now()),
        "values": [
            (_(q.title), now.number(q.key), q.symbol, q.digits) for q in QUANTITIES if q.key in now.values
        ],
        "facts": _facts(now),
        "layers": [_layer([now], live=False)],
        "charts": charts.station_charts(station),
        "may_manage": actor_of(request).can(MANAGE),
    }
    return render(request, "environment/station.html", context)


@require_safe
def explain_index(request: HttpRequest) -> HttpResponse:
    """How the air quality index is made, with the bands in both versions."""
    context = {
        "tables": [
            _bands_table(CURRENT, _("Heutige Klassen")),
            _bands_table(BANDS_2019, _("Klassen von 2019")),
        ]
    }
    return render(request, "environment/air_quality.html", context)


def panel(request: HttpRequest) -> dict[str, Any]:
    """The block on the start page."""
    return {"summary": summarise(queries.all_stations_now())}


@require_safe
def list_stations(request: HttpRequest) -> HttpResponse:
    """The list of stations, for those who keep it."""
    columns = [
        TableColumn("number", _("Nummer")),
        TableColumn("title", _("Standort")),
        TableColumn("surroundings", _("Umgebung")),
        TableColumn("sensor", _("Sensor"), CellKind.CODE),
    ]
    rows = [
        {
            "number": LinkCell(
                item.number, reverse("environment:station_edit", kwargs={"number": item.number})
            ),
            "title": item.title,
            "surroundings": str(Surroundings(item.surroundings).label),
            "sensor": item.thing_key,
        }
        for item in Station.objects.all()
    ]
    return render(request, "environment/stations.html", {"columns": columns, "rows": rows})


def new_station(request: HttpRequest) -> HttpResponse:
    """Add a station."""
    form = StationForm(request.POST or None, station=None)
    if request.method == "POST" and form.is_valid():
        try:
            [station] = services.add_stations(actor_of(request), [form.as_draft()])
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Die Station ist eingetragen."))
            return redirect("environment:station", number=station.number)
    return render(
        request, "environment/station_form.html", {"form": form}, status=422 if form.errors else 200
    )


def edit_station(request: HttpRequest, number: str) -> HttpResponse:
    """Change a station or take it off the list."""
    station = queries.get_station(number)
    if request.method == "POST" and "entfernen" in request.POST:
        services.remove_station(actor_of(request), station)
        messages.success(request, _("Die Station ist ausgetragen."))
        return redirect("environment:stations")
    initial = {name: getattr(station, name) for name in ("title", "surroundings", "lon", "lat", "thing_key")}
    form = StationForm(request.POST or None, station=station, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_station(actor_of(request), station, form.as_draft())
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return redirect("environment:station", number=station.number)
    context = {"form": form, "station": station}
    return render(request, "environment/station_form.html", context, status=422 if form.errors else 200)


def _layer(found: list[queries.StationNow], *, live: bool = True) -> MapLayer:
    source = reverse("maps:layer", args=["environment.stations"]) if live else ""
    return MapLayer(
        "environment.stations", _("Umweltmessstationen"), layers.features_of(found), source=source
    )


def _columns() -> list[TableColumn]:
    measured = [
        TableColumn(
            quantity.column, _(quantity.title), CellKind.NUMBER, unit=quantity.symbol, digits=quantity.digits
        )
        for quantity in QUANTITIES
    ]
    return [
        TableColumn("title", _("Standort")),
        TableColumn("quarter", _("Stadtteil")),
        TableColumn("air", _("Luftqualität")),
        *measured,
        TableColumn("seen", _("gemessen"), CellKind.DATETIME),
    ]


def _row(now: queries.StationNow) -> dict[str, Any]:
    state, label = layers.air_of(now)
    url = reverse("environment:station", kwargs={"number": now.station.number})
    return {
        "title": LinkCell(now.station.title, url),
        "quarter": now.quarter.name if now.quarter else None,
        "air": StateCell(label, state),
        **{quantity.column: now.number(quantity.key) for quantity in QUANTITIES},
        "seen": now.seen_at,
    }


def _facts(now: queries.StationNow) -> list[tuple[str, Any]]:
    return [
        (_("Nummer"), now.station.number),
        (_("Umgebung"), str(Surroundings(now.station.surroundings).label)),
        (_("Stadtteil"), now.quarter.name if now.quarter else None),
        (_("Stadtbezirk"), now.district.name if now.district else None),
        (_("letzte Messung"), formats.moment(now.seen_at) if now.seen_at else None),
    ]


def _bands_table(bands: Bands, caption: str) -> dict[str, Any]:
    columns = [
        TableColumn("class", _("Klasse")),
        *(TableColumn(key, BAND_TITLES[key]) for key in bands.upper),
    ]
    rows = []
    for number in AirClass:
        row: dict[str, Any] = {"class": f"{int(number)} – {_(number.title)}"}
        for key, upper in bands.upper.items():
            low = int(upper[number - 2]) + 1 if number > 1 else 0
            row[key] = f"{low}–{int(upper[number - 1])}" if number <= len(upper) else f"> {int(upper[-1])}"
        rows.append(row)
    return {"caption": caption, "columns": columns, "rows": rows}
