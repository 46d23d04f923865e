"""What the catalogue counts about itself."""

from stadt.apps.reuse import public as reuse
from stadt.hub.datasets import queries
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

PLATFORM = "Verwaltung der Datensätze auf dieser Plattform"
NOTHING_DECLARED = "Es sind keine Datensätze eingerichtet."
NOTHING_COMPUTED = "Noch keine Kennzahl ist aus Datensätzen berechnet."

# For each public dataset with a snapshot at that time whether its newest one then held simulated rows; and those that are
# only linked since then.
PUBLISHED = (
    "SELECT DISTINCT ON (dataset) dataset, simulated_count > 0 AS is_simulated FROM datasets_snapshot"
    " WHERE dataset = ANY(%s) AND published_at < %s ORDER BY dataset, number DESC"
)
LINKED = (
    "SELECT key AS dataset, is_simulated FROM datasets_keptdataset"
    " WHERE live_access = 'public' AND live ->> 'kind' = 'link' AND approved_at < %s"
)

# For each indicator whose newest value then was computed from datasets: from how many organisations' datasets.
JOINED = """
SELECT count(*) FILTER (WHERE organisations > 1), count(*), coalesce(bool_or(simulated), false) FROM (
    SELECT newest.key, bool_or(newest.simulated) AS simulated, count(DISTINCT declared.publisher) AS organisations
    FROM (
        SELECT DISTINCT ON (key) key, inputs, simulated FROM indicators_indicatorvalue
        WHERE place_id IS NULL AND value IS NOT NULL AND superseded_at IS NULL AND as_of < %s
        ORDER BY key, period_start DESC, series, dimension
    ) AS newest
    CROSS JOIN LATERAL jsonb_array_elements(newest.inputs) AS input
    JOIN unnest(%s::text[], %s::text[]) AS declared (dataset, publisher) ON declared.dataset = input ->> 'dataset'
    GROUP BY newest.key
) AS products
"""


def _published(period: Period, sources: Sources) -> tuple[int, bool]:
    keys = [dataset.key for dataset in queries.list_declared()]
    [(count, is_simulated)] = sources.query(
        "Veröffentlichte Datensätze",
        "SELECT count(*), coalesce(bool_or(is_simulated), false)"  # noqa: S608 - constants
        f" FROM (({PUBLISHED}) UNION ALL ({LINKED})) AS published",
        keys,
        period.as_of,
        period.as_of,
    )
    return count, is_simulated


