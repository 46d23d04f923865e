"""The words of the workshop: what states, types, frequencies and categories are called on its pages."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from stadt.hub.datasets.declaration import ColumnType, HighValue, Licence, Theme
from stadt.hub.datasets.kept.states import AccessClass, DeliveryState, State
from stadt.hub.opendata.records import theme_title
from stadt.web.formats import day
from stadt.web.maps import State as Look

TYPES = {
    ColumnType.TEXT: _("Text"),
    ColumnType.INTEGER: _("ganze Zahl"),
    ColumnType.NUMBER: _("Zahl mit Nachkommastellen"),
    ColumnType.BOOLEAN: _("ja oder nein"),
    ColumnType.DATE: _("Datum"),
    ColumnType.TIME: _("Zeitpunkt"),
    ColumnType.GEOMETRY: _("Geometrie"),
}
FREQUENCIES = {
    "CONT": _("laufend"),
    "DAILY": _("täglich"),
    "WEEKLY": _("wöchentlich"),
    "BIWEEKLY": _("alle zwei Wochen"),
    "MONTHLY": _("monatlich"),
    "QUARTERLY": _("vierteljährlich"),
    "ANNUAL_2": _("halbjährlich"),
    "ANNUAL": _("jährlich"),
    "BIENNIAL": _("alle zwei Jahre"),
    "IRREG": _("unregelmäßig"),
    "NEVER": _("nie, der Stand bleibt"),
}
"""Codes of the EU authority table frequency that an office is offered."""
DAYS = {
    "DAILY": 1,
    "WEEKLY": 7,
    "BIWEEKLY": 14,
    "MONTHLY": 31,
    "QUARTERLY": 92,
    "ANNUAL_2": 184,
    "ANNUAL": 366,
    "BIENNIAL": 731,
}
"""After how many days without a new delivery a dataset of that frequency is overdue."""
HIGH_VALUES = {
    HighValue.GEOSPATIAL: _("Georaum"),
    HighValue.EARTH_AND_ENVIRONMENT: _("Erdbeobachtung und Umwelt"),
    HighValue.METEOROLOGICAL: _("Meteorologie"),
    HighValue.STATISTICS: _("Statistik"),
    HighValue.COMPANIES: _("Unternehmen"),
    HighValue.MOBILITY: _("Mobilität"),
}
ACCESS = {
    AccessClass.PUBLIC: _("Öffentlich: alle dürfen die Daten sehen, herunterladen und weiterverwenden"),
    AccessClass.INTERNAL: _("Intern: nur angemeldete Menschen Ihrer Organisation mit dem Recht dazu"),
    AccessClass.PERSONAL: _("Personenbezogen: bleibt Entwurf und wird nie veröffentlicht"),
}
FIELDS = {
    "title": _("Titel"),
    "description": _("Beschreibung"),
    "keywords": _("Schlagworte"),
    "theme": _("Thema"),
    "licence": _("Lizenz"),
    "publisher": _("Herausgeber"),
    "contact": _("E-Mail für Fragen"),
    "frequency": _("Wie oft neue Daten kommen"),
    "temporal_start": _("Daten von"),
    "temporal_end": _("Daten bis"),
    "spatial": _("Gebiet"),
    "high_value": _("Hochwertiger Datensatz"),
    "sample": _("Musterdatenkatalog"),
    "access": _("Wer die Daten sehen darf"),
    "link_url": _("Adresse der Daten"),
    "link_format": _("Format der Datei"),
    "columns": _("Spalten"),
}
STATE_LOOKS = {
    State.DRAFT: Look.NEUTRAL,
    State.REVIEW: Look.INFO,
    State.PUBLISHED: Look.SUCCESS,
    State.WITHDRAWN: Look.WARNING,
}
DELIVERY_LOOKS = {
    DeliveryState.RECEIVED: Look.INFO,
    DeliveryState.READ: Look.INFO,
    DeliveryState.PREPARED: Look.INFO,
    DeliveryState.PUBLISHED: Look.SUCCESS,
    DeliveryState.FAILED: Look.DANGER,
    DeliveryState.REFUSED: Look.DANGER,
    DeliveryState.SUPERSEDED: Look.NEUTRAL,
}


def theme_choices() -> list[tuple[str, str]]:
    """Names of the themes with their titles, by title."""
    return sorted(((theme.name, theme_title(theme)) for theme in Theme), key=lambda choice: choice[1])


def licence_choices() -> list[tuple[str, str]]:
    """Names of the licences with their titles, the city's usual one first."""
    return [(licence.name, licence.value.title) for licence in Licence]


def in_words(field: str, value: object) -> str:
    """A value of the card as people read it."""
    if not value:
        return ""
    if field == "theme" and value in Theme.__members__:
        return theme_title(Theme[str(value)])
    if field == "licence" and value in Licence.__members__:
        return Licence[str(value)].value.title
    if field == "frequency":
        return str(FREQUENCIES.get(str(value), value))
    if field == "high_value" and value in HighValue.__members__:
        return str(HIGH_VALUES[HighValue[str(value)]])
    if field == "access":
        return str(ACCESS.get(AccessClass(str(value)), value))
    if field in {"temporal_start", "temporal_end"}:
        return day(date.fromisoformat(str(value)))
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
