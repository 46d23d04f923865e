"""Units are UCUM codes, shown as people write them."""

import pytest

from stadt.hub.ingest.units import is_ucum, symbol_of


@pytest.mark.parametrize(
    "code",
    [
        "1",
        "%",
        "Cel",
        "ug/m3",
        "mg/m3",
        "dB[SPL]",
        "m.s-2",
        "kW.h",
        "{vehicles}",
        "1/min",
        "/min",
        "[ppm]",
        "hPa",
        "lx",
    ],
)
def test_codes_of_ucum_are_known(code: str) -> None:
    assert is_ucum(code)


@pytest.mark.parametrize(
    "text", ["", "°C", "µg/m³", "ppm", "C", "foo", "Cel ", "ug//m3", "{unclosed", "m" * 41, "km h"]
)
def test_other_texts_are_no_units(text: str) -> None:
    assert not is_ucum(text) or text == "C"  # C alone is the coulomb


@pytest.mark.parametrize(
    ("code", "symbol"),
    [("ug/m3", "µg/m³"), ("Cel", "°C"), ("1", ""), ("%", "%"), ("m.s-2", "m·s⁻²"), ("{vehicles}", "")],
)
def test_units_are_shown_as_people_write_them(code: str, symbol: str) -> None:
    assert symbol_of(code) == symbol
