"""How punctually datasets are brought up to date."""

from stadt.hub.datasets import queries
from stadt.hub.indicators.declaration import Figure, Indicator, Period
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

NOTHING_DECLARED = "Es sind keine Datensätze eingerichtet."

# Twice the interval: one that is looked at a little late is not late for its readers.
PUNCTUAL = """
SELECT count(*) FILTER (WHERE p.error = '' AND p.checked_at > %s - 2 * make_interval(secs => declared.seconds)), count(*)
FROM unnest(%s::text[], %s::float8[]) AS declared (dataset, seconds)
LEFT JOIN datasets_publicationstate p ON p.dataset = declared.dataset
"""


def punctual_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Public datasets of the apps that were checked within twice their interval and without error, in per cent."""
    declared = [dataset for dataset in queries.list_declared() if dataset.kept is None]
    [(punctual, total)] = sources.query(
        "Datensätze nach ihrer letzten Prüfung",
        PUNCTUAL,
        period.as_of,
        [dataset.key for dataset in declared],
        [dataset.refresh.total_seconds() for dataset in declared],
    )
    return Figure.share(punctual, total, reason=NOTHING_DECLARED, simulated=False)


PUNCTUAL_SHARE = Indicator(
    key="datasets.punctual_share",
    title="Anteil pünktlich aktualisierter Datensätze",
    unit="%",
    description="So viele der laufend erzeugten offenen Datensätze wurden rechtzeitig und ohne Fehler auf neue Daten geprüft.",
    formula="Öffentliche Datensätze der Anwendungen, deren letzte fehlerfreie Prüfung höchstens zwei Aktualisierungsabstände her ist ÷ alle öffentlichen Datensätze der Anwendungen × 100",
    numerator="rechtzeitig und fehlerfrei geprüfte Datensätze",
    denominator="öffentliche Datensätze der Anwendungen",
    source="Verwaltung der Datensätze auf dieser Plattform; von Ämtern gelieferte zählen nicht mit, sie haben eigene Termine",
    compute=punctual_share,
    digits=1,
)
