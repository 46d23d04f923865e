"""What the environment app measures."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_noop as _

from stadt.apps.environment.air_quality import CURRENT
from stadt.apps.environment.quantities import NO2, PM2_5, PM10, POLLUTANTS, Quantity
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind, Quality
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

MEASUREMENTS = "environment.measurements"
COMPLETE_SHARE = 0.75
"""Share of the elapsed station hours that must be valid, else the figure is marked as incomplete."""


def air_quality_index(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Mean of the UBA index (1 to 5, bands `CURRENT`) over all valid station hours of the day."""
    columns = ", ".join(quantity.column for quantity in POLLUTANTS)
    rows = sources.ask(
        MEASUREMENTS,
        f"SELECT station, {columns}, simulated FROM data WHERE hour >= ? AND hour < ?",  # noqa: S608 - our own columns
        period.start,
        until(period),
    )
    keys = [quantity.key for quantity in POLLUTANTS]
    found = []
    for row in rows:
        means = {
            key: None if mean is None else max(0.0, mean) for key, mean in zip(keys, row[1:-1], strict=True)
        }
        if index := CURRENT.index(means):
            found.append((int(index[0]), row[0], bool(row[-1])))
    if not found:
        return Figure.missing(_("Für diesen Tag gibt es noch kein gültiges Stundenmittel."))
    total = sum(number for number, _station, _simulated in found)
    stations = len({station for _number, station, _simulated in found})
    return Figure(
        total / len(found),
        numerator=total,
        denominator=len(found),
        quality=_quality(period, len(found), stations),
        simulated=any(simulated for *_rest, simulated in found),
    )


def _mean_of(quantity: Quantity) -> Callable[[Period, Area | None, Sources], Figure]:
    """The annual mean of a pollutant: all valid station hours of the year so far."""

    def compute(period: Period, place: Area | None, sources: Sources) -> Figure:
        [(total, count, stations, simulated)] = sources.ask(
            MEASUREMENTS,
            f"SELECT sum({quantity.column}), count({quantity.column}), count(DISTINCT station),"  # noqa: S608 - our own column
            f" bool_or(simulated) FILTER (WHERE {quantity.column} IS NOT NULL)"
            " FROM data WHERE hour >= ? AND hour < ?",
            period.start,
            until(period),
        )
        if not count:
            return Figure.missing(_("In diesem Jahr gibt es noch kein gültiges Stundenmittel."))
        quality = _quality(period, count, stations)
        return Figure(
            total / count, numerator=total, denominator=count, quality=quality, simulated=bool(simulated)
        )

    return compute


def until(period: Period) -> datetime:
    """Hours that began before the moment of the computation; the running one has no row before it is over."""
    return min(period.as_of, period.end)


def _quality(period: Period, hours: int, stations: int) -> Quality:
    """Incomplete when more than a quarter of the station hours is missing; else final once the period is over."""
    elapsed = (until(period) - period.start).total_seconds() // 3600
    if elapsed and hours < COMPLETE_SHARE * elapsed * stations:
        return Quality.INCOMPLETE
    return Quality.FINAL if period.is_over else Quality.PROVISIONAL


SOURCE = _("Datensatz „Stundenmittel der Umweltmessstationen“; einfache Sensoren, keine amtliche Messung")

AIR_QUALITY_INDEX = Indicator(
    key="environment.air_quality_index",
    title=_("Luftqualitätsindex"),
    unit="1",
    description=_(
        "So gut war die Luft im Mittel des Tages: 1 ist sehr gut, 5 ist sehr schlecht. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_(
        "Für jede Station und volle Stunde entscheidet der schlechteste Schadstoff (PM10, PM2,5, NO2) nach den Klassen des Umweltbundesamtes über den Index 1 bis 5; daraus das Mittel aller Stationsstunden des Tages."
    ),
    numerator=_("Summe der Indexwerte"),
    denominator=_("Stationsstunden mit gültigem Stundenmittel"),
    source=SOURCE,
    compute=air_quality_index,
    period=PeriodKind.DAY,
    digits=1,
    backfill=30,
    method=_("Luftqualitätsindex des Umweltbundesamtes, Klassen für Stundenmittel"),
)

PM10_MEAN = Indicator(
    key="environment.pm10_mean",
    title=_("Jahresmittel Feinstaub PM10"),
    unit="ug/m3",
    description=_(
        "Mittlere Belastung mit Feinstaub PM10 im laufenden Jahr, so weit gemessen wurde. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_("Summe aller gültigen Stundenmittel aller Stationen ÷ deren Anzahl"),
    numerator=_("Summe der Stundenmittel"),
    denominator=_("Anzahl der gültigen Stundenmittel"),
    source=SOURCE,
    compute=_mean_of(PM10),
    period=PeriodKind.YEAR,
    digits=1,
)

PM25_MEAN = Indicator(
    key="environment.pm25_mean",
    title=_("Jahresmittel Feinstaub PM2,5"),
    unit="ug/m3",
    description=_(
        "Mittlere Belastung mit Feinstaub PM2,5 im laufenden Jahr, so weit gemessen wurde. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_("Summe aller gültigen Stundenmittel aller Stationen ÷ deren Anzahl"),
    numerator=_("Summe der Stundenmittel"),
    denominator=_("Anzahl der gültigen Stundenmittel"),
    source=SOURCE,
    compute=_mean_of(PM2_5),
    period=PeriodKind.YEAR,
    digits=1,
)

NO2_MEAN = Indicator(
    key="environment.no2_mean",
    title=_("Jahresmittel Stickstoffdioxid"),
    unit="ug/m3",
    description=_(
        "Mittlere Belastung mit Stickstoffdioxid im laufenden Jahr, so weit gemessen wurde. Ungefähre Werte, keine amtliche Messung."
    ),
    formula=_("Summe aller gültigen Stundenmittel aller Stationen ÷ deren Anzahl"),
    numerator=_("Summe der Stundenmittel"),
    denominator=_("Anzahl der gültigen Stundenmittel"),
    source=SOURCE,
    compute=_mean_of(NO2),
    period=PeriodKind.YEAR,
    digits=1,
)
