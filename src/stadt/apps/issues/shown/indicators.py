"""What this app measures of reports, by month and area."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.civic.cases import reading
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

BACKFILL = 12
A_MOMENT = timedelta(microseconds=1)
DOOR = "melden"
NO_CLOSED = _("In diesem Monat ist keine Meldung mit Frist abgeschlossen.")
NO_TIMED = _("In diesem Monat ist keine veröffentlichte Meldung abgeschlossen.")
REGISTER = _("Vorgänge des Mängelmelders; gezählt wird ohne Angaben zu Personen")
PUBLISHED = _("Veröffentlichte Meldungen; gezählt wird ohne Angaben zu Personen")

RECEIVED = """
SELECT count(*), coalesce(bool_or(is_example), false) FROM cases_case
WHERE type_key = ANY(%s) AND NOT state = ANY(%s) AND received_at >= %s AND received_at < %s
AND (%s::bigint IS NULL OR %s IN (district_id, quarter_id))
"""
CLOSED = """
SELECT count(*) FILTER (WHERE in_time), count(in_time), count(*) FILTER (WHERE reopened > 0), count(*),
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY working_days))::float8, coalesce(bool_or(is_example), false)
FROM issues_publicissue
WHERE merged_into = '' AND closed_on >= %s AND closed_on <= %s
AND (%s::bigint IS NULL OR %s IN (district_id, quarter_id))
"""


def reports(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Reports received in the month, published or not; without those found to be spam or taken back."""
    types = [one for one in reading.types().values() if one.door == DOOR]
    hidden = sorted({state.key for one in types for state in one.states if not state.is_public})
    area = _id(place)
    [(count, simulated)] = sources.query(
        _("Meldungen des Monats"),
        RECEIVED,
        sorted(one.key for one in types),
        hidden,
        period.start,
        period.as_of,
        area,
        area,
    )
    return Figure(count, simulated=simulated)


def done_in_time_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Reports closed in the month within their deadline, in per cent of those closed that had one."""
    in_time, with_deadline, _reopened, _closed, _days, simulated = _closed_in(period, place, sources)
    return Figure.share(in_time, with_deadline, reason=NO_CLOSED, simulated=simulated)


def median_days(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Median of the working days from receipt to closing, over the reports closed in the month."""
    _in_time, _with_deadline, _reopened, closed, days, simulated = _closed_in(period, place, sources)
    if not closed or days is None:
        return Figure.missing(NO_TIMED)
    return Figure(days, denominator=closed, simulated=simulated)


def reopened_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Reports closed in the month that had been opened again before, in per cent of all closed."""
    _in_time, _with_deadline, reopened, closed, _days, simulated = _closed_in(period, place, sources)
    return Figure.share(reopened, closed, reason=NO_TIMED, simulated=simulated)


def _closed_in(
    period: Period, place: Area | None, sources: Sources
) -> tuple[int, int, int, int, float | None, bool]:
    area = _id(place)
    last = min(period.as_of, period.end - A_MOMENT).astimezone(period.start.tzinfo).date()
    [row] = sources.query(
        _("Abgeschlossene Meldungen des Monats"), CLOSED, period.start.date(), last, area, area
    )
    return row


def _id(place: Area | None) -> int | None:
    return None if place is None or place.kind is PlaceKind.CITY else place.id


ALL = (
    Indicator(
        key="issues.reports",
        title=_("Gemeldete Anliegen im Monat"),
        unit="1",
        description=_("So viele Anliegen sind im Monat über den Mängelmelder eingegangen."),
        formula=_("Anzahl der im Monat eingegangenen Meldungen ohne Spam und zurückgezogene"),
        source=REGISTER,
        compute=reports,
        period=PeriodKind.MONTH,
        digits=0,
        backfill=BACKFILL,
        by_area=True,
        additive=True,
    ),
    Indicator(
        key="issues.done_in_time_share",
        title=_("Anteil der Meldungen, die in der Frist abgeschlossen sind"),
        unit="%",
        description=_("So viele der im Monat abgeschlossenen Meldungen sind in ihrer Frist abgeschlossen."),
        formula=_("In der Frist abgeschlossene ÷ alle mit Frist abgeschlossenen Meldungen × 100"),
        numerator=_("in der Frist abgeschlossene Meldungen"),
        denominator=_("mit Frist abgeschlossene Meldungen"),
        source=PUBLISHED,
        compute=done_in_time_share,
        period=PeriodKind.MONTH,
        digits=1,
        backfill=BACKFILL,
        by_area=True,
    ),
    Indicator(
        key="issues.median_days",
        title=_("Dauer bis zum Abschluss einer Meldung"),
        unit="d",
        description=_("So viele Arbeitstage dauert es in der Mitte, bis eine Meldung abgeschlossen ist."),
        formula=_(
            "Median der Arbeitstage vom Eingang bis zum Abschluss ohne Wartezeit, über die im Monat abgeschlossenen Meldungen"
        ),
        denominator=_("abgeschlossene Meldungen"),
        source=PUBLISHED,
        compute=median_days,
        period=PeriodKind.MONTH,
        digits=1,
        backfill=BACKFILL,
        by_area=True,
    ),
    Indicator(
        key="issues.reopened_share",
        title=_("Anteil der wieder geöffneten Meldungen"),
        unit="%",
        description=_(
            "So viele der im Monat abgeschlossenen Meldungen waren davor schon einmal abgeschlossen."
        ),
        formula=_("Vorher wieder geöffnete ÷ alle im Monat abgeschlossenen Meldungen × 100"),
        numerator=_("wieder geöffnete Meldungen"),
        denominator=_("abgeschlossene Meldungen"),
        source=PUBLISHED,
        compute=reopened_share,
        period=PeriodKind.MONTH,
        digits=1,
        backfill=BACKFILL,
        by_area=True,
    ),
)
