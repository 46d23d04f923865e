"""Further figures of the measuring stations: days above a limit, the level of the nights, and how well is measured."""

from datetime import UTC, timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.environment.air_quality import CURRENT, AirClass
from stadt.apps.environment.indicators import (
    AIR_QUALITY_INDEX,
    COMPLETE_SHARE,
    MEASUREMENTS,
    NO2_MEAN,
    PM10_MEAN,
    PM25_MEAN,
    SOURCE,
    until,
)
from stadt.apps.environment.quantities import POLLUTANTS, QUANTITIES
from stadt.core.city import current
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind, Quality
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

STATIONS = "environment.stations"
HEARD_WITHIN = timedelta(hours=24)
HOUR = timedelta(hours=1)
DAILY_LIMIT = 50
"""µg/m³ PM10 as a daily mean: 39. BImSchV, section 4, paragraph 1; 35 days above it are allowed in a year."""
HOURS_OF_A_DAY = 18
"""Hours that make a daily mean valid: three quarters of 24, as for the hourly means themselves."""
LIMIT_OF_CLASS = {
    quantity.column: CURRENT.upper[quantity.key][AirClass.MODERATE - 1] for quantity in POLLUTANTS
}

LOCAL = "((hour AT TIME ZONE 'UTC') AT TIME ZONE ?)"
ANY_POLLUTANT = " OR ".join(f"{column} IS NOT NULL" for column in LIMIT_OF_CLASS)
ANY_VALUE = " OR ".join(f"{quantity.column} IS NOT NULL" for quantity in QUANTITIES)
# Rounded as the index rounds before it classes.
IS_POOR = " OR ".join(f"floor({column} + 0.5) > {upper:.0f}" for column, upper in LIMIT_OF_CLASS.items())
POOR_DAYS = f"""
SELECT count(DISTINCT day) FILTER (WHERE poor), count(DISTINCT day), bool_or(simulated) FROM (
    SELECT CAST({LOCAL} AS DATE) AS day, coalesce({IS_POOR}, false) AS poor, simulated FROM data
    WHERE hour >= ? AND hour < ? AND ({ANY_POLLUTANT})
)
"""  # noqa: S608 - our own columns
LIMIT_DAYS = f"""
SELECT max(above), sum(valid), count(*), bool_or(simulated) FROM (
    SELECT station, count(*) FILTER (WHERE mean > {DAILY_LIMIT}) AS above, count(*) AS valid, bool_or(simulated) AS simulated
    FROM (
        SELECT station, CAST({LOCAL} AS DATE) AS day, avg(pm10) AS mean, bool_or(simulated) AS simulated FROM data
        WHERE hour >= ? AND hour < ? AND pm10 IS NOT NULL GROUP BY ALL HAVING count(*) >= {HOURS_OF_A_DAY}
    ) GROUP BY station
)
"""  # noqa: S608 - our own numbers
# A mean of levels is that of their energies: ISO 1996-1, equivalent continuous level.
NIGHT = f"""
SELECT 10 * log10(avg(pow(10, noise / 10))), count(*), bool_or(simulated) FROM data
WHERE hour >= ? AND hour < ? AND noise IS NOT NULL
  AND (extract(hour FROM {LOCAL}) >= 22 OR extract(hour FROM {LOCAL}) < 6)
"""  # noqa: S608 - a constant
HOURS = f"""
SELECT count(*), count(DISTINCT station), bool_or(simulated), bool_or(hour >= ?) FROM data
WHERE hour >= ? AND hour < ? AND ({ANY_VALUE})
"""  # noqa: S608 - our own columns
QUARTERS = "SELECT count(*) FROM places_place WHERE kind = 'quarter' AND (%s::bigint IS NULL OR %s IN (id, parent_id))"
NO_STATION = _("Es sind keine Messstationen erfasst.")
NO_HOUR = _("In diesem Monat gibt es noch keine volle Stunde im Datensatz.")


