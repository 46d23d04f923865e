"""UCUM codes as people write them."""

SHOWN = {
    "1": "",
    "%": "%",
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "Cel": "°C",
    "km2": "km²",
    "m2": "m²",
    "m3": "m³",
    "kW.h": "kWh",
    "MW.h": "MWh",
    "{EUR}": "€",
    "dB[A]": "dB(A)",
    "dB": "dB",
    "dB[SPL]": "dB",
    "L": "l",
    "h": "Std.",
    "min": "Min.",
    "s": "s",
    "d": "Tage",
    "{count}": "",
}


def on_screen(code: str) -> str:
    """A unit as it is written beside a number; unknown codes stand as they are."""
    return SHOWN.get(code, code)
