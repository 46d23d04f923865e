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


def in_bbox() -> st.SearchStrategy[tuple[float, float]]:
    west, south, east, north = current().bbox
    return st.tuples(st.floats(west, east), st.floats(south, north))


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


def test_search_finds_areas_by_the_beginning_of_their_name() -> None:
    area = queries.list_areas(PlaceKind.QUARTER)[-1]

    assert area in queries.find_areas_by_words(area.name[:3].lower(), 50)
    assert queries.find_areas_by_words("  ", 5) == []
    assert queries.find_areas_by_words("xyzzy", 5) == []


def test_each_quarter_is_listed_below_its_district() -> None:
    for district in queries.list_areas(PlaceKind.DISTRICT):
        for quarter in queries.children(district):
            assert queries.find_parent(quarter) == district
    listed = [
        quarter
        for district in queries.list_areas(PlaceKind.DISTRICT)
        for quarter in queries.children(district)
    ]
    assert sorted(a.id for a in listed) == sorted(a.id for a in queries.list_areas(PlaceKind.QUARTER))
