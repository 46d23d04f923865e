"""What the waste app measures."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area


def monitored_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Containers with a fill level of the last 24 hours, in per cent of all containers."""
    [(seen, total)] = sources.ask(
        "waste.containers",
        "SELECT count(*) FILTER (WHERE seen_at > ?), count(*) FROM data",
        period.as_of - timedelta(hours=24),
    )
    return Figure.share(seen, total, reason=_("Es sind keine Behälter erfasst."))


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
)
