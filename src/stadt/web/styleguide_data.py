"""Made-up contents for the styleguide's examples; they describe no city."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from stadt.core import city
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind, ReferenceLine
from stadt.web.maps import LayerKind, MapFeature, MapLayer, Shape, State, point
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

START = datetime(2026, 11, 16, tzinfo=UTC)
DISTRICTS = ("Nord", "Mitte", "West", "Ost", "Süd")


class SampleForm(forms.Form):
    """A form with one field of every kind."""

    name = forms.CharField(label="Name", help_text="So, wie er auf dem Schild steht.")
    email = forms.EmailField(label="E-Mail-Adresse")
    district = forms.ChoiceField(label="Stadtteil", choices=[(name, name) for name in DISTRICTS])
    kind = forms.ChoiceField(
        label="Art", widget=forms.RadioSelect, choices=[("papier", "Papier"), ("glas", "Glas")]
    )
    days = forms.MultipleChoiceField(
        label="Tage",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("mo", "Montag"), ("do", "Donnerstag")],
    )
    remark = forms.CharField(label="Bemerkung", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    picture = forms.FileField(label="Bild", required=False, help_text="JPEG oder PNG, höchstens 5 MB.")
    agreed = forms.BooleanField(label="Ich habe die Hinweise zum Datenschutz gelesen.")


class SingleForm(forms.Form):
    """A form with one field."""

    words = forms.CharField(label="Suchwort", required=False)


def sample_context() -> dict[str, Any]:
    """Return the names the examples use."""
    form = SampleForm({"name": "", "email": "keine-adresse", "district": "Mitte", "kind": "papier"})
    form.is_valid()
    return {
        "sections": [
            ("Überblick", "#", True),
            ("Behälter", "#behaelter", False),
            ("Touren", "#touren", False),
        ],
        "columns": TABLE_COLUMNS,
        "rows": TABLE_ROWS,
        "nothing": [],
        "facts": [
            ("Hersteller", "Beispielwerk"),
            ("Datenblatt", LinkCell("als PDF", "#")),
            ("Zustand", StateCell("in Betrieb", State.SUCCESS)),
            ("Höhe über Grund", None),
        ],
        "page": Paginator(range(95), 10).page(4),
        "number": 1234.567,
        "share": 0.1234,
        "moment": START + timedelta(hours=13, minutes=5),
        "text": "Ein **wichtiger** Satz mit [Verweis](/daten/).\n\n- erstens\n- zweitens",
        "form": form,
        "single": SingleForm(),
        "layers": sample_layers(),
        **sample_charts(),
    }


TABLE_COLUMNS = (
    TableColumn("station", "Station"),
    TableColumn("since", "Seit", CellKind.DATE),
    TableColumn("value", "PM10", CellKind.NUMBER, unit="µg/m³", digits=1),
    TableColumn("state", "Zustand"),
)
TABLE_ROWS = [
    {
        "station": LinkCell("Am Markt", "#"),
        "since": START,
        "value": 12.34,
        "state": StateCell("gut", State.SUCCESS),
    },
    {"station": "Nordring", "since": START, "value": 48.0, "state": StateCell("mäßig", State.WARNING)},
    {"station": "Südpark", "since": None, "value": None, "state": StateCell("gestört", State.DANGER)},
]


def sample_layers() -> list[MapLayer]:
    """Return a layer of areas and one of points around the middle of the city."""
    longitude, latitude = city.current().centre
    states = (
        (State.SUCCESS, "Platz frei", 0.3),
        (State.WARNING, "fast voll", 0.8),
        (State.DANGER, "voll", 1.0),
    )
    points = []
    for place in range(24):
        state, word, fill = states[place % 3]
        away = 0.006 + 0.0012 * place
        points.append(
            MapFeature(
                key=f"behaelter-{place + 1}",
                title=f"Behälter {place + 1}",
                geometry=point(
                    round(longitude + away * 1.5 * math.cos(place * 2.4), 5),
                    round(latitude + away * math.sin(place * 2.4), 5),
                ),
                value=f"{fill:.0%}".replace("%", " %"),
                text="Zuletzt geleert am Montag.",
                url=f"#behaelter-{place + 1}",
                state=state,
                state_label=word,
                simulated=True,
            )
        )
    areas = [
        _square("quartier-west", "Quartier West", longitude - 0.03, latitude),
        _square("quartier-ost", "Quartier Ost", longitude + 0.01, latitude),
    ]
    return [
        MapLayer("containers", "Behälter", points, shape=Shape.SQUARE),
        MapLayer("quarters", "Quartiere", areas, kind=LayerKind.AREAS),
    ]


def _square(key: str, title: str, west: float, south: float) -> MapFeature:
    east, north = round(west + 0.02, 5), round(south + 0.015, 5)
    west, south = round(west, 5), round(south, 5)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return MapFeature(
        key, title, {"type": "Polygon", "coordinates": [ring]}, value="2", text="Zwei Vorhaben."
    )


def sample_charts() -> dict[str, Chart]:
    """Return one chart of each kind."""
    hours = [START + timedelta(hours=hour) for hour in range(72)]
    pm10 = ChartColumn("PM10", unit="µg/m³", digits=1)
    pm25 = ChartColumn("PM2,5", unit="µg/m³", digits=1)
    time = ChartColumn("Zeit", ColumnKind.TIME)
    district = ChartColumn("Stadtteil", ColumnKind.CATEGORY)
    waves = [
        [
            hour,
            round(22 + 9 * math.sin(place / 4), 1),
            None if 30 <= place < 36 else round(11 + 5 * math.sin(place / 5), 1),
        ]
        for place, hour in enumerate(hours)
    ]
    return {
        "line_chart": Chart(
            "Feinstaub in drei Tagen",
            ChartKind.LINE,
            (time, pm10, pm25),
            waves,
            summary="PM10 schwankt zwischen 13 und 31 µg/m³ und bleibt unter dem Tagesgrenzwert; bei PM2,5 fehlen sechs Stunden.",
            source="Umweltstationen",
            source_url="#",
            simulated=True,
            lines=(ReferenceLine(50, "Tagesgrenzwert PM10"),),
        ),
        "bar_chart": Chart(
            "Behälter nach Stadtteil",
            ChartKind.BAR,
            (district, ChartColumn("Behälter", digits=0)),
            [[name, 12 - 2 * place] for place, name in enumerate(DISTRICTS)],
            summary="Am meisten Behälter stehen im Norden.",
        ),
        "stacked_chart": Chart(
            "Füllstände nach Stadtteil",
            ChartKind.STACKED_BAR,
            (
                district,
                ChartColumn("frei", digits=0),
                ChartColumn("fast voll", digits=0),
                ChartColumn("voll", digits=0),
            ),
            [[name, 6 - place, 3, place] for place, name in enumerate(DISTRICTS)],
        ),
        "area_chart": Chart(
            "Feinstaub PM10", ChartKind.AREA, (time, pm10), [row[:2] for row in waves], simulated=True
        ),
        "dot_chart": Chart(
            "Lärm nach Stadtteil",
            ChartKind.DOT,
            (
                district,
                ChartColumn("Tag", unit="dB(A)", digits=0),
                ChartColumn("Nacht", unit="dB(A)", digits=0),
            ),
            [[name, 62 - place, 51 - place] for place, name in enumerate(DISTRICTS)],
        ),
        "empty_chart": Chart("Noch ohne Werte", ChartKind.LINE, (time, pm10), []),
    }
