"""Checks and shows units by their UCUM code (ucum.org, case-sensitive form), as far as sensors need them."""

import re

_PREFIXES = ("Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f")
_METRIC = (
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb",
    "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "l", "L", "ar", "t", "bar", "u", "eV", "B", "Np", "kat", "By",
    "bit", "Wh", "VA", "var",
)  # fmt: skip
_OTHER = (
    "1", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "deg", "'", "''", "gon", "min", "h", "d", "wk", "mo", "a",
    "[degF]", "[in_i]", "[ft_i]", "[mi_i]", "[nmi_i]", "[kn_i]", "[pH]", "mm[Hg]", "m[H2O]", "atm", "B[SPL]",
    "dB[SPL]", "dB[W]", "dB[mW]", "[NTU]", "10*",
)  # fmt: skip
_ATOMS = {*_METRIC, *_OTHER, *(prefix + unit for prefix in _PREFIXES for unit in _METRIC)}
_COMPONENT = re.compile(
    r"(10\*[+-]?\d+|\[[A-Za-z0-9_]+\]|[A-Za-z%'*]+(?:\[[A-Za-z0-9_]+\])?|\d+)([+-]?\d+)?(\{[\x21-\x7a|~]+\})?"
)
_ANNOTATION = re.compile(r"\{[\x21-\x7a|~]+\}")

SYMBOLS = {
    "1": "", "Cel": "°C", "K": "K", "ug/m3": "µg/m³", "mg/m3": "mg/m³", "[ppm]": "ppm", "[ppb]": "ppb", "deg": "°",
    "dB[SPL]": "dB", "m3": "m³", "m2": "m²", "m3/h": "m³/h", "m3/s": "m³/s", "l/min": "l/min",
    "W/m2": "W/m²", "Ohm": "Ω", "uS/cm": "µS/cm", "hPa": "hPa", "m/s": "m/s", "km/h": "km/h", "[pH]": "pH",
    "[NTU]": "NTU", "Wh": "Wh", "kWh": "kWh", "L": "l",
}  # fmt: skip
"""How common codes are written on screen; any other is written as its code with its exponents raised."""

_RAISED = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")


def is_ucum(code: str) -> bool:
    """Whether the text is a UCUM expression of atoms joined by `.` and `/`, such as `ug/m3`, `m.s-2` or `{count}`."""
    if not code or len(code) > 40 or code != code.strip():
        return False
    parts = re.split(r"[./]", code.removeprefix("/"))
    return all(_is_component(part) for part in parts)


def _is_component(text: str) -> bool:
    if _ANNOTATION.fullmatch(text):
        return True
    found = _COMPONENT.fullmatch(text)
    if found is None:
        return False
    atom = found[1]
    return atom in _ATOMS or atom.isdigit() or atom.startswith("10*")


def symbol_of(code: str) -> str:
    """The unit as people write it: `µg/m³` for `ug/m3`, nothing for the unit 1."""
    if code in SYMBOLS:
        return SYMBOLS[code]
    text = re.sub(r"(?<=[A-Za-z\]])[+-]?\d+", lambda match: match[0].translate(_RAISED), code)
    return _ANNOTATION.sub("", text).replace(".", "·")
