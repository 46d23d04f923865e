"""What the intake measures about the city's sensors: how many report, how fast, and who delivers."""

from datetime import timedelta

from stadt.hub.indicators.declaration import Figure, Indicator, Period
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

PUNCTUAL_WITHIN = timedelta(minutes=5)
DAY = timedelta(days=1)
DELIVERING_WITHIN = timedelta(days=7)
NO_DEVICE = "Noch ist kein Sensor angeschlossen."
NO_MESSAGE = "In den letzten 24 Stunden ist keine Nachricht eingegangen, oder es werden keine aufbewahrt."

# A device is simulated when a datastream of its Thing is, or when its newest reading was.
SIMULATED = (
    "EXISTS (SELECT FROM observations_datastream s LEFT JOIN observations_datastreamstate t ON t.datastream_id = s.id"
    " WHERE s.thing_id = d.thing_id AND (s.is_simulated OR t.last_simulated))"
)
DEVICES = f"""
SELECT count(*) FILTER (WHERE d.last_seen_at > %s - make_interval(hours => s.silent_after_hours)),
       count(*) FILTER (WHERE d.lon IS NOT NULL), count(*), coalesce(bool_or({SIMULATED}), false)
FROM ingest_device d JOIN ingest_source s ON s.id = d.source_id
WHERE d.enabled AND s.enabled AND d.created_at <= %s
"""  # noqa: S608 - a constant
MESSAGES = """
SELECT count(*) FILTER (WHERE received_at - time <= make_interval(secs => %s)), count(*), coalesce(bool_or(simulated), false)
FROM ingest_rawframe WHERE received_at > %s AND received_at <= %s
"""
DELIVERING = f"""
SELECT count(DISTINCT s.organisation_id),
       coalesce(bool_or(EXISTS (SELECT FROM ingest_device d WHERE d.source_id = s.id AND {SIMULATED})), false)
FROM ingest_source s JOIN ingest_sourcestate t ON t.source_id = s.id
WHERE s.enabled AND t.last_message_at > %s AND t.last_message_at <= %s
"""  # noqa: S608 - a constant


def _devices(period: Period, sources: Sources) -> tuple[int, int, int, bool]:
    """Reporting, placed and all enabled devices of enabled sources, and whether one of them is simulated."""
    [(alive, placed, total, simulated)] = sources.query(
        "Geräte nach letzter Nachricht und Standort", DEVICES, period.as_of, period.as_of
    )
    return alive, placed, total, simulated


def reporting_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Devices heard within the hours after which their source counts as silent, in per cent of all enabled ones."""
    alive, _placed, total, simulated = _devices(period, sources)
    return Figure.share(alive, total, reason=NO_DEVICE, simulated=simulated)


def placed_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Devices whose place is known, in per cent of all enabled ones."""
    _alive, placed, total, simulated = _devices(period, sources)
    return Figure.share(placed, total, reason=NO_DEVICE, simulated=simulated)


def punctual_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Messages of the last 24 hours that arrived within five minutes of their measurement, in per cent."""
    [(punctual, total, simulated)] = sources.query(
        "Nachrichten der letzten 24 Stunden",
        MESSAGES,
        PUNCTUAL_WITHIN.total_seconds(),
        period.as_of - DAY,
        period.as_of,
    )
    return Figure.share(punctual, total, reason=NO_MESSAGE, simulated=simulated)


def delivering_organisations(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Organisations whose sources sent something within seven days."""
    [(count, simulated)] = sources.query(
        "Stellen mit liefernder Datenquelle", DELIVERING, period.as_of - DELIVERING_WITHIN, period.as_of
    )
    return Figure(count, simulated=simulated)


REPORTING_SHARE = Indicator(
    key="ingest.reporting_share",
    title="Anteil der Sensoren, die sich melden",
    unit="%",
    description="So viele der angeschlossenen Sensoren haben sich zuletzt rechtzeitig gemeldet.",
    formula="Eingeschaltete Geräte, deren letzte Nachricht jünger ist als die Stunden, nach denen ihre Quelle als verstummt gilt ÷ alle eingeschalteten Geräte × 100",
    numerator="Geräte, die sich rechtzeitig gemeldet haben",
    denominator="alle eingeschalteten Geräte",
    source="Geräteverzeichnis der Plattform",
    compute=reporting_share,
    digits=1,
)
PLACED_SHARE = Indicator(
    key="ingest.placed_share",
    title="Anteil der Sensoren mit bekanntem Standort",
    unit="%",
    description="Von so vielen Sensoren ist bekannt, wo sie stehen; nur diese erscheinen auf der Karte.",
    formula="Eingeschaltete Geräte mit Koordinaten ÷ alle eingeschalteten Geräte × 100",
    numerator="Geräte mit Koordinaten",
    denominator="alle eingeschalteten Geräte",
    source="Geräteverzeichnis der Plattform",
    compute=placed_share,
    digits=1,
)
PUNCTUAL_SHARE = Indicator(
    key="ingest.punctual_share",
    title="Pünktlichkeit der Messwerte",
    unit="%",
    description="So viele Nachrichten von Sensoren kamen in den letzten 24 Stunden höchstens fünf Minuten nach der Messung an.",
    formula="Nachrichten, die höchstens fünf Minuten nach ihrer Messzeit eingingen ÷ alle angenommenen Nachrichten der letzten 24 Stunden × 100",
    numerator="Nachrichten innerhalb von fünf Minuten",
    denominator="angenommene Nachrichten der letzten 24 Stunden",
    source="Aufbewahrte Nachrichten der Sensoren; Quellen, die keine aufbewahren, zählen nicht mit",
    compute=punctual_share,
    digits=1,
)
DELIVERING_ORGANISATIONS = Indicator(
    key="ingest.delivering_organisations",
    title="Stellen, die Messwerte liefern",
    unit="1",
    description="So viele Stellen haben in den letzten sieben Tagen Messwerte ihrer Sensoren eingeliefert.",
    formula="Anzahl der verschiedenen Stellen, deren eingeschaltete Datenquellen in den letzten sieben Tagen mindestens eine Nachricht sandten",
    source="Verzeichnis der Datenquellen",
    compute=delivering_organisations,
    digits=0,
)
ALL = (REPORTING_SHARE, PLACED_SHARE, PUNCTUAL_SHARE, DELIVERING_ORGANISATIONS)