def published_datasets(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Public datasets with a snapshot at the end of the period, and linked ones."""
    count, is_simulated = _published(period, sources)
    return Figure(count, simulated=is_simulated)


def published_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Those by all datasets in the inventory: declared by apps, and kept by offices in whatever state."""
    declared = [item for item in queries.list_declared(public_only=False) if item.kept is None]
    [(total,)] = sources.query(
        "Datensätze im Bestand",
        "SELECT cardinality(%s::text[]) + (SELECT count(*) FROM datasets_keptdataset WHERE state <> 'withdrawn')",
        [dataset.key for dataset in declared],
    )
    count, is_simulated = _published(period, sources)
    return Figure.share(count, total, reason=NOTHING_DECLARED, simulated=is_simulated)


def accesses(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Downloads and API calls of the month so far; robots are not counted."""
    [(total,)] = sources.query(
        "Zugriffe",
        "SELECT coalesce(sum(count), 0)::bigint FROM datasets_accesscount WHERE day >= %s AND day < %s",
        period.start.date(),
        period.end.date(),
    )
    return Figure(total, simulated=False)


def registered_applications(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Applications in the public register at that time, and tokens valid then; those of sensor sources deliver data."""
    [(registered, is_simulated)] = sources.query(
        "Anwendungen im Verzeichnis", reuse.REGISTERED, period.as_of, period.as_of
    )
    [(tokens,)] = sources.query(
        "Gültige Zugangstoken",
        "SELECT count(*) FROM core_apitoken WHERE created_at <= %s AND expires_at > %s"
        " AND (revoked_at IS NULL OR revoked_at > %s) AND subject NOT LIKE %s",
        period.as_of,
        period.as_of,
        period.as_of,
        "source:%",
    )
    return Figure(registered + tokens, simulated=is_simulated)


def source_organisations(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Different publishers of datasets with a snapshot at that time."""
    declared = queries.list_declared()
    [(count, is_simulated)] = sources.query(
        "Herausgeber veröffentlichter Datensätze",
        "SELECT count(DISTINCT publisher), coalesce(bool_or(is_simulated), false)"  # noqa: S608 - a constant
        f" FROM unnest(%s::text[], %s::text[]) AS declared (key, publisher)"
        f" JOIN (({PUBLISHED}) UNION ALL ({LINKED})) AS published"
        " ON published.dataset = declared.key",
        [dataset.key for dataset in declared],
        [queries.publisher_of(dataset) for dataset in declared],
        [dataset.key for dataset in declared],
        period.as_of,
        period.as_of,
    )
    return Figure(count, simulated=is_simulated)


def joined_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Indicators computed from datasets of at least two organisations, by all that are computed from datasets."""
    declared = queries.list_declared(public_only=False)
    [(joined, total, is_simulated)] = sources.query(
        "Kennzahlen nach der Zahl der Stellen, aus deren Datensätzen sie berechnet sind",
        JOINED,
        period.as_of,
        [dataset.key for dataset in declared],
        [queries.publisher_of(dataset) for dataset in declared],
    )
    return Figure.share(joined, total, reason=NOTHING_COMPUTED, simulated=is_simulated)


PUBLISHED_DATASETS = Indicator(
    key="catalogue.published_datasets",
    title="Veröffentlichte Datensätze",
    unit="1",
    description="So viele Datensätze stellt die Stadt über diese Plattform frei bereit.",
    formula="Anzahl der öffentlichen Datensätze, von denen mindestens ein Stand veröffentlicht ist oder die verlinkt sind",
    source=PLATFORM,
    compute=published_datasets,
    version=2,
    digits=0,
)

PUBLISHED_SHARE = Indicator(
    key="catalogue.published_share",
    title="Anteil veröffentlichter Datensätze",
    unit="%",
    description="So viel des Bestands an Datensätzen dieser Plattform ist frei verfügbar.",
    formula="Veröffentlichte Datensätze durch alle Datensätze im Bestand: von Anwendungen eingerichtete und von Ämtern gepflegte, auch Entwürfe und interne",
    numerator="Veröffentlichte Datensätze",
    denominator="Datensätze im Bestand",
    source=PLATFORM,
    compute=published_share,
    version=2,
    digits=1,
)

ACCESSES = Indicator(
    key="catalogue.accesses",
    title="Zugriffe auf offene Daten",
    unit="1",
    description="So oft wurden offene Daten im Monat heruntergeladen oder über die Schnittstelle abgefragt.",
    formula="Summe der Downloads und Schnittstellenabfragen im Kalendermonat, ohne Programme, die sich als Roboter ausweisen",
    source="Zugriffszählung der Plattform; gezählt werden Datensatz, Format und Tag, keine Personen und keine Adressen",
    compute=accesses,
    period=PeriodKind.MONTH,
    digits=0,
)

REGISTERED_APPLICATIONS = Indicator(
    key="catalogue.registered_applications",
    title="Registrierte Anwendungen",
    unit="1",
    description="So viele Anwendungen nutzen die Daten der Stadt, soweit sie eingetragen sind.",
    formula="Anwendungen im öffentlichen Verzeichnis und gültige Zugangstoken, ohne die Token der Datenquellen, die Messwerte einliefern",
    source="Verzeichnis der Anwendungen und der Zugangstoken",
    compute=registered_applications,
    version=2,
    digits=0,
)

SOURCE_ORGANISATIONS = Indicator(
    key="catalogue.source_organisations",
    title="Datengebende Stellen",
    unit="1",
    description="So viele Stellen veröffentlichen mindestens einen Datensatz.",
    formula="Anzahl der verschiedenen Herausgeber öffentlicher Datensätze mit mindestens einem veröffentlichten Stand",
    source=PLATFORM,
    compute=source_organisations,
    version=2,
    digits=0,
)

JOINED_SHARE = Indicator(
    key="catalogue.joined_share",
    title="Anteil der Kennzahlen aus Daten mehrerer Stellen",
    unit="%",
    description="So oft bringt die Plattform Daten verschiedener Stellen zu einer Kennzahl zusammen.",
    formula="Kennzahlen, deren neuester Wert aus Datensätzen von mindestens zwei Herausgebern berechnet ist, durch alle Kennzahlen, deren neuester Wert aus Datensätzen berechnet ist",
    numerator="Kennzahlen aus Daten mehrerer Stellen",
    denominator="Kennzahlen aus Datensätzen",
    source="Herkunft der Kennzahlen auf dieser Plattform",
    compute=joined_share,
    counts_others=True,
    digits=1,
)

ALL = (
    PUBLISHED_DATASETS,
    PUBLISHED_SHARE,
    ACCESSES,
    REGISTERED_APPLICATIONS,
    SOURCE_ORGANISATIONS,
    JOINED_SHARE,
)
