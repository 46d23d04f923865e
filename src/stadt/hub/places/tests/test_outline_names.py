"""Names, codes and shapes of outlines."""

from datetime import date

import pytest
import shapely

from stadt.hub.places.outline_names import read_name
from stadt.hub.places.outline_shapes import UnfitShapeError, area_in_m2, fit_outline, overlap


def test_vg250_properties_are_understood() -> None:
    name = read_name({"GEN": "Musterstadt", "AGS": "05999000", "WSK": "2002/11/01", "BEZ": "Stadt"})

    assert (name.name, name.code, name.municipality) == ("Musterstadt", "05999000", "05999000")
    assert name.valid_from == date(2002, 11, 1)


def test_the_named_property_wins() -> None:
    assert read_name({"name": "falsch", "Quartier": "richtig"}, "Quartier").name == "richtig"


def test_numbers_become_codes_and_empty_texts_do_not_count() -> None:
    name = read_name({"NAME": "  ", "Stadtteil": " Buer ", "NR": 12})

    assert (name.name, name.code, name.valid_from) == ("Buer", "12", None)


def test_a_small_self_crossing_is_repaired() -> None:
    square_with_spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0.5, 1), (0.5, 1.1), (0.5, 1), (0, 1)])

    assert fit_outline(square_with_spike).is_valid
    assert fit_outline(square_with_spike).area == pytest.approx(1)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "überschneidet sich"),
        (shapely.Point(7, 51), "keine Fläche"),
        (shapely.from_wkt("POLYGON ((0 0, 1 91, 1 1, 0 0))"), "keine Längen und Breiten"),
        (shapely.box(370000, 5700000, 380000, 5710000), "keine Längen und Breiten"),
    ],
)
def test_what_is_no_outline_is_refused(shape: shapely.Geometry, reason: str) -> None:
    with pytest.raises(UnfitShapeError, match=reason):
        fit_outline(shape)


def test_area_is_measured_on_the_ellipsoid() -> None:
    # one degree of longitude by one of latitude at the equator: 111.3195 km x 110.5744 km, within the curvature
    assert area_in_m2(shapely.box(0, 0, 1, 1)) == pytest.approx(12308.78e6, rel=1e-4)


def test_overlap_is_the_share_of_the_smaller_area() -> None:
    assert overlap(shapely.box(0, 0, 2, 2), shapely.box(0, 0, 1, 1)) == 1
    assert overlap(shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)) == 0
