"""How the city answers wishes for data."""

from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

NO_REQUEST = "In diesem Jahr ist noch kein Datenwunsch eingegangen."
NO_ANSWER = "In diesem Jahr ist noch kein Datenwunsch bearbeitet."
REGISTER = "Verzeichnis der Datenwünsche; gezählt wird ohne Angaben zu Personen"

REQUESTS = """
SELECT count(*), count(*) FILTER (WHERE state = 'fulfilled' AND decided_at <= %s), coalesce(bool_or(is_simulated), false)
FROM reuse_datarequest WHERE told_at >= %s AND told_at <= %s
"""
DAYS = """
SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - told_at)) / 86400)::float8,
       count(*), coalesce(bool_or(is_simulated), false)
FROM reuse_datarequest
WHERE state IN ('fulfilled', 'impossible', 'declined') AND decided_at >= %s AND decided_at <= %s
"""


def _requests(period: Period, sources: Sources) -> tuple[int, int, bool]:
    """Requests received in the year so far, those of them that are fulfilled, and whether one is made up."""
    [(received, fulfilled, simulated)] = sources.query(
        "Datenwünsche des Jahres", REQUESTS, period.as_of, period.start, period.as_of
    )
    return received, fulfilled, simulated


def requests(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Wishes for data received in the year so far."""
    received, _fulfilled, simulated = _requests(period, sources)
    return Figure(received, simulated=simulated)


def fulfilled_requests(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Those of them that are fulfilled by now."""
    _received, fulfilled, simulated = _requests(period, sources)
    return Figure(fulfilled, simulated=simulated)


def fulfilled_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """The fulfilled ones in per cent of all received."""
    received, fulfilled, simulated = _requests(period, sources)
    return Figure.share(fulfilled, received, reason=NO_REQUEST, simulated=simulated)


def answer_days(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Median of the days from a wish to its latest decision, over all decided in the year so far."""
    [(days, count, simulated)] = sources.query("Dauer bis zur Entscheidung", DAYS, period.start, period.as_of)
    if not count:
        return Figure.missing(NO_ANSWER)
    return Figure(days, denominator=count, simulated=simulated)


ALL = (
    Indicator(
        key="reuse.requests",
        title="Datenwünsche im Jahr",
        unit="1",
        description="So viele Wünsche nach offenen Daten sind im laufenden Jahr eingegangen.",
        formula="Anzahl der im Jahr eingegangenen Datenwünsche",
        source=REGISTER,
        compute=requests,
        period=PeriodKind.YEAR,
        digits=0,
    ),
    Indicator(
        key="reuse.fulfilled_requests",
        title="Erfüllte Datenwünsche im Jahr",
        unit="1",
        description="So viele der im laufenden Jahr eingegangenen Datenwünsche sind erfüllt.",
        formula="Anzahl der im Jahr eingegangenen Datenwünsche im Zustand „erfüllt“",
        source=REGISTER,
        compute=fulfilled_requests,
        period=PeriodKind.YEAR,
        digits=0,
    ),
    Indicator(
        key="reuse.fulfilled_share",
        title="Anteil erfüllter Datenwünsche",
        unit="%",
        description="So viele der im laufenden Jahr eingegangenen Datenwünsche sind erfüllt.",
        formula="Erfüllte ÷ alle im Jahr eingegangenen Datenwünsche × 100",
        numerator="erfüllte Datenwünsche",
        denominator="eingegangene Datenwünsche",
        source=REGISTER,
        compute=fulfilled_share,
        period=PeriodKind.YEAR,
        digits=1,
    ),
    Indicator(
        key="reuse.answer_days",
        title="Dauer bis zur Antwort auf einen Datenwunsch",
        unit="d",
        description="So lange dauert es in der Mitte, bis über einen Datenwunsch entschieden ist.",
        formula="Median der Tage vom Eingang bis zur letzten Entscheidung, über alle im Jahr entschiedenen Datenwünsche",
        denominator="entschiedene Datenwünsche",
        source=REGISTER,
        compute=answer_days,
        period=PeriodKind.YEAR,
        digits=1,
    ),
)
