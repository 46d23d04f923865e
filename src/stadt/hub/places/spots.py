"""Writes of spots: addresses, streets, stops and sites, all of a delivery or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from stadt.core.audit import record
from stadt.core.city import current
from stadt.core.errors import FieldError, Invalid
from stadt.core.events import publish
from stadt.core.manifest import Permission
from stadt.core.registry import registry
from stadt.hub.places.events import AreasImported, SpotsImported
from stadt.hub.places.models import PlaceKind, Spot, SpotKind
from stadt.hub.places.queries import assign
from stadt.hub.places.spot_files import SpotRow, read_spots
from stadt.hub.places.spot_words import fold_words

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor

IMPORT_SPOTS = Permission("places.import_spots", gettext_noop("Adressen und Haltestellen einlesen"))
STREET_ID = "street:"
IN_ONE_STATEMENT = 10_000

UPSERT = """
INSERT INTO places_spot AS s (kind, name, street, house_number, postcode, town, folded, lon, lat, district_id, quarter_id,
                              external_id, is_simulated, source, licence, changed_at)
SELECT r.*, %s, %s, %s FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                                   %s::float8[], %s::float8[], %s::bigint[], %s::bigint[], %s::text[], %s::bool[]) r
ON CONFLICT (source, external_id) DO UPDATE
SET (kind, name, street, house_number, postcode, town, folded, lon, lat, district_id, quarter_id, licence, is_simulated, changed_at)
    = (excluded.kind, excluded.name, excluded.street, excluded.house_number, excluded.postcode, excluded.town,
       excluded.folded, excluded.lon, excluded.lat, excluded.district_id, excluded.quarter_id, excluded.licence,
       excluded.is_simulated, excluded.changed_at)
WHERE (s.kind, s.name, s.street, s.house_number, s.postcode, s.town, s.folded, s.lon, s.lat, s.district_id, s.quarter_id,
       s.licence, s.is_simulated)
   IS DISTINCT FROM (excluded.kind, excluded.name, excluded.street, excluded.house_number, excluded.postcode,
       excluded.town, excluded.folded, excluded.lon, excluded.lat, excluded.district_id, excluded.quarter_id,
       excluded.licence, excluded.is_simulated)
RETURNING (xmax = 0)
"""

# A street's point is that of its address nearest to the middle of all, so that it lies on the street.
STREETS = """
SELECT DISTINCT ON (street) street, town, lon, lat
FROM (SELECT id, street, town, lon, lat, avg(lon) OVER w AS middle_lon, avg(lat) OVER w AS middle_lat FROM places_spot
      WHERE source = %s AND kind = 'address' AND street <> '' WINDOW w AS (PARTITION BY street)) a
ORDER BY street, (lon - middle_lon) ^ 2 + (lat - middle_lat) ^ 2, id
"""

PLACE_ANEW = """
UPDATE places_spot s SET district_id = r.district, quarter_id = r.quarter
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS r(id, district, quarter)
WHERE s.id = r.id AND (s.district_id, s.quarter_id) IS DISTINCT FROM (r.district, r.quarter)
"""


@dataclass(slots=True)
class SpotReport:
    """What an import did, in numbers; `passed_over` lie in other municipalities or outside the city's map."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    passed_over: int = 0
    streets: int = 0


def import_spots(
    actor: "Actor",
    path: Path,
    *,
    source: str,
    licence: str = "",
    kind: SpotKind | None = None,
    whole: bool = False,
) -> SpotReport:
    """Read addresses, stops or sites from a file of the formats that `spot_files` knows.

    Args:
        source: whose data it is, shown with them; the same source replaces its own spots and nobody else's.
        kind: what the rows are, where the file does not say.
        whole: the file is all the source has, so its other spots are removed.

    Raises:
        Forbidden, SignInNeeded: without the right to import.
        Invalid, TooLarge: naming the file or the line; then nothing was changed.
    """
    actor.require(IMPORT_SPOTS)
    delivery = read_spots(Path(path), kind)
    return put_spots(
        actor, delivery.rows, source=source, licence=licence, whole=whole, gone=delivery.gone,
        passed_over=delivery.passed_over,
    )  # fmt: skip


