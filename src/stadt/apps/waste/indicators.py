"""What the waste app measures."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.apps.waste.queries import NEARLY_FULL
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

CONTAINERS = "waste.containers"
FRESH = timedelta(hours=24)
NO_CONTAINER = _("Es sind keine Behälter erfasst.")
NO_LEVEL = _("In den letzten 24 Stunden hat kein Behälter seinen Füllstand gemeldet.")
NO_QUARTER = _("Die Stadt hat noch keine Stadtteile.")

QUARTERS = "SELECT count(*) FROM places_place WHERE kind = 'quarter' AND (%s::bigint IS NULL OR %s IN (id, parent_id))"


def _within(place: Area | None) -> tuple[str, tuple[str, ...]]:
    """The condition that a container stands in a district or quarter; always true for the city."""
    if place is None or place.kind is PlaceKind.CITY:
        return "true", ()
    column = "district" if place.kind is PlaceKind.DISTRICT else "quarter"
    return f"{column} = ?", (place.name,)


def monitored_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Containers with a fill level of the last 24 hours, in per cent of all containers."""
    inside, values = _within(place)
    where = "" if place is None else f" WHERE {inside}"
    [(seen, total)] = sources.ask(
        CONTAINERS,
        f"SELECT count(*) FILTER (WHERE seen_at > ?), count(*) FROM data{where}",  # noqa: S608 - a constant
        period.as_of - FRESH,
        *values,
    )
    return Figure.share(seen, total, reason=NO_CONTAINER)


def full_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Containers at least four fifths full, in per cent of those that reported within 24 hours."""
    inside, values = _within(place)
    [(full, seen, simulated)] = sources.ask(
        CONTAINERS,
        f"SELECT count(*) FILTER (WHERE fill >= {NEARLY_FULL:.0f}), count(fill), bool_or(simulated) FROM data"  # noqa: S608 - a constant
        f" WHERE seen_at > ? AND {inside}",
        period.as_of - FRESH,
        *values,
    )
    return Figure.share(full, seen, reason=NO_LEVEL, simulated=bool(simulated))


def covered_quarters(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Quarters with at least one container that reported within 24 hours, in per cent of all quarters."""
    inside, values = _within(place)
    area = None if place is None or place.kind is PlaceKind.CITY else place.id
    [(covered, simulated)] = sources.ask(
        CONTAINERS,
        "SELECT count(DISTINCT quarter) FILTER (WHERE quarter <> ''), bool_or(simulated) FROM data"  # noqa: S608 - a constant
        f" WHERE seen_at > ? AND {inside}",
        period.as_of - FRESH,
        *values,
    )
    [(total,)] = sources.query(_("Stadtteile"), QUARTERS, area, area)
    return Figure.share(covered, total, reason=NO_QUARTER, simulated=bool(simulated))


MONITORED_SHARE = Indicator(
    key="waste.monitored_share",
    title=_("Anteil überwachter Abfallbehälter"),
    unit="%",
    description=_(
        "So viele der erfassten Abfallbehälter haben in den letzten 24 Stunden ihren Füllstand gemeldet."
    ),
    formula=_("Behälter mit Füllstand aus den letzten 24 Stunden ÷ alle erfassten Behälter × 100"),
    numerator=_("Behälter mit Füllstand aus den letzten 24 Stunden"),
    denominator=_("alle erfassten Behälter"),
    source=_("Datensatz „Abfallbehälter mit Füllstand“"),
    compute=monitored_share,
    period=PeriodKind.DAY,
    digits=1,
    by_area=True,
)

FULL_SHARE = Indicator(
    key="waste.full_share",
    title=_("Anteil der Abfallbehälter, die fast voll sind"),
    unit="%",
    description=_(
        "So viele der überwachten Abfallbehälter sind fast voll, also zu mindestens vier Fünfteln gefüllt."
    ),
    formula=_(
        "Behälter mit einem Füllstand von mindestens 80 % ÷ Behälter mit Füllstand aus den letzten 24 Stunden × 100"
    ),
    numerator=_("Behälter mit mindestens 80 % Füllstand"),
    denominator=_("Behälter mit Füllstand aus den letzten 24 Stunden"),
    source=_("Datensatz „Abfallbehälter mit Füllstand“"),
    compute=full_share,
    digits=1,
    by_area=True,
)

COVERED_QUARTERS = Indicator(
    key="waste.covered_quarters",
    title=_("Anteil der Stadtteile mit überwachten Abfallbehältern"),
    unit="%",
    description=_(
        "In so vielen Stadtteilen hat mindestens ein Abfallbehälter zuletzt seinen Füllstand gemeldet."
    ),
    formula=_(
        "Stadtteile mit mindestens einem Behälter mit Füllstand aus den letzten 24 Stunden ÷ alle Stadtteile × 100"
    ),
    numerator=_("Stadtteile mit überwachtem Behälter"),
    denominator=_("alle Stadtteile"),
    source=_("Datensatz „Abfallbehälter mit Füllstand“ und Gebiete der Stadt"),
    compute=covered_quarters,
    digits=1,
)
ALL = (MONITORED_SHARE, FULL_SHARE, COVERED_QUARTERS)
