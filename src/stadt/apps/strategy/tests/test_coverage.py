"""Proven coverage of a radio network."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.coverage import proven_coverage

TOWN = shapely.box(10.0, 53.0, 10.06, 53.04)
PLACES = st.lists(st.tuples(st.floats(9.9, 10.2), st.floats(52.9, 53.1)), max_size=30)


def test_no_device_proves_nothing() -> None:
    found = proven_coverage(TOWN, [])

    assert found.covered_km2 == 0
    assert found.whole_km2 == pytest.approx(17.9, abs=0.1)  # 4.02 km by 4.45 km


def test_one_device_proves_one_cell_and_two_in_it_no_more() -> None:
    one = proven_coverage(TOWN, [(10.03, 53.02)])

    assert one.covered_km2 == pytest.approx(1.0)
    assert proven_coverage(TOWN, [(10.03, 53.02), (10.0301, 53.02)]).covered_km2 == one.covered_km2


def test_devices_outside_the_town_do_not_count() -> None:
    assert proven_coverage(TOWN, [(10.5, 53.5)]).covered_km2 == 0


@given(devices=PLACES, more=PLACES)
def test_coverage_grows_with_devices_and_never_exceeds_the_town(
    devices: list[tuple[float, float]], more: list[tuple[float, float]]
) -> None:
    some, all_of_them = proven_coverage(TOWN, devices), proven_coverage(TOWN, devices + more)

    assert 0 <= some.covered_km2 <= all_of_them.covered_km2 + 1e-9
    assert all_of_them.covered_km2 <= all_of_them.whole_km2 + 1e-9
