"""How the city's open data is used, and how broad it is."""

from datetime import timedelta

from stadt.apps.catalogue.indicators import LINKED, NOTHING_DECLARED, PLATFORM, PUBLISHED
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import Theme
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

USED_WITHIN = timedelta(days=30)
NOT_USED = "In diesem Monat wurde noch nichts abgerufen."
NOTHING_PUBLISHED = "Noch ist kein Datensatz veröffentlicht."

BY_DOOR = (
    "SELECT coalesce(sum(count) FILTER (WHERE format = 'api'), 0)::bigint, coalesce(sum(count), 0)::bigint"
    " FROM datasets_accesscount WHERE day >= %s AND day < %s"
)
USED = (
    "SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM datasets_accesscount a"  # noqa: S608 - constants
    " WHERE a.dataset = published.dataset AND a.day > %s AND a.day <= %s)), count(*),"
    f" coalesce(bool_or(is_simulated), false) FROM (({PUBLISHED}) UNION ALL ({LINKED})) AS published"
)
THEMES = (
    "SELECT count(DISTINCT declared.theme), coalesce(bool_or(is_simulated), false)"  # noqa: S608 - constants
    " FROM unnest(%s::text[], %s::text[]) AS declared (key, theme)"
    f" JOIN (({PUBLISHED}) UNION ALL ({LINKED})) AS published ON published.dataset = declared.key"
)


def interface_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Accesses of the month so far that came through the interface, in per cent of all."""
    [(calls, total)] = sources.query(
        "Zugriffe nach ihrem Weg", BY_DOOR, period.start.date(), period.end.date()
    )
    return Figure.share(calls, total, reason=NOT_USED, simulated=False)


def used_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Published datasets that somebody fetched within thirty days, in per cent of all that are published."""
    today = period.as_of.astimezone(period.start.tzinfo).date()
    [(used, total, simulated)] = sources.query(
        "Veröffentlichte Datensätze mit Zugriffen",
        USED,
        today - USED_WITHIN,
        today,
        [dataset.key for dataset in queries.list_declared()],
        period.as_of,
        period.as_of,
    )
    return Figure.share(used, total, reason=NOTHING_PUBLISHED, simulated=simulated)


def theme_share(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Themes of the EU's list that a published dataset has, in per cent of its thirteen."""
    declared = queries.list_declared()
    keys = [dataset.key for dataset in declared]
    [(count, simulated)] = sources.query(
        "Themen veröffentlichter Datensätze",
        THEMES,
        keys,
        [dataset.theme.name for dataset in declared],
        keys,
        period.as_of,
        period.as_of,
    )
    return Figure.share(count, len(Theme), reason=NOTHING_DECLARED, simulated=simulated)


ALL = (
    Indicator(
        key="catalogue.interface_share",
        title="Anteil der Zugriffe über die Schnittstelle",
        unit="%",
        description="So oft werden offene Daten von Programmen abgefragt statt von Hand heruntergeladen.",
        formula="Schnittstellenabfragen ÷ alle Zugriffe des Kalendermonats × 100, ohne Programme, die sich als Roboter ausweisen",
        numerator="Schnittstellenabfragen",
        denominator="Downloads und Schnittstellenabfragen",
        source="Zugriffszählung der Plattform; gezählt werden Datensatz, Format und Tag, keine Personen und keine Adressen",
        compute=interface_share,
        period=PeriodKind.MONTH,
        digits=1,
    ),
    Indicator(
        key="catalogue.used_share",
        title="Anteil genutzter Datensätze",
        unit="%",
        description="So viele der veröffentlichten Datensätze hat in den letzten 30 Tagen jemand abgerufen.",
        formula="Veröffentlichte Datensätze mit mindestens einem Zugriff in den letzten 30 Tagen ÷ alle veröffentlichten Datensätze × 100",
        numerator="Datensätze mit Zugriff",
        denominator="veröffentlichte Datensätze",
        source="Zugriffszählung der Plattform; gezählt werden Datensatz, Format und Tag, keine Personen und keine Adressen",
        compute=used_share,
        digits=1,
    ),
    Indicator(
        key="catalogue.theme_share",
        title="Anteil der Themen mit offenen Daten",
        unit="%",
        description="Zu so vielen der dreizehn europäischen Themen stellt die Stadt mindestens einen Datensatz bereit.",
        formula="Themen mit mindestens einem veröffentlichten Datensatz ÷ 13 Themen × 100",
        numerator="Themen mit veröffentlichtem Datensatz",
        denominator="Themen der EU-Liste „data-theme“",
        source=PLATFORM,
        compute=theme_share,
        digits=1,
        method="DCAT-AP.de, EU-Liste „data-theme“",
    ),
)
