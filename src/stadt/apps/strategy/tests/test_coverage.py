"""Proven coverage of a radio network."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.coverage import CELL_HEIGHT, cell_width, proven_coverage

TOWN = shapely.box(10.0, 53.0, 10.06, 53.04)
CELLS = st.lists(st.tuples(st.integers(660, 680), st.integers(5885, 5900)), max_size=30)


def cell_of(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon / cell_width(TOWN)), math.floor(lat / CELL_HEIGHT)


def test_no_device_proves_nothing() -> None:
    found = proven_coverage(TOWN, [])

    assert found.covered_km2 == 0
    assert found.whole_km2 == pytest.approx(4.02 * 4.45, rel=0.01)


def test_a_device_proves_about_one_square_kilometre_and_two_in_a_cell_no_more() -> None:
    one = proven_coverage(TOWN, [cell_of(10.03, 53.02)])

    assert one.covered_km2 == pytest.approx(1.0, rel=0.02)
    assert proven_coverage(TOWN, [cell_of(10.03, 53.02)] * 2) == one


def test_cells_outside_the_town_do_not_count() -> None:
    assert proven_coverage(TOWN, [cell_of(10.5, 53.5)]).covered_km2 == 0


@given(cells=CELLS, more=CELLS)
def test_coverage_grows_with_cells_and_never_exceeds_the_town(
    cells: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    some, all_of_them = proven_coverage(TOWN, cells), proven_coverage(TOWN, cells + more)

    assert 0 <= some.covered_km2 <= all_of_them.covered_km2 + 1e-9
    assert all_of_them.covered_km2 <= all_of_them.whole_km2 + 1e-9
