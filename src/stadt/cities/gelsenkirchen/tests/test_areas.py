"""The city's simplified outlines and the official ones that replace them."""

import json
import os
import tomllib
from pathlib import Path

import pytest
import shapely

import outlines
from stadt.core.people.actor import Actor
from stadt.hub.places import queries
from stadt.hub.places.models import Place, PlaceKind
from stadt.hub.places.services import import_areas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_areas")]

ACTOR = Actor.system("test")
SHARED_DATA = Path(
    os.environ.get("STADT_SHARED_DATA", Path(__file__).resolve().parents[6] / "shared" / "data")
)
BOUNDARIES = SHARED_DATA / "boundaries"
needs_boundaries = pytest.mark.skipif(not BOUNDARIES.is_dir(), reason="../shared/data/boundaries is not here")

KNOWN_POINTS = {
    (7.0626, 51.5547): "Erle",  # arena
    (7.0224, 51.5358): "Horst",  # Schloss Horst
    (7.0676, 51.5676): "Buer",  # Schloss Berge
    (7.1111, 51.5377): "Bismarck",  # zoo
    (7.0665, 51.6115): "Hassel",  # station
    (7.0890, 51.4926): "Rotthausen",  # station
    (7.1224, 51.4935): "Ückendorf",  # Ückendorfer Platz
    (7.0880, 51.5223): "Schalke",  # Schalker Markt
    (7.0842, 51.5286): "Schalke-Nord",  # Schalker Meile
    (7.1106, 51.5136): "Bulmke-Hüllen",  # Bulmker Kirche
    (7.0619, 51.5210): "Heßler",  # Jahnplatz
    (7.0644, 51.5042): "Feldmark",  # Revierpark Nienhausen
    (7.1064, 51.5813): "Resse",  # Am Markt
    (7.1320, 51.5653): "Resser Mark",  # Wiedehopfstraße
    (7.0351, 51.5975): "Scholven",  # refinery
    (7.0413, 51.5484): "Beckhausen",  # Buer-Süd station
    (7.1045, 51.5032): "Neustadt",  # Neustadtplatz
    (7.0943, 51.5101): "Altstadt",  # Heinrich-König-Platz
}


def test_known_squares_and_stations_lie_in_their_quarter() -> None:
    found = queries.assign(list(KNOWN_POINTS), PlaceKind.QUARTER)

    assert {point: area.name for point, area in zip(KNOWN_POINTS, found, strict=True) if area} == KNOWN_POINTS


def test_the_city_has_five_districts_and_eighteen_quarters() -> None:
    assert len(queries.list_areas(PlaceKind.CITY)) == 1
    assert [area.key for area in queries.list_areas(PlaceKind.DISTRICT)] == [
        "mitte",
        "nord",
        "ost",
        "sued",
        "west",
    ]
    assert len(queries.list_areas(PlaceKind.QUARTER)) == 18
    north = queries.get_area("nord")
    assert [area.name for area in queries.children(north)] == ["Buer", "Hassel", "Scholven"]


def test_search_finds_quarters_by_the_beginning_without_umlauts() -> None:
    assert [area.name for area in queries.find_areas_by_words("ucken", 5)] == ["Ückendorf"]
    assert [area.name for area in queries.find_areas_by_words("Schalke", 5)] == ["Schalke", "Schalke-Nord"]
    assert queries.find_areas_by_words("  ", 5) == []


@needs_boundaries
class TestOfficialFiles:
    def test_the_official_outline_replaces_the_drawn_one(self) -> None:
        drawn = queries.find_city()
        assert drawn is not None
        shape = shapely.from_wkb(bytes(Place.objects.get(pk=drawn.id).geometry))

        report = import_areas(ACTOR, BOUNDARIES / "gelsenkirchen_vg250.geojson", source="© GeoBasis-DE / BKG")

        official = queries.find_city()
        assert official is not None
        assert (official.id, official.code, official.simplified) == (drawn.id, "05513000", False)
        assert report.replaced == ["Gelsenkirchen"]
        assert official.area_m2 == pytest.approx(105e6, rel=0.01)
        outline = shapely.from_wkb(bytes(Place.objects.get(pk=drawn.id).geometry))
        assert outline.intersection(shape).area / outline.union(shape).area > 0.9
        assert str(Place.objects.get(pk=drawn.id).valid_from) == "2002-11-01"

    def test_of_a_regions_file_only_the_city_is_taken(self) -> None:
        report = import_areas(ACTOR, BOUNDARIES / "ruhrgebiet_gemeinden_vg250.geojson")

        assert report.replaced == ["Gelsenkirchen"]
        assert report.passed_over == 52
        assert Place.objects.filter(kind=PlaceKind.CITY).count() == 1


def test_the_outlines_are_drawn_from_the_sketch() -> None:
    folder = Path(__file__).resolve().parents[1]
    drawn = outlines.draw(tomllib.loads((folder / "sketch.toml").read_text(encoding="utf-8")))
    kept = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))

    assert [f["properties"] for f in drawn["features"]] == [f["properties"] for f in kept["features"]]
    for one, other in zip(drawn["features"], kept["features"], strict=True):
        shape, known = shapely.geometry.shape(one["geometry"]), shapely.geometry.shape(other["geometry"])
        assert shape.symmetric_difference(known).area < 1e-6 * known.area
