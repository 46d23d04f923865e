"""Writes of places: reading outlines from files, all of a file or nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from stadt.core.audit import record
from stadt.core.city import City, current
from stadt.core.errors import FieldError, Invalid
from stadt.core.events import publish
from stadt.core.german import german_slug, german_sort_key
from stadt.core.manifest import Permission
from stadt.hub.places.events import AreasImported
from stadt.hub.places.models import AREA_KINDS, Place, PlaceKind
from stadt.hub.places.outline_files import OutlineFeature, read_outlines
from stadt.hub.places.outline_names import OutlineName, read_name
from stadt.hub.places.outline_shapes import UnfitShapeError, area_in_m2, fit_outline, overlap

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor

IMPORT_AREAS = Permission("places.import", "Gebietsumrisse einlesen")
SAME_AREA_OVERLAP = 0.5
"""Two areas of one kind that share more than half of the smaller one are the same area under two names."""


@dataclass(slots=True)
class ImportReport:
    """What an import did: names of added and replaced areas, and how many other municipalities were passed over."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class _Outline:
    number: int
    kind: PlaceKind
    name: OutlineName
    title: str
    shape: BaseGeometry


def import_areas(
    actor: "Actor",
    path: Path,
    *,
    kind: PlaceKind | None = None,
    name_property: str | None = None,
    source: str = "",
    licence: str = "",
) -> ImportReport:
    """Read the outlines of a GeoJSON, GeoPackage or Shapefile and put them in place of those with the same code or name.

    Args:
        kind: what the areas are; None takes it from the file or from the areas already known.
        name_property: the property that holds the name, when it is none of the usual ones.
        source, licence: attribution that is shown with the outlines.

    Raises:
        Forbidden, SignInNeeded: without the right to import.
        Invalid, TooLarge: naming the file or the feature; then nothing was changed.
    """
    actor.require(IMPORT_AREAS)
    features = read_outlines(Path(path))
    with transaction.atomic():
        known = list(Place.objects.select_for_update().filter(kind__in=AREA_KINDS).order_by("id"))
        report, ids, kinds = _put(features, known, kind, name_property, (source, licence))
        record(
            actor,
            "import_areas",
            f"places:{','.join(sorted(kinds))}",
            {"added": len(report.added), "replaced": len(report.replaced), "ids": ids},
        )
        publish(AreasImported(kinds=tuple(sorted(kinds)), place_ids=tuple(ids)))
    return report


def seed_city_areas(actor: "Actor") -> int:
    """Load the simplified outlines of the city's own folder when there are no areas yet; returns how many."""
    path = current().folder / "areas.geojson"
    if not path.is_file() or Place.objects.filter(kind__in=AREA_KINDS).exists():
        return 0
    report = import_areas(
        actor,
        path,
        source=f"{current().name}: vereinfachte, von Hand gezeichnete Umrisse",
        licence="EUPL-1.2",
    )
    return len(report.added)


def _put(
    features: list[OutlineFeature],
    known: list[Place],
    kind: PlaceKind | None,
    name_property: str | None,
    attribution: tuple[str, str],
) -> tuple[ImportReport, list[int], set[str]]:
    city = current()
    report = ImportReport()
    outlines = []
    for feature in features:
        name = read_name(feature.properties, name_property)
        if name.municipality and name.municipality != city.ags:
            report.passed_over += 1
            continue
        outlines.append(_outline(feature, name, kind, known, city))
    if not outlines:
        raise Invalid(f"Keines der {len(features)} Gebiete der Datei gehört zu {city.name} ({city.ags}).")
    merged = _merge(outlines)
    matches = [_match(outline, known) for outline in merged]
    _check_overlaps(merged, matches, known)
    ids = []
    for outline, match in sorted(
        zip(merged, matches, strict=True), key=lambda pair: AREA_KINDS.index(pair[0].kind)
    ):
        place = match or Place(kind=outline.kind, key=_free_key(outline, known), name=outline.title)
        (report.replaced if match else report.added).append(outline.title)
        _fill(place, outline, known, attribution)
        place.save()
        if match is None:
            known.append(place)
        ids.append(place.pk)
    return report, ids, {str(outline.kind) for outline in merged}


def _outline(
    feature: OutlineFeature, name: OutlineName, kind: PlaceKind | None, known: list[Place], city: City
) -> _Outline:
    title = name.name
    if not title:
        raise _refusal(
            feature.number,
            "",
            "hat keinen Namen; nennen Sie die Eigenschaft, die ihn enthält (--name-property)",
        )
    try:
        shape = fit_outline(feature.geometry)
    except UnfitShapeError as reason:
        raise _refusal(feature.number, title, str(reason)) from None
    if not shapely.box(*city.bbox).intersects(shape):
        raise _refusal(
            feature.number, title, f"liegt außerhalb von {city.name}; stimmt das Koordinatensystem?"
        )
    decided = kind or _find_kind(name, known, city)
    if decided is None:
        raise _refusal(
            feature.number,
            title,
            "lässt nicht erkennen, ob es Stadt, Stadtbezirk oder Stadtteil ist (--kind)",
        )
    if decided not in AREA_KINDS:
        raise _refusal(feature.number, title, "kann nur Stadt, Stadtbezirk oder Stadtteil sein")
    return _Outline(feature.number, decided, name, title, shape)


