"""Places inside the city, and kind words about those outside."""

import math

import pytest

from stadt.apps.issues.reporting import area
from stadt.core.city import City, current


@pytest.fixture
def towns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two neighbours, east and west of the city."""
    lon, lat = current().centre
    rows = [
        {"name": "Oststadt", "lon": lon + 0.1, "lat": lat},
        {"name": "Weststadt", "lon": lon - 0.1, "lat": lat},
    ]
    monkeypatch.setattr(City, "read_toml", lambda self, name: {"neighbour": rows})


@pytest.mark.usefixtures("areas")
def test_the_middle_of_the_city_is_inside() -> None:
    found = area.locate(*current().centre)
    assert found.is_inside
    assert found.district is not None


@pytest.mark.usefixtures("areas")
@pytest.mark.parametrize("point", [(0.0, 0.0), (math.nan, 51.0), (7.0, math.inf), (181.0, 0.0), (7.0, -91.0)])
def test_anywhere_else_is_outside(point: tuple[float, float]) -> None:
    assert not area.locate(*point).is_inside


@pytest.mark.django_db
def test_a_city_without_an_outline_refuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area, "find_city", lambda: None)
    assert area.locate(1.0, 2.0).is_inside


@pytest.mark.usefixtures("towns")
def test_the_nearest_neighbour_is_named() -> None:
    lon, lat = current().centre
    assert "Oststadt" in area.outside_text(lon + 0.08, lat)
    assert "Weststadt" in area.outside_text(lon - 0.08, lat)


@pytest.mark.usefixtures("towns")
def test_far_away_nobody_is_named() -> None:
    assert area.find_neighbour(0.0, 0.0) == ""
    assert current().name in area.outside_text(0.0, 0.0)


def test_a_city_that_names_no_neighbours_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(City, "read_toml", lambda self, name: {})
    assert current().name in area.outside_text(0.0, 0.0)


def test_a_hundredth_of_a_degree_north_is_about_a_kilometre() -> None:
    assert area.distance(7.0, 51.0, 7.0, 51.01) == pytest.approx(1113, abs=2)


@pytest.mark.usefixtures("areas")
def test_a_point_is_described_by_its_area() -> None:
    near = area.describe(*current().centre)
    assert near.is_inside
    assert near.text
    assert not area.describe(0.0, 0.0).is_inside
