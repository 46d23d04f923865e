"""How reliably the platform runs, and whether its protocol is whole."""

from datetime import timedelta

from stadt.apps.operations.sampling import EVERY
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

SEALED_AFTER = timedelta(hours=1)
LOOKED_BACK = timedelta(days=30)
NOT_RUNNING = "Der Betrieb ist noch nicht aufgezeichnet."
NO_ROW = "In den letzten 30 Tagen steht nichts im Protokoll."

# From the first sample ever or the month's beginning, whichever is later.
SAMPLES = """
SELECT count(*), (SELECT min(at) FROM operations_sample)
FROM operations_sample WHERE at >= %s AND at <= %s
"""
ROWS = """
SELECT count(s.entry_id), count(*) FROM core_auditentry e LEFT JOIN core_auditseal s ON s.entry_id = e.id
WHERE e.at > %s AND e.at <= %s
"""


def running_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Five-minute samples that were taken in the month so far, in per cent of those that should have been."""
    [(taken, begun)] = sources.query("Fünf-Minuten-Aufzeichnungen", SAMPLES, period.start, period.as_of)
    if begun is None or begun > period.as_of:
        return Figure.missing(NOT_RUNNING)
    since = max(begun, period.start)
    expected = (period.as_of - since) // EVERY + 1
    return Figure.share(min(taken, expected), expected, reason=NOT_RUNNING, simulated=False)


def sealed_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Rows of the protocol from thirty days until an hour ago that are sealed, in per cent."""
    [(sealed, total)] = sources.query(
        "Protokollzeilen der letzten 30 Tage", ROWS, period.as_of - LOOKED_BACK, period.as_of - SEALED_AFTER
    )
    return Figure.share(sealed, total, reason=NO_ROW, simulated=False)


ALL = (
    Indicator(
        key="operations.running_share",
        title="Verfügbarkeit der Plattform",
        unit="%",
        description="So lückenlos war die Plattform im laufenden Monat in Betrieb.",
        formula="Vorhandene Fünf-Minuten-Aufzeichnungen ÷ fällige Fünf-Minuten-Aufzeichnungen seit Monatsbeginn oder erstem Start × 100",
        numerator="vorhandene Aufzeichnungen",
        denominator="fällige Aufzeichnungen",
        source="Aufzeichnung des Betriebs, alle fünf Minuten",
        compute=running_share,
        period=PeriodKind.MONTH,
        digits=2,
    ),
    Indicator(
        key="operations.sealed_share",
        title="Anteil versiegelter Protokollzeilen",
        unit="%",
        description="So viele Zeilen des Protokolls sind gegen nachträgliche Änderung versiegelt.",
        formula="Versiegelte Protokollzeilen ÷ alle Protokollzeilen der letzten 30 Tage, die älter als eine Stunde sind × 100",
        numerator="versiegelte Protokollzeilen",
        denominator="Protokollzeilen",
        source="Protokoll der Plattform; gezählt wird, nicht gelesen",
        compute=sealed_share,
        digits=1,
    ),
)