def _find_kind(name: OutlineName, known: list[Place], city: City) -> PlaceKind | None:
    if name.kind:
        return PlaceKind(name.kind) if name.kind in PlaceKind.values else None
    if name.municipality == city.ags:
        return PlaceKind.CITY
    wanted = _comparable(name.name)
    kinds = {
        place.kind
        for place in known
        if (name.code and place.code == name.code) or _comparable(place.name) == wanted
    }
    return PlaceKind(kinds.pop()) if len(kinds) == 1 else None


def _merge(outlines: list[_Outline]) -> list[_Outline]:
    """VG250 has several rows for one municipality (land, water): rows of one official code become one outline."""
    merged: dict[tuple[str, str], _Outline] = {}
    for outline in outlines:
        place = (outline.kind, _comparable(outline.title))
        other = merged.get(place)
        if other is None:
            merged[place] = outline
        elif outline.name.municipality and outline.name.municipality == other.name.municipality:
            shape = fit_outline(other.shape.union(outline.shape))
            merged[place] = _Outline(other.number, other.kind, other.name, other.title, shape)
        else:
            raise _refusal(
                outline.number, outline.title, f"steht schon als Merkmal {other.number} in der Datei"
            )
    return list(merged.values())


def _match(outline: _Outline, known: list[Place]) -> Place | None:
    alike = [place for place in known if place.kind == outline.kind]
    for place in alike:
        if outline.name.code and place.code == outline.name.code:
            return place
    wanted = _comparable(outline.title)
    return next((place for place in alike if _comparable(place.name) == wanted), None)


def _check_overlaps(outlines: list[_Outline], matches: list[Place | None], known: list[Place]) -> None:
    """A new area must not lie on one that stays: that would be one area under two names."""
    replaced = {match.pk for match in matches if match}
    staying = [
        (place, shapely.from_wkb(bytes(place.geometry))) for place in known if place.pk not in replaced
    ]
    for outline, match in zip(outlines, matches, strict=True):
        if match is not None:
            continue
        for place, shape in staying:
            if place.kind == outline.kind and overlap(outline.shape, shape) > SAME_AREA_OVERLAP:
                reason = (
                    f"liegt auf dem vorhandenen Gebiet „{place.name}“; gleichen Sie Namen oder Schlüssel an"
                )
                raise _refusal(outline.number, outline.title, reason)


def _fill(place: Place, outline: _Outline, known: list[Place], attribution: tuple[str, str]) -> None:
    shape = outline.shape
    inside = shape.point_on_surface()
    place.geometry = shapely.to_wkb(shape)
    place.west, place.south, place.east, place.north = shape.bounds
    place.lon, place.lat = inside.x, inside.y
    place.area_m2 = area_in_m2(shape)
    place.simplified = outline.name.simplified
    place.source, place.licence = attribution
    place.sort_key = german_sort_key(place.name)
    place.code = outline.name.code or place.code
    place.valid_from = outline.name.valid_from or place.valid_from
    if place.parent_id is None:
        place.parent = _find_parent(outline, known)


def _find_parent(outline: _Outline, known: list[Place]) -> Place | None:
    if outline.kind is PlaceKind.CITY:
        return None
    if outline.name.parent:
        named = next((place for place in known if place.key == outline.name.parent), None)
        if named is None:
            raise _refusal(
                outline.number, outline.title, f"nennt ein unbekanntes Obergebiet „{outline.name.parent}“"
            )
        return named
    inside = outline.shape.point_on_surface()
    above = AREA_KINDS[: AREA_KINDS.index(outline.kind)]
    for kind in reversed(above):
        for place in known:
            if place.kind == kind and shapely.from_wkb(bytes(place.geometry)).intersects(inside):
                return place
    return None


def _free_key(outline: _Outline, known: list[Place]) -> str:
    taken = {place.key for place in known}
    wished = outline.name.key or german_slug(outline.title) or str(outline.kind)
    if wished not in taken:
        return wished
    named = f"{outline.kind}-{wished}"[:80]
    if named in taken:
        raise _refusal(outline.number, outline.title, f"bekäme den Schlüssel „{named}“, den es schon gibt")
    return named


def _comparable(name: str) -> str:
    return german_sort_key(name).split("\x01")[0]


def _refusal(number: int, title: str, reason: str) -> Invalid:
    shown = f"Merkmal {number} („{title}“)" if title else f"Merkmal {number}"
    return Invalid(f"{shown} {reason}.", fields=(FieldError(f"features[{number - 1}]", reason),))