def poor_air_days(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Days of the year so far with at least one station hour of the class poor or very poor."""
    [(poor, measured, simulated)] = sources.ask(
        MEASUREMENTS, POOR_DAYS, current().timezone, period.start, until(period)
    )
    if not measured:
        return Figure.missing(_("In diesem Jahr gibt es noch kein gültiges Stundenmittel."))
    return Figure(poor, denominator=measured, quality=_by_days(period, measured), simulated=bool(simulated))


def limit_days(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Days of the year so far with a PM10 daily mean above the limit, at the station that has most of them."""
    [(above, valid, stations, simulated)] = sources.ask(
        MEASUREMENTS, LIMIT_DAYS, current().timezone, period.start, until(period)
    )
    if not valid:
        return Figure.missing(_("In diesem Jahr gibt es noch kein gültiges Tagesmittel."))
    quality = _by_days(period, valid / stations)
    return Figure(above, denominator=valid, quality=quality, simulated=bool(simulated))


def night_level(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Equivalent level of all station hours of the month so far that begin from 22 to before 6 o'clock."""
    zone = current().timezone
    [(level, hours, simulated)] = sources.ask(MEASUREMENTS, NIGHT, period.start, until(period), zone, zone)
    if not hours:
        return Figure.missing(_("In diesem Monat gibt es noch kein gültiges nächtliches Stundenmittel."))
    return Figure(level, denominator=hours, simulated=bool(simulated))


def measured_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Station hours of the month so far with a valid mean, in per cent of those that could have one.

    The dataset is renewed once an hour. The last full hour counts as soon as it is in there: until then nobody can say
    whether it was measured. An hour before it counts in any case.
    """
    start = period.start.astimezone(
        UTC
    )  # in local time the months with a change of the clock would be an hour wrong
    over = (until(period).astimezone(UTC) - start) // HOUR
    [(stations,)] = sources.ask(STATIONS, "SELECT count(*) FROM data")
    [(measured, reporting, simulated, has_last)] = sources.ask(
        MEASUREMENTS, HOURS, start + (over - 1) * HOUR, period.start, until(period)
    )
    known = over if has_last else max(0, over - 1)
    possible = max(stations, reporting) * known
    reason = NO_HOUR if stations or reporting else NO_STATION
    return Figure.share(measured, possible, reason=reason, simulated=bool(simulated))


def reporting_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Stations heard within 24 hours, in per cent of all; of a district or quarter where one is asked for."""
    inside, values = _within(place)
    [(heard, total, simulated)] = sources.ask(
        STATIONS,
        f"SELECT count(*) FILTER (WHERE seen_at > ?), count(*), bool_or(simulated) FROM data WHERE {inside}",  # noqa: S608 - a constant
        period.as_of - HEARD_WITHIN,
        *values,
    )
    return Figure.share(heard, total, reason=NO_STATION, simulated=bool(simulated))


def covered_quarters(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Quarters with at least one station heard within 24 hours, in per cent of all quarters."""
    inside, values = _within(place)
    area = None if place is None or place.kind is PlaceKind.CITY else place.id
    [(covered, simulated)] = sources.ask(
        STATIONS,
        "SELECT count(DISTINCT quarter) FILTER (WHERE quarter <> ''), bool_or(simulated) FROM data"  # noqa: S608 - a constant
        f" WHERE seen_at > ? AND {inside}",
        period.as_of - HEARD_WITHIN,
        *values,
    )
    [(total,)] = sources.query(_("Stadtteile"), QUARTERS, area, area)
    return Figure.share(
        covered, total, reason=_("Die Stadt hat noch keine Stadtteile."), simulated=bool(simulated)
    )


def _within(place: Area | None) -> tuple[str, tuple[str, ...]]:
    """The condition that a station stands in a district or quarter; always true for the city."""
    if place is None or place.kind is PlaceKind.CITY:
        return "true", ()
    return ("district = ?" if place.kind is PlaceKind.DISTRICT else "quarter = ?"), (place.name,)


def _by_days(period: Period, days: float) -> Quality:
    """Incomplete when more than a quarter of the days is missing; else final once the period is over."""
    if days < COMPLETE_SHARE * ((until(period) - period.start) // timedelta(days=1)):
        return Quality.INCOMPLETE
    return Quality.FINAL if period.is_over else Quality.PROVISIONAL


POOR_AIR_DAYS = Indicator(
    key="environment.poor_air_days",
    title=_("Tage mit schlechter Luft"),
    unit="1",
    description=_(
        "An so vielen Tagen des laufenden Jahres war die Luft an mindestens einer Station mindestens eine Stunde lang schlecht. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_(
        "Anzahl der Tage mit mindestens einer Stationsstunde der Klasse „schlecht“ oder „sehr schlecht“ nach den Klassen des Umweltbundesamtes (PM10, PM2,5, NO2)"
    ),
    denominator=_("Tage mit mindestens einem gültigen Stundenmittel"),
    source=SOURCE,
    compute=poor_air_days,
    period=PeriodKind.YEAR,
    digits=0,
    method=_("Luftqualitätsindex des Umweltbundesamtes, Klassen für Stundenmittel"),
)
LIMIT_DAYS_PM10 = Indicator(
    key="environment.pm10_limit_days",
    title=_("Tage über dem Grenzwert für Feinstaub PM10"),
    unit="1",
    description=_(
        "An so vielen Tagen des laufenden Jahres lag das Tagesmittel von PM10 über 50 µg/m³, an der Station mit den meisten solchen Tagen. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_(
        "Für jede Station die Tage mit einem Tagesmittel über 50 µg/m³, bei mindestens 18 gültigen Stundenmitteln; davon der größte Wert aller Stationen"
    ),
    denominator=_("gültige Tagesmittel aller Stationen"),
    source=SOURCE,
    compute=limit_days,
    period=PeriodKind.YEAR,
    digits=0,
    method=_("39. BImSchV, § 4: 50 µg/m³ im Tagesmittel, 35 Tage im Jahr zugelassen"),
)
NIGHT_LEVEL = Indicator(
    key="environment.night_level",
    title=_("Geräuschpegel in der Nacht"),
    unit="dB[SPL]",
    description=_(
        "So laut war es im laufenden Monat nachts im Mittel an den Messstationen. Ungefähre Werte, keine amtliche Messung und keine Lärmkarte."
    ),
    formula=_(
        "Energetisches Mittel der Stundenpegel aller Stationen, deren Stunde zwischen 22 und 6 Uhr liegt"
    ),
    denominator=_("nächtliche Stationsstunden mit gültigem Pegel"),
    source=SOURCE,
    compute=night_level,
    period=PeriodKind.MONTH,
    digits=1,
    method=_("ISO 1996-1, energieäquivalenter Dauerschallpegel"),
)
MEASURED_SHARE = Indicator(
    key="environment.measured_share",
    title=_("Anteil der Stunden mit gültiger Umweltmessung"),
    unit="%",
    description=_("So lückenlos haben die Messstationen im laufenden Monat gemessen."),
    formula=_(
        "Stationsstunden mit mindestens einem gültigen Stundenmittel ÷ (Stationen × vergangene Stunden des Monats, die letzte erst, wenn sie im Datensatz steht) × 100"
    ),
    numerator=_("Stationsstunden mit gültigem Stundenmittel"),
    denominator=_("mögliche Stationsstunden"),
    source=SOURCE,
    compute=measured_share,
    period=PeriodKind.MONTH,
    version=2,
    digits=1,
)
REPORTING_SHARE = Indicator(
    key="environment.reporting_share",
    title=_("Anteil der Messstationen, die sich melden"),
    unit="%",
    description=_("So viele Umweltmessstationen haben in den letzten 24 Stunden gemessen."),
    formula=_("Stationen mit einer Messung aus den letzten 24 Stunden ÷ alle Stationen × 100"),
    numerator=_("Stationen mit einer Messung aus den letzten 24 Stunden"),
    denominator=_("alle Stationen"),
    source=_("Datensatz „Umweltmessstationen mit aktuellen Werten“"),
    compute=reporting_share,
    digits=1,
    by_area=True,
)
COVERED_QUARTERS = Indicator(
    key="environment.covered_quarters",
    title=_("Anteil der Stadtteile mit Umweltmessung"),
    unit="%",
    description=_("In so vielen Stadtteilen misst mindestens eine Station, die sich zuletzt gemeldet hat."),
    formula=_(
        "Stadtteile mit mindestens einer Station mit Messung aus den letzten 24 Stunden ÷ alle Stadtteile × 100"
    ),
    numerator=_("Stadtteile mit messender Station"),
    denominator=_("alle Stadtteile"),
    source=_("Datensatz „Umweltmessstationen mit aktuellen Werten“ und Gebiete der Stadt"),
    compute=covered_quarters,
    digits=1,
)
ALL = (
    AIR_QUALITY_INDEX,
    PM10_MEAN,
    PM25_MEAN,
    NO2_MEAN,
    POOR_AIR_DAYS,
    LIMIT_DAYS_PM10,
    NIGHT_LEVEL,
    MEASURED_SHARE,
    REPORTING_SHARE,
    COVERED_QUARTERS,
)
