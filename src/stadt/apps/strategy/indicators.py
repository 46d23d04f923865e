"""What the strategy measures by itself because no other app owns it."""

from datetime import timedelta

import shapely
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.coverage import CELL_HEIGHT, cell_width, proven_coverage
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind
from stadt.hub.indicators.sources import Sources
from stadt.hub.places.queries import Area

HEARD_WITHIN = timedelta(days=7)

OUTLINE = """
SELECT encode(geometry, 'hex') FROM places_place
WHERE id = coalesce(%s, (SELECT min(id) FROM places_place WHERE kind = 'city'))
"""

# One row, so that a large city's cells are stored as one result.
CELLS_HEARD = """
WITH device AS (
    SELECT floor(d.lon / %s)::int AS cell_column,
           floor(d.lat / %s)::int AS cell_row,
           d.last_seen_at > %s AS is_heard,
           EXISTS (SELECT FROM observations_datastream s
                   LEFT JOIN observations_datastreamstate t ON t.datastream_id = s.id
                   WHERE s.thing_id = d.thing_id AND (s.is_simulated OR t.last_simulated)) AS is_simulated
    FROM ingest_device d
    WHERE d.enabled AND d.lon IS NOT NULL
)
SELECT count(*),
       coalesce(array_agg(DISTINCT cell_column || '/' || cell_row) FILTER (WHERE is_heard), '{}'),
       coalesce(bool_or(is_simulated) FILTER (WHERE is_heard), false)
FROM device
"""


def narrowband_coverage(period: Period, place: Area | None, sources: Sources) -> Figure:
    """Area of the 1-km cells from which a LoRaWAN device was heard within seven days, in per cent of the city's area."""
    found = sources.query(_("Umriss des Gebiets"), OUTLINE, place.id if place else None)
    if not found:
        return Figure.missing(_("Die Stadt hat noch keinen Umriss."))
    outline = shapely.from_wkb(bytes.fromhex(found[0][0]))
    [(devices, cells, is_simulated)] = sources.query(
        _("Rasterzellen mit einem Funksensor, der in den letzten sieben Tagen empfangen wurde"),
        CELLS_HEARD,
        cell_width(outline),
        CELL_HEIGHT,
        period.as_of - HEARD_WITHIN,
    )
    if not devices:
        return Figure.missing(_("Noch ist kein Funksensor mit bekanntem Standort angeschlossen."))
    coverage = proven_coverage(outline, [_cell(text) for text in cells])
    return Figure.share(
        coverage.covered_km2,
        coverage.whole_km2,
        reason=_("Die Stadt hat noch keinen Umriss."),
        simulated=is_simulated,
    )


def _cell(text: str) -> tuple[int, int]:
    column, row = text.split("/")
    return int(column), int(row)


NARROWBAND_COVERAGE = Indicator(
    key="strategy.narrowband_coverage",
    title=_("Nachgewiesene Netzabdeckung im Schmalband (LoRaWAN)"),
    unit="%",
    description=_(
        "So viel der Stadtfläche liegt in Rasterzellen, aus denen in den letzten sieben Tagen mindestens ein"
        " Funksensor empfangen wurde. Das ist eine untere Grenze: Wo kein Sensor steht, kann das Netz auch reichen."
    ),
    formula=_(
        "Fläche der Rasterzellen (rund 1 km × 1 km) mit empfangenem Funksensor ÷ Fläche der Stadt × 100"
    ),
    numerator=_("Fläche der Rasterzellen mit empfangenem Funksensor, in km²"),
    denominator=_("Fläche der Stadt nach ihrem Umriss, in km²"),
    source=_("Geräteverzeichnis der Plattform und Umriss der Stadt"),
    compute=narrowband_coverage,
    period=PeriodKind.DAY,
    digits=1,
)
