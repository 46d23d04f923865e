"""What the app publishes: decided targets and the verdicts on them."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.steering import rows
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Date,
    Integer,
    Licence,
    Number,
    Text,
    Theme,
    Time,
)

EXAMPLE = Column(
    "example",
    Boolean,
    _("Beispiel"),
    description=_("Soll oder Wert ist erfunden (Vorführung) und zählt nicht"),
)

TARGETS = Dataset(
    key="steering.targets",
    title=_("Soll-Werte der Strategie"),
    description=_(
        "Die beschlossenen Ziele zu Kennzahlen der Strategie: Spanne, Weg nach Tagen und Beschluss."
    ),
    rows=rows.target_rows,
    columns=(
        Column("target", Integer, _("Nummer")),
        Column("code", Text, _("Kennzahl")),
        Column("name", Text, _("Name der Kennzahl")),
        Column("measure", Text, _("Maßnahme"), description=_("leer: Ziel der ganzen Strategie")),
        Column("frame", Text, _("Wessen Soll"), description=_("leer: das der Stadt")),
        Column("place", Text, _("Gebiet")),
        Column("series", Text, _("Reihe")),
        Column("low", Number, _("mindestens"), description=_("leer: nach unten offen")),
        Column("high", Number, _("höchstens"), description=_("leer: nach oben offen")),
        Column("tolerance", Number, _("Toleranz")),
        Column(
            "measuring",
            Text,
            _("Gemessen wird"),
            description=_("value: der Wert; from_one: der Abstand von 1"),
        ),
        Column("unit", Text, _("Einheit")),
        Column("due", Date, _("Tag der Bewertung")),
        Column("base_value", Number, _("Ausgangswert")),
        Column("base_on", Date, _("Tag des Ausgangswerts")),
        Column("path", Text, _("Weg"), description=_("Tag und Spanne, zum Beispiel 2027-12-31 20..30")),
        Column("valid_from", Date, _("gilt ab")),
        Column("decided_at", Time, _("beschlossen")),
        Column("decision", Text, _("Beschluss")),
        EXAMPLE,
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=1),
    simulated="example",
    order="code",
    keywords=(_("Strategie"), _("Ziele"), _("Kennzahlen")),
)

VERDICTS = Dataset(
    key="steering.verdicts",
    title=_("Stand der Ziele der Strategie (Soll und Ist)"),
    description=_(
        "Zu jedem beschlossenen Ziel der letzte Wert mit seiner Unsicherheit, das Urteil in fünf Stufen und die Aussicht."
    ),
    rows=rows.verdict_rows,
    columns=(
        Column("target", Integer, _("Nummer des Soll-Werts")),
        Column("code", Text, _("Kennzahl")),
        Column("name", Text, _("Name der Kennzahl")),
        Column("measure", Text, _("Maßnahme")),
        Column("frame", Text, _("Wessen Soll")),
        Column(
            "verdict", Text, _("Urteil"),
            description=_("in_range, probably_in, probably_outside, outside oder not_assessable"),
        ),
        Column("reason", Text, _("Grund"), description=_("warum es kein Urteil gibt")),
        Column("low", Number, _("Soll mindestens")),
        Column("high", Number, _("Soll höchstens")),
        Column("value", Number, _("Ist")),
        Column("interval_low", Number, _("Ist, untere Grenze der Unsicherheit")),
        Column("interval_high", Number, _("Ist, obere Grenze der Unsicherheit")),
        Column("unit", Text, _("Einheit")),
        Column("value_on", Date, _("letzter Tag des Zeitraums")),
        Column("outlook", Text, _("Aussicht"), description=_("on_track, at_risk, off_track oder unknown")),
        Column("gap_closed", Number, _("geschaffter Anteil des Weges")),
        Column("gap_expected", Number, _("erwarteter Anteil des Weges")),
        Column("due", Date, _("Tag der Bewertung")),
        Column("forecast", Number, _("Vorhersage für diesen Tag")),
        Column("forecast_low", Number, _("Vorhersage, untere Grenze")),
        Column("forecast_high", Number, _("Vorhersage, obere Grenze")),
        Column("figure", Text, _("Schlüssel der Kennzahl auf der Plattform")),
        EXAMPLE,
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=1),
    simulated="example",
    order="code",
    keywords=(_("Strategie"), _("Soll und Ist"), _("Monitoring")),
)  # fmt: skip
