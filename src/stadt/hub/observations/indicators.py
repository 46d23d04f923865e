"""What the store of observations measures about itself."""

from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

NO_SERIES = "Noch gibt es keine Messreihe."

# The days of each series are found by its key, so that many years of others are not read.
READINGS = """
SELECT coalesce(sum(found.count), 0)::bigint,
       coalesce(bool_or(d.is_simulated OR t.last_simulated) FILTER (WHERE found.count > 0), false)
FROM observations_datastream d
LEFT JOIN observations_datastreamstate t ON t.datastream_id = d.id
CROSS JOIN LATERAL (
    SELECT sum(y.count) AS count FROM observations_datastreamday y
    WHERE y.datastream_id = d.id AND y.day >= %s AND y.day < %s
) AS found
"""
SERIES = """
SELECT count(*) FILTER (WHERE is_public), count(*), coalesce(bool_or(d.is_simulated OR t.last_simulated), false)
FROM observations_datastream d LEFT JOIN observations_datastreamstate t ON t.datastream_id = d.id
"""


def readings(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Readings of the month so far, by the UTC day of their measurement, as they are counted on arrival."""
    [(count, simulated)] = sources.query(
        "Messwerte nach Tagen", READINGS, period.start.date(), period.end.date()
    )
    return Figure(count, simulated=simulated)


def public_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Datastreams that everybody may read through SensorThings, in per cent of all."""
    [(public, total, simulated)] = sources.query("Messreihen nach Freigabe", SERIES)
    return Figure.share(public, total, reason=NO_SERIES, simulated=simulated)


ALL = (
    Indicator(
        key="observations.readings",
        title="Messwerte im Monat",
        unit="1",
        description="So viele Messwerte von Sensoren hat die Plattform im laufenden Monat aufgenommen.",
        formula="Summe der Messwerte aller Messreihen an den Tagen des Monats, Tage nach koordinierter Weltzeit (UTC)",
        source="Zählung der Messwerte je Messreihe und Tag",
        compute=readings,
        period=PeriodKind.MONTH,
        digits=0,
    ),
    Indicator(
        key="observations.public_share",
        title="Anteil frei lesbarer Messreihen",
        unit="%",
        description="So viele Messreihen kann jede und jeder über die offene Schnittstelle SensorThings lesen.",
        formula="Zur Veröffentlichung freigegebene Messreihen ÷ alle Messreihen × 100",
        numerator="freigegebene Messreihen",
        denominator="alle Messreihen",
        source="Verzeichnis der Messreihen",
        compute=public_share,
        digits=1,
        method="OGC SensorThings API 1.1",
    ),
)
