"""What lies where."""

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.hub.places import queries
from stadt.hub.places.models import Place, PlaceKind
from stadt.hub.places.outline_index import current_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_areas")]

needs_gelsenkirchen = pytest.mark.skipif(
    "current().key != 'gelsenkirchen'", reason="names quarters of Gelsenkirchen, another city is set"
)


def in_bbox() -> st.SearchStrategy[tuple[float, float]]:
    west, south, east, north = current().bbox
    return st.tuples(st.floats(west, east), st.floats(south, north))


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


@needs_gelsenkirchen
def test_known_squares_and_stations_lie_in_their_quarter() -> None:
    found = queries.assign(list(KNOWN_POINTS), PlaceKind.QUARTER)

    assert {point: area.name for point, area in zip(KNOWN_POINTS, found, strict=True) if area} == KNOWN_POINTS


@needs_gelsenkirchen
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


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_point_of_the_city_lies_in_one_quarter_whose_parent_is_its_district(
    data: st.DataObject,
) -> None:
    point = data.draw(in_bbox())
    city = queries.find_city()
    assert city is not None
    shapes = current_index().shapes
    is_inside = shapes[city.id].covers(shapely.Point(point))

    quarter = queries.find_place_at(*point)
    district = queries.find_place_at(*point, PlaceKind.DISTRICT)

    assert (quarter is not None) == is_inside
    assert (district is not None) == is_inside
    if quarter and district:
        assert quarter.parent_id == district.id
        owners = [
            a
            for a in queries.list_areas(PlaceKind.QUARTER)
            if shapes[a.id].contains_properly(shapely.Point(point))
        ]
        assert len(owners) <= 1


def test_points_on_shared_borders_lie_in_one_quarter_of_their_district() -> None:
    corners = shapely.get_coordinates(
        [current_index().shapes[a.id] for a in queries.list_areas(PlaceKind.QUARTER)]
    )
    points = [(float(x), float(y)) for x, y in corners]

    quarters = queries.assign(points, PlaceKind.QUARTER)
    districts = queries.assign(points, PlaceKind.DISTRICT)

    for quarter, district in zip(quarters, districts, strict=True):
        assert quarter is not None
        assert district is not None
        assert quarter.parent_id == district.id


def test_a_point_outside_the_city_lies_nowhere() -> None:
    assert queries.find_place_at(0.0, 0.0) is None
    assert queries.assign([(0.0, 0.0), queries.list_areas(PlaceKind.QUARTER)[0].point])[0] is None


def test_assigning_no_points_gives_nothing() -> None:
    assert queries.assign([]) == []


def test_only_areas_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="no area"):
        queries.assign([(7.0, 51.5)], PlaceKind.SITE)


def test_many_points_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    queries.find_city()

    with django_assert_num_queries(1):
        queries.assign([(7.0, 51.5)] * 1000)


def test_a_changed_name_is_seen_at_once() -> None:
    quarter = queries.list_areas(PlaceKind.QUARTER)[0]
    place = Place.objects.get(pk=quarter.id)
    place.name = "Umbenannt"
    place.save()

    assert queries.get_area(quarter.key).name == "Umbenannt"
    assert "Umbenannt" in queries.outlines(PlaceKind.QUARTER).body.decode()


def test_outlines_are_rounded_geojson_that_says_simplified() -> None:
    collection = queries.as_geojson(PlaceKind.QUARTER)

    assert len(collection["features"]) == len(queries.list_areas(PlaceKind.QUARTER))
    for feature in collection["features"]:
        assert feature["properties"]["simplified"] is True
        numbers = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
        assert (numbers == numbers.round(6)).all()
    assert queries.as_geojson(PlaceKind.QUARTER) is collection


def test_quarters_fill_the_city_without_gap_or_overlap() -> None:
    city = queries.find_city()
    assert city is not None
    shapes = current_index().shapes
    quarters = [shapes[area.id] for area in queries.list_areas(PlaceKind.QUARTER)]

    assert shapely.coverage_is_valid(quarters)
    assert shapely.union_all(quarters).symmetric_difference(shapes[city.id]).area < 1e-9


def test_an_unknown_area_is_not_found() -> None:
    with pytest.raises(NotFound, match="atlantis"):
        queries.get_area("atlantis")


@needs_gelsenkirchen
def test_search_finds_quarters_by_the_beginning_without_umlauts() -> None:
    assert [area.name for area in queries.find_areas_by_words("ucken", 5)] == ["Ückendorf"]
    assert [area.name for area in queries.find_areas_by_words("Schalke", 5)] == ["Schalke", "Schalke-Nord"]
    assert queries.find_areas_by_words("  ", 5) == []
