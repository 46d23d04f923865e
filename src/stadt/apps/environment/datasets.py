"""What the environment app publishes."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.environment import queries
from stadt.apps.environment.quantities import HUMIDITY, NO2, NOISE, PM2_5, PM10, TEMPERATURE
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Geometry,
    Integer,
    Licence,
    Number,
    Parts,
    Text,
    Theme,
    Time,
)
from stadt.hub.datasets.observed import days_of

MEASURED = (
    Column(TEMPERATURE.column, Number, _("Temperatur"), unit=TEMPERATURE.unit),
    Column(HUMIDITY.column, Number, _("Relative Luftfeuchte"), unit=HUMIDITY.unit),
    Column(PM10.column, Number, _("Feinstaub PM10"), unit=PM10.unit),
    Column(PM2_5.column, Number, _("Feinstaub PM2,5"), unit=PM2_5.unit),
    Column(NO2.column, Number, _("Stickstoffdioxid"), unit=NO2.unit),
    Column(NOISE.column, Number, _("A-bewerteter Geräuschpegel"), unit=NOISE.unit),
)

STATIONS = Dataset(
    key="environment.stations",
    title=_("Umweltmessstationen mit aktuellen Werten"),
    description=_(
        "Messstationen der Stadt mit Standort, Umgebung und den zuletzt gemeldeten Werten. Einfache Sensoren: Die Werte sind ungefähr und keine amtliche Messung."
    ),
    rows=queries.station_rows,
    columns=(
        Column("number", Text, _("Nummer")),
        Column("title", Text, _("Standort")),
        Column(
            "surroundings", Text, _("Umgebung"), description=_("traffic, background, industrial oder green")
        ),
        Column("quarter", Text, _("Stadtteil")),
        Column("district", Text, _("Stadtbezirk")),
        *MEASURED,
        Column("seen_at", Time, _("Zeitpunkt der letzten Messung")),
        Column(
            "simulated", Boolean, _("simuliert"), description=_("Werte oder Station sind erfunden (Demo)")
        ),
        Column("geom", Geometry, _("Lage")),
    ),
    theme=Theme.ENVI,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(minutes=15),
    simulated="simulated",
    order="number",
    keywords=(_("Umwelt"), _("Luftqualität"), _("Feinstaub"), _("Temperatur"), _("Lärm")),
    layer="environment.stations",
)

MEASUREMENTS = Dataset(
    key="environment.measurements",
    title=_("Stundenmittel der Umweltmessstationen"),
    description=_(
        "Stundenmittel von Temperatur, Luftfeuchte, Feinstaub, Stickstoffdioxid und Geräuschpegel. Ein Stundenmittel gilt, wenn in mindestens drei von vier Viertelstunden gemessen wurde. Einfache Sensoren: Die Werte sind ungefähr und keine amtliche Messung."
    ),
    rows=queries.measurement_rows,
    columns=(
        Column("station", Text, _("Nummer der Station")),
        Column("title", Text, _("Standort")),
        Column("hour", Time, _("Beginn der Stunde")),
        *MEASURED,
        Column(
            "readings",
            Integer,
            _("Einzelwerte"),
            description=_("so viele Einzelwerte aller Messgrößen gingen ein"),
        ),
        Column(
            "observation_id",
            Integer,
            _("Einzelwert"),
            description=_("Kennung des jüngsten Einzelwerts, der einging (SensorThings Observation)"),
        ),
        Column(
            "simulated", Boolean, _("simuliert"), description=_("Werte oder Station sind erfunden (Demo)")
        ),
        Column("geom", Geometry, _("Lage")),
    ),
    theme=Theme.ENVI,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=1),
    parts=Parts.BY_DAY,
    marks=days_of(queries.stream_ids),
    simulated="simulated",
    order="hour",
    keywords=(_("Umwelt"), _("Luftqualität"), _("Feinstaub"), _("Stickstoffdioxid"), _("Zeitreihe")),
)
