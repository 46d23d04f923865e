"""What the waste app publishes."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.waste import queries
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Geometry,
    Integer,
    Licence,
    Number,
    Text,
    Theme,
    Time,
)

CONTAINERS = Dataset(
    key="waste.containers",
    title=_("Abfallbehälter mit Füllstand"),
    description=_(
        "Behälter der Stadt mit Standort, Art und Fassungsvermögen; bei Behältern mit Sensor mit dem zuletzt gemeldeten Füllstand."
    ),
    rows=queries.rows,
    columns=(
        Column("number", Text, _("Nummer")),
        Column("title", Text, _("Standort")),
        Column("kind", Text, _("Art"), description=_("paper, glass, residual, bio, packaging oder litter")),
        Column("capacity_l", Integer, _("Fassungsvermögen"), unit="L"),
        Column("quarter", Text, _("Stadtteil")),
        Column("district", Text, _("Stadtbezirk")),
        Column("fill", Number, _("Füllstand"), unit="%", description=_("Anteil der gefüllten Höhe")),
        Column("seen_at", Time, _("Zeitpunkt des Füllstands")),
        Column(
            "observation_id",
            Integer,
            _("Einzelwert"),
            description=_("Kennung des Füllstands (SensorThings Observation)"),
        ),
        Column("simulated", Boolean, _("simuliert"), description=_("Wert oder Behälter ist erfunden (Demo)")),
        Column("geom", Geometry, _("Lage")),
    ),
    theme=Theme.ENVI,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(minutes=15),
    simulated="simulated",
    order="number",
    sample="abfallwirtschaft/container",
    keywords=(_("Abfall"), _("Altpapier"), _("Container"), _("Füllstand")),
    layer="waste.containers",
)