@transaction.atomic
def put_spots(
    actor: "Actor",
    rows: Sequence[SpotRow],
    *,
    source: str,
    licence: str = "",
    whole: bool = False,
    gone: Sequence[str] = (),
    passed_over: int = 0,
) -> SpotReport:
    """Put these spots in place of those with the same external ids of the source; `gone` are ids to remove.

    Streets are derived from the addresses. The same rows twice change nothing.

    Raises:
        Forbidden, SignInNeeded, Invalid: when the source is missing or no row lies in the city.
    """
    actor.require(IMPORT_SPOTS)
    if not source.strip() or len(source) > 200 or len(licence) > 200:
        message = gettext("Die Herkunft der Daten fehlt oder ist länger als 200 Zeichen.")
        raise Invalid(message, fields=(FieldError("source", message),))
    if source.strip() in registry.spot_sources:
        message = gettext("Orte von „%(source)s“ führt die Plattform selbst.") % {"source": source.strip()}
        raise Invalid(message, fields=(FieldError("source", message),))
    if not any(map(_is_inside, rows)) and not gone and not whole:
        raise Invalid(
            gettext("Keiner der Orte der Datei liegt in %(city)s. Stimmt das Koordinatensystem?")
            % {"city": current().name}
        )
    report = replace_spots(rows, source=source.strip(), licence=licence.strip(), whole=whole, gone=gone)
    report.passed_over += passed_over
    tell_spots(actor, report)
    return report


def replace_spots(
    rows: Sequence[SpotRow], *, source: str, licence: str = "", whole: bool = False, gone: Sequence[str] = ()
) -> SpotReport:
    """The writing alone, for verbs that asked for the right and tell what was done; in their transaction."""
    inside = [row for row in rows if _is_inside(row)]
    report = SpotReport(passed_over=len(rows) - len(inside))
    _put(inside, source, licence, report)
    _remove(inside, source, whole, gone, report)
    report.streets = _derive_streets(source, licence)
    return report


def tell_spots(actor: "Actor", report: SpotReport) -> None:
    """Write what was done into the audit, and tell the fact after commit."""
    told = {"added": report.added, "changed": report.changed, "removed": report.removed}
    record(actor, "import_spots", "places:spots", told)
    publish(SpotsImported(added=report.added, changed=report.changed, removed=report.removed))


def _is_inside(row: SpotRow) -> bool:
    west, south, east, north = current().bbox
    return west <= row.lon <= east and south <= row.lat <= north


def assign_spots(event: AreasImported) -> None:
    """Outlines changed: every spot is laid into its district and quarter again."""
    del event
    with transaction.atomic():
        found = list(Spot.objects.order_by("id").values_list("id", "lon", "lat"))
        for start in range(0, len(found), IN_ONE_STATEMENT):
            part = found[start : start + IN_ONE_STATEMENT]
            districts, quarters = _areas_of([(lon, lat) for _, lon, lat in part])
            with connection.cursor() as cursor:
                cursor.execute(PLACE_ANEW, [[number for number, *_ in part], districts, quarters])


def _put(rows: Sequence[SpotRow], source: str, licence: str, report: SpotReport) -> None:
    for start in range(0, len(rows), IN_ONE_STATEMENT):
        part = rows[start : start + IN_ONE_STATEMENT]
        districts, quarters = _areas_of([(row.lon, row.lat) for row in part])
        columns: list[Any] = [
            [str(row.kind) for row in part],
            [row.name for row in part],
            [row.street for row in part],
            [row.house_number for row in part],
            [row.postcode for row in part],
            [row.town for row in part],
            [fold_words(f"{row.name} {row.postcode} {row.town}") for row in part],
            [row.lon for row in part],
            [row.lat for row in part],
            districts,
            quarters,
            [row.external_id for row in part],
            [row.is_simulated for row in part],
        ]
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [source, licence, timezone.now(), *columns])
            written = [is_new for (is_new,) in cursor.fetchall()]
        report.added += sum(written)
        report.changed += len(written) - sum(written)


def _remove(
    rows: Iterable[SpotRow], source: str, whole: bool, gone: Sequence[str], report: SpotReport
) -> None:
    old = Spot.objects.filter(source=source).exclude(external_id__startswith=STREET_ID)
    with connection.cursor() as cursor:
        if whole:
            cursor.execute(
                "DELETE FROM places_spot WHERE source = %s AND NOT starts_with(external_id, %s)"
                " AND external_id NOT IN (SELECT unnest(%s::text[]))",
                [source, STREET_ID, [row.external_id for row in rows]],
            )
            report.removed = cursor.rowcount
    if gone:
        report.removed += old.filter(external_id__in=gone).delete()[0]


def _derive_streets(source: str, licence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STREETS, [source])
        streets = [
            SpotRow(SpotKind.STREET, name, name, "", "", town, lon, lat, f"{STREET_ID}{fold_words(name)}")
            for name, town, lon, lat in cursor.fetchall()
        ]
    once = list({row.external_id: row for row in streets}.values())
    _put(once, source, licence, SpotReport())
    Spot.objects.filter(source=source, external_id__startswith=STREET_ID).exclude(
        external_id__in=[row.external_id for row in once]
    ).delete()
    return len(once)


def _areas_of(points: Sequence[tuple[float, float]]) -> tuple[list[int | None], list[int | None]]:
    districts = [area.id if area else None for area in assign(points, PlaceKind.DISTRICT)]
    quarters = [area.id if area else None for area in assign(points, PlaceKind.QUARTER)]
    return districts, quarters
