"""What this app publishes as open data: reports without any words of people, and their figures by area and month."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from stadt.apps.issues.shown.queries import all_public
from stadt.core.city import current
from stadt.core.database.reading import read_public
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Date,
    Geometry,
    Integer,
    Licence,
    Number,
    Text,
    Theme,
)
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import area_names, list_areas

MONTHLY = """
SELECT area, month::date AS month, sum(received)::int AS received, sum(done)::int AS done,
       sum(closed)::int AS closed, sum(in_time)::int AS in_time, sum(with_deadline)::int AS with_deadline,
       sum(reopened)::int AS reopened,
       (percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::float8 AS median_days, bool_or(is_example) AS simulated
FROM (
    SELECT {area} AS area, date_trunc('month', received_on) AS month, 1 AS received, 0 AS done, 0 AS closed,
           0 AS in_time, 0 AS with_deadline, 0 AS reopened, NULL::int AS days, is_example
    FROM issues_publicissue WHERE merged_into = ''
    UNION ALL
    SELECT {area}, date_trunc('month', closed_on), 0, (face = 'done')::int, 1, coalesce(in_time, false)::int,
           (in_time IS NOT NULL)::int, (reopened > 0)::int, working_days, is_example
    FROM issues_publicissue WHERE merged_into = '' AND closed_on IS NOT NULL
) AS counted
WHERE area IS NOT NULL AND month < date_trunc('month', %s::date)
GROUP BY 1, 2 ORDER BY 1, 2
"""


def report_rows() -> Iterator[dict[str, Any]]:
    """One row for each published report that was not merged into another."""
    names = _all_names()
    for issue in all_public():
        if issue.merged_into:
            continue
        yield {
            "reference": issue.reference,
            "category": issue.category,
            "face": issue.face,
            "received_on": issue.received_on,
            "planned_for": issue.planned_for,
            "closed_on": issue.closed_on,
            "working_days": issue.working_days,
            "in_time": issue.in_time,
            "reopened": issue.reopened,
            "supports": issue.weight,
            "not_fixed": issue.not_fixed,
            "quarter": names.get(issue.quarter_id or 0),
            "district": names.get(issue.district_id or 0),
            "simulated": issue.is_example,
            "geom": issue.point,
        }


def monthly_rows() -> Iterator[dict[str, Any]]:
    """One row for each area and each month that is over: the city, its districts and its quarters."""
    today = timezone.localdate()
    names = _all_names()
    for level, column in (("city", "0"), ("district", "district_id"), ("quarter", "quarter_id")):
        for row in read_public(MONTHLY.format(area=column), [today]):
            number = row.pop("area")
            name = current().name if level == "city" else names.get(number)
            if name is not None:
                yield {"level": level, "area": name, **row}


def _all_names() -> dict[int, str]:
    areas = [*list_areas(PlaceKind.DISTRICT), *list_areas(PlaceKind.QUARTER)]
    return area_names([area.id for area in areas])


REPORTS = Dataset(
    key="issues.reports",
    title=_("Meldungen aus der Stadt"),
    description=_(
        "Was der Stadt gemeldet wurde, mit Thema, Stand, Tagen und auf etwa zehn Meter gerundetem Ort. Ohne Texte, Fotos und Angaben zu Menschen."
    ),
    rows=report_rows,
    columns=(
        Column("reference", Text, _("Nummer")),
        Column("category", Text, _("Thema"), description=_("Schlüssel des Themas")),
        Column(
            "face",
            Text,
            _("Stand"),
            description=_("received, checking, planned, done oder not_possible"),
        ),
        Column("received_on", Date, _("gemeldet am")),
        Column("planned_for", Date, _("eingeplant für")),
        Column("closed_on", Date, _("abgeschlossen am")),
        Column(
            "working_days",
            Integer,
            _("Arbeitstage"),
            unit="d",
            description=_("Arbeitstage ohne Wartezeit auf Antworten"),
        ),
        Column("in_time", Boolean, _("in der Frist"), description=_("leer: offen oder ohne Frist")),
        Column("reopened", Integer, _("wieder geöffnet"), description=_("wie oft")),
        Column("supports", Integer, _("Ich auch"), description=_("wie viele Menschen zustimmten")),
        Column("not_fixed", Integer, _("nicht erledigt"), description=_("wie viele Menschen widersprachen")),
        Column("quarter", Text, _("Stadtteil")),
        Column("district", Text, _("Stadtbezirk")),
        Column("simulated", Boolean, _("simuliert"), description=_("erfunden (Demo)")),
        Column("geom", Geometry, _("Ort")),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(hours=1),
    simulated="simulated",
    order="reference",
    keywords=(_("Mängelmelder"), _("Meldungen"), _("Open311")),
    layer="issues.reports",
)

MONTHLY_FIGURES = Dataset(
    key="issues.monthly",
    title=_("Meldungen nach Gebiet und Monat"),
    description=_(
        "Wie viel in jedem Monat gemeldet und erledigt wurde und wie lange es dauerte, für die Stadt, ihre Bezirke und Stadtteile."
    ),
    rows=monthly_rows,
    columns=(
        Column("level", Text, _("Ebene"), description=_("city, district oder quarter")),
        Column("area", Text, _("Gebiet")),
        Column("month", Date, _("Monat"), description=_("erster Tag des Monats")),
        Column("received", Integer, _("gemeldet")),
        Column("done", Integer, _("erledigt")),
        Column("closed", Integer, _("abgeschlossen"), description=_("erledigt oder nicht möglich")),
        Column("in_time", Integer, _("in der Frist abgeschlossen")),
        Column("with_deadline", Integer, _("mit Frist abgeschlossen")),
        Column("reopened", Integer, _("wieder geöffnete unter den abgeschlossenen")),
        Column(
            "median_days", Number, _("Dauer in der Mitte"), unit="d", description=_("Median der Arbeitstage")
        ),
        Column("simulated", Boolean, _("simuliert"), description=_("erfundene Meldungen (Demo) sind dabei")),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_BY_2,
    refresh=timedelta(days=1),
    simulated="simulated",
    order="month",
    keywords=(_("Mängelmelder"), _("Meldungen")),
)
ALL = (REPORTS, MONTHLY_FIGURES)
