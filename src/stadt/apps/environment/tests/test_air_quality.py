"""The index of the German Environment Agency, class by class and at every boundary."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.environment.air_quality import BANDS_2019, CURRENT, VERSIONS, AirClass, Bands

PRINTED = {  # the table as published: the smallest and greatest value of each class
    "pm10": [(0, 9), (10, 27), (28, 54), (55, 90), (91, None)],
    "pm2-5": [(0, 5), (6, 15), (16, 30), (31, 50), (51, None)],
    "o3": [(0, 24), (25, 72), (73, 144), (145, 240), (241, None)],
    "no2": [(0, 10), (11, 30), (31, 60), (61, 100), (101, None)],
    "so2": [(0, 10), (11, 30), (31, 60), (61, 100), (101, None)],
}
PRINTED_2019 = {
    "pm10": [(0, 20), (21, 35), (36, 50), (51, 100), (101, None)],
    "pm2-5": [(0, 10), (11, 20), (21, 25), (26, 50), (51, None)],
    "o3": [(0, 60), (61, 120), (121, 180), (181, 240), (241, None)],
    "no2": [(0, 20), (21, 40), (41, 100), (101, 200), (201, None)],
}


@pytest.mark.parametrize(("bands", "printed"), [(CURRENT, PRINTED), (BANDS_2019, PRINTED_2019)])
def test_each_printed_boundary_belongs_to_its_class(
    bands: Bands, printed: dict[str, list[tuple[int, int | None]]]
) -> None:
    assert bands.upper.keys() == printed.keys()
    for pollutant, classes in printed.items():
        for number, (lowest, greatest) in enumerate(classes, start=1):
            assert bands.class_of(pollutant, lowest) == number
            assert bands.class_of(pollutant, 10_000 if greatest is None else greatest) == number


@pytest.mark.parametrize(
    ("value", "number"), [(9.49, 1), (9.5, 2), (27.49, 2), (27.5, 3), (90.49, 4), (90.5, 5)]
)
def test_values_are_rounded_to_the_whole_numbers_of_the_table(value: float, number: int) -> None:
    assert CURRENT.class_of("pm10", value) == number


def test_the_two_versions_differ_where_the_revision_is_stricter() -> None:
    assert VERSIONS["current"].class_of("no2", 20) is AirClass.GOOD
    assert VERSIONS["2019"].class_of("no2", 20) is AirClass.VERY_GOOD


def test_the_worst_pollutant_decides() -> None:
    assert CURRENT.index({"pm10": 5, "pm2-5": 16, "no2": 12}) == (AirClass.MODERATE, "pm2-5")


def test_of_two_in_the_same_class_the_one_further_through_it_is_named() -> None:
    assert CURRENT.index({"pm10": 11, "no2": 29}) == (AirClass.GOOD, "no2")


def test_without_any_mean_there_is_no_index() -> None:
    assert CURRENT.index({"pm10": None, "no2": None}) is None
    assert CURRENT.index({}) is None


@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_what_is_no_concentration_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no concentration"):
        CURRENT.class_of("pm10", value)


def test_every_class_has_a_word_and_a_colour() -> None:
    assert len({number.title for number in AirClass}) == 5
    assert all(number.state for number in AirClass)


@given(
    pollutant=st.sampled_from(sorted(CURRENT.upper)), low=st.floats(0, 2000), more=st.floats(0, 2000),
)  # fmt: skip
def test_more_of_a_pollutant_is_never_better(pollutant: str, low: float, more: float) -> None:
    assert CURRENT.class_of(pollutant, low) <= CURRENT.class_of(pollutant, low + more)
